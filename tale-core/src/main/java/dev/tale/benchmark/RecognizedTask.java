package dev.tale.benchmark;

import dev.tale.data.DataFile;
import dev.tale.data.DataRow;
import dev.tale.model.DataFormatException;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A data file and the built-in task that it belongs to.
 *
 * @param task the task of all rows of the file
 * @param schema the form of the file: which of the task's it is, for example {@code hugging_face}
 * @param rowsRead how many rows were read
 */
public record RecognizedTask(Task task, String schema, int rowsRead) {

  /** The task whose schema needs the most of a row's fields; of equals the one that is named. */
  static RecognizedTask of(Path file) throws IOException {
    return of(file, DataFile::read);
  }

  static RecognizedTask of(Path file, Reader reader) throws IOException {
    Readings readings = new Readings(file, reader);
    Candidate best = null;
    for (String name : DescriptionFile.BUILT_IN) {
      Optional<Candidate> candidate = candidate(DescriptionFile.builtIn(name), readings);
      if (candidate.isPresent() && candidate.get().isBetterThan(best)) {
        best = candidate.get();
      }
    }
    if (best == null) {
      throw readings.refused();
    }
    DataSet data = DataSet.of(file, best.rows, best.name, best.schema);
    Task task = TaskSource.builtIn(best.name).task(data, file);
    return new RecognizedTask(task, best.schema.name(), data.rows().size());
  }

  private static Optional<Candidate> candidate(Description description, Readings readings)
      throws IOException {
    for (Schema schema : description.schemas()) {
      List<DataRow> rows = readings.of(schema);
      if (!rows.isEmpty() && schema.lacks(SourceRow.of(rows.get(0))).isEmpty()) {
        String name = description.name();
        return Optional.of(new Candidate(name, schema, rows, readings.name(name)));
      }
    }
    return Optional.empty();
  }

  /** Reads every row of a file, as {@link DataFile#read(Path, List)} does. */
  interface Reader {
    List<DataRow> read(Path file, List<String> columns) throws IOException;
  }

  /** A task to which the file may belong. */
  private record Candidate(String name, Schema schema, List<DataRow> rows, boolean named) {
    boolean isBetterThan(@Nullable Candidate other) {
      return other == null
          || needs() > other.needs()
          || (needs() == other.needs() && named && !other.named);
    }

    private int needs() {
      return schema.needs().size();
    }
  }

  /** The rows of a file, by the names of the columns that it is read with; read once with each. */
  private static final class Readings {
    private final Path file;
    private final Reader reader;
    private final Map<List<String>, List<DataRow>> read = new HashMap<>();
    private @Nullable DataFormatException malformed;

    Readings(Path file, Reader reader) {
      this.file = file;
      this.reader = reader;
    }

    /** Whether the path names a task: {@code ARC-Challenge-Test.jsonl}, {@code navigate.json}. */
    boolean name(String task) {
      String path = file.toAbsolutePath().toString().toLowerCase(Locale.ROOT).replace('-', '_');
      return path.contains(task.replaceFirst("^bbh_", ""));
    }

    /** Returns no rows if the file is malformed. */
    List<DataRow> of(Schema schema) throws IOException {
      List<String> columns = DataSet.hasColumns(file) ? schema.columns() : List.of();
      List<DataRow> rows = read.get(columns);
      if (rows == null) {
        rows = tryRead(columns);
        read.put(columns, rows);
      }
      return rows;
    }

    private List<DataRow> tryRead(List<String> columns) throws IOException {
      try {
        return reader.read(file, columns);
      } catch (DataFormatException e) {
        malformed = malformed == null ? e : malformed;
        return List.of();
      }
    }

    DataFormatException refused() {
      return malformed != null
          ? malformed
          : new DataFormatException(
              file, "is of no built-in task; describe it and use Tasks.fromFile");
    }
  }
}
