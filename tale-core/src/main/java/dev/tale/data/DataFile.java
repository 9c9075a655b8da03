package dev.tale.data;

import dev.tale.files.RegularFile;
import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Reads a data file whole: every row, or an exception.
 *
 * <p>The name's ending says the format and the content must agree: {@code .jsonl} and {@code
 * .ndjson} (one object per line), {@code .json} (an array of objects, or an object with one such
 * array), {@code .csv} and {@code .tsv} (RFC 4180), {@code .parquet}. Text is UTF-8, with or
 * without a byte order mark; lines end with LF, CR LF or CR; blank lines are no rows.
 */
public final class DataFile {
  private DataFile() {}

  /**
   * Returns the rows of a file; the first row of a CSV or TSV file is its header.
   *
   * @throws DataFormatException if the file is not what its name says, is malformed, or holds no
   *     row
   * @throws IOException if the file cannot be read
   */
  public static List<DataRow> read(Path file) throws IOException {
    return read(file, List.of());
  }

  /**
   * Returns the rows of a file.
   *
   * @param columns names of the columns of a CSV or TSV file without a header; empty if there is a
   *     header; the other formats name their fields themselves
   * @throws DataFormatException if the file is not what its name says, is malformed, or holds no
   *     row
   * @throws IOException if the file cannot be read
   */
  public static List<DataRow> read(Path file, List<String> columns) throws IOException {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(columns, "columns");
    requireFile(file);
    DataFormat format = DataFormat.of(file);
    Content.check(file, format);
    List<DataRow> rows = format.read(file, List.copyOf(columns));
    if (rows.isEmpty()) {
      throw new DataFormatException(file, "The file holds no rows; fetch it again");
    }
    return Collections.unmodifiableList(rows);
  }

  private static void requireFile(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new DataFormatException(file, "The path is a directory; name a data file in it");
    }
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString(), null, "There is no such data file");
    }
    RegularFile.require("data file", file);
    if (!Files.isReadable(file)) {
      throw new AccessDeniedException(file.toString(), null, "The data file may not be read");
    }
  }
}
