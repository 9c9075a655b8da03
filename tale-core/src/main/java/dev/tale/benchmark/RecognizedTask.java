package dev.tale.benchmark;

import dev.tale.data.DataFile;
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
    FirstRows rows = new FirstRows(file);
    Candidate best = null;
    for (String name : DescriptionFile.BUILT_IN) {
      Optional<Candidate> candidate = candidate(DescriptionFile.builtIn(name), rows);
      if (candidate.isPresent() && candidate.get().isBetterThan(best)) {
        best = candidate.get();
      }
    }
    if (best == null) {
      throw rows.refused();
    }
    DataSet data = DataSet.read(file, best.name, List.of(best.schema));
    Task task = TaskSource.builtIn(best.name).task(data, file);
    return new RecognizedTask(task, best.schema.name(), data.rows().size());
  }

  private static Optional<Candidate> candidate(Description description, FirstRows rows)
      throws IOException {
    for (Schema schema : description.schemas()) {
      SourceRow row = rows.read(schema.columns());
      if (row != null && schema.lacks(row).isEmpty()) {
        return Optional.of(
            new Candidate(
                description.name(), schema, schema.needs().size(), rows.name(description.name())));
      }
    }
    return Optional.empty();
  }

  /** A task to which the file may belong. */
  private record Candidate(String name, Schema schema, int needs, boolean named) {
    boolean isBetterThan(@Nullable Candidate other) {
      return other == null
          || needs > other.needs
          || (needs == other.needs && named && !other.named);
    }
  }

  /** The first row of a file, by the names of the columns that it is read with. */
  private static final class FirstRows {
    private final Path file;
    private final Map<List<String>, Optional<SourceRow>> rows = new HashMap<>();
    private @Nullable DataFormatException malformed;

    FirstRows(Path file) {
      this.file = file;
    }

    /** Whether the path names a task: {@code ARC-Challenge-Test.jsonl}, {@code navigate.json}. */
    boolean name(String task) {
      String path = file.toAbsolutePath().toString().toLowerCase(Locale.ROOT).replace('-', '_');
      return path.contains(task.replaceFirst("^bbh_", ""));
    }

    @Nullable SourceRow read(List<String> columns) throws IOException {
      Optional<SourceRow> row = rows.get(columns);
      if (row == null) {
        row = tryRead(columns);
        rows.put(columns, row);
      }
      return row.orElse(null);
    }

    private Optional<SourceRow> tryRead(List<String> columns) throws IOException {
      try {
        return Optional.of(SourceRow.of(DataFile.read(file, columns).get(0)));
      } catch (DataFormatException e) {
        malformed = malformed == null ? e : malformed;
        return Optional.empty();
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
