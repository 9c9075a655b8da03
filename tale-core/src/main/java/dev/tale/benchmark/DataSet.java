package dev.tale.benchmark;

import dev.tale.data.DataFile;
import dev.tale.data.DataRow;
import dev.tale.model.DataFormatException;
import dev.tale.text.Excerpt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rows of a file, or of the files of a directory, each file with its schema. */
record DataSet(List<Path> files, List<Entry> rows) {

  /** A row and the schema of its file. */
  record Entry(SourceRow row, Schema schema) {}

  /** Reads every row of a path; all rows of a file are of one of the schemas. */
  static DataSet read(Path data, String task, List<Schema> schemas) throws IOException {
    List<Path> files = files(data);
    List<Entry> rows = new ArrayList<>();
    for (Path file : files) {
      rows.addAll(entries(DataFile.read(file, columns(file, schemas)), task, schemas));
    }
    checkIds(rows);
    return new DataSet(files, rows);
  }

  /** The rows of a file that was read before. */
  static DataSet of(Path file, List<DataRow> read, String task, Schema schema)
      throws DataFormatException {
    List<Entry> rows = entries(read, task, List.of(schema));
    checkIds(rows);
    return new DataSet(List.of(file), rows);
  }

  private static List<Path> files(Path data) throws IOException {
    if (!Files.isDirectory(data)) {
      return List.of(data);
    }
    try (Stream<Path> inside = Files.list(data)) {
      List<Path> files =
          inside
              .filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .sorted()
              .toList();
      if (files.isEmpty()) {
        throw new DataFormatException(data, "is a directory without files; give one that has them");
      }
      return files;
    }
  }

  private static List<Entry> entries(List<DataRow> read, String task, List<Schema> schemas)
      throws DataFormatException {
    Schema schema = schema(SourceRow.of(read.get(0)), task, schemas);
    List<Entry> rows = new ArrayList<>(read.size());
    for (DataRow row : read) {
      SourceRow source = SourceRow.of(row);
      checkSame(source, task, schema, schemas);
      rows.add(new Entry(source, schema));
    }
    return rows;
  }

  private static List<String> columns(Path file, List<Schema> schemas) {
    return hasColumns(file)
        ? schemas.stream()
            .map(Schema::columns)
            .filter(columns -> !columns.isEmpty())
            .findFirst()
            .orElse(List.of())
        : List.of();
  }

  /** Whether it depends on a schema how a file is read: whether its first line is a header. */
  static boolean hasColumns(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".csv") || name.endsWith(".tsv");
  }

  private static void checkSame(SourceRow row, String task, Schema schema, List<Schema> schemas)
      throws DataFormatException {
    Optional<Schema> own = fitting(row, schemas);
    if (own.isEmpty()) {
      throw row.refused(
          schema.lacks(row).orElseThrow()
              + " is missing or null, which rows of schema "
              + schema.name()
              + " of task "
              + task
              + " have; add it, or leave the row out");
    }
    if (!own.get().name().equals(schema.name())) {
      throw row.refused(
          "the row is of schema "
              + own.get().name()
              + " of task "
              + task
              + ", but the first row of the file is of schema "
              + schema.name()
              + "; keep them in files of their own");
    }
  }

  private static Optional<Schema> fitting(SourceRow row, List<Schema> schemas) {
    return schemas.stream().filter(schema -> schema.lacks(row).isEmpty()).findFirst();
  }

  /** The first schema that has all it needs in a row. */
  private static Schema schema(SourceRow row, String task, List<Schema> schemas)
      throws DataFormatException {
    Optional<Schema> schema = fitting(row, schemas);
    if (schema.isPresent()) {
      return schema.get();
    }
    throw row.refused(
        "the row is of no schema of task "
            + task
            + ": "
            + schemas.stream()
                .map(each -> each.name() + " needs " + each.lacks(row).orElse("nothing more"))
                .collect(Collectors.joining(", "))
            + "; the row has "
            + Excerpt.ofEach(row.names())
            + ". Give a file of one of them, or describe the task's fields");
  }

  private static void checkIds(List<Entry> rows) throws DataFormatException {
    Map<String, SourceRow> seen = new HashMap<>();
    for (Entry entry : rows) {
      Optional<FieldPath> path = entry.schema().id();
      if (path.isPresent()) {
        checkId(entry.row(), path.get(), seen);
      }
    }
  }

  private static void checkId(SourceRow row, FieldPath path, Map<String, SourceRow> seen)
      throws DataFormatException {
    String id = path.find(row.fields()).orElseThrow().asText();
    SourceRow earlier = seen.putIfAbsent(id, row);
    if (earlier != null) {
      throw row.refused(
          path.text()
              + " is \""
              + Excerpt.of(id)
              + "\", as in "
              + earlier.file().getFileName()
              + ", "
              + earlier.place()
              + "; leave one of the two rows out, or give it its own");
    }
  }
}
