package dev.tale.data;

import com.google.common.collect.ImmutableList;
import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The formats, each with the endings that name it. */
enum DataFormat {
  JSON_LINES(".jsonl", ".ndjson"),
  JSON(".json"),
  CSV(".csv"),
  TSV(".tsv"),
  PARQUET(".parquet");

  private final ImmutableList<String> endings;

  DataFormat(String... endings) {
    this.endings = ImmutableList.copyOf(endings);
  }

  static DataFormat of(Path file) throws DataFormatException {
    Path fileName = file.getFileName();
    String name = fileName == null ? "" : fileName.toString().toLowerCase(Locale.ROOT);
    for (DataFormat format : values()) {
      if (format.endings.stream().anyMatch(name::endsWith)) {
        return format;
      }
    }
    throw new DataFormatException(
        file, "The name does not say the format; rename the file to end in " + allEndings());
  }

  List<DataRow> read(Path file, List<String> columns) throws IOException {
    return switch (this) {
      case JSON_LINES -> JsonLines.read(file);
      case JSON -> JsonDocument.read(file);
      case CSV -> DelimitedText.read(file, ',', columns);
      case TSV -> DelimitedText.read(file, '\t', columns);
      case PARQUET -> ParquetTable.read(file);
    };
  }

  private static String allEndings() {
    return Arrays.stream(values())
        .flatMap(format -> format.endings.stream())
        .collect(Collectors.joining(", "));
  }
}
