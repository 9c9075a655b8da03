package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import dev.tale.task.Example;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A description with what the caller adds to it: reads data files into a task. */
final class TaskSource {
  private final Description description;
  private final String name;
  private final ShotRule shots;
  private final Subset subset;

  private TaskSource(Description description, String name, ShotRule shots, Subset subset) {
    this.description = description;
    this.name = name;
    this.shots = shots;
    this.subset = subset;
  }

  /** A built-in task: zero-shot, unless its description has the shots themselves. */
  static TaskSource builtIn(String name) {
    Description description = DescriptionFile.builtIn(name);
    ShotRule own = description.shots();
    return of(description, own.given().isEmpty() ? ShotRule.NONE : own);
  }

  /** A task of the user's own, as the description says. */
  static TaskSource of(Description description) throws DataFormatException {
    ShotRule shots = description.shots();
    if (shots.count() > 0 && shots.pool().isEmpty() && shots.given().isEmpty()) {
      throw description
          .place()
          .refused("shots has neither pool nor examples; give the file, or the examples, to show");
    }
    return of(description, shots);
  }

  private static TaskSource of(Description description, ShotRule shots) {
    return new TaskSource(description, description.name(), shots, Subset.ALL);
  }

  /** This source with shots from a file, chosen as the description says. */
  TaskSource withShots(int count, Path pool) {
    return new TaskSource(description, name, description.shots().with(count, pool), subset);
  }

  /** This source with as many shots as the description says. */
  TaskSource withShots(Path pool) {
    return withShots(description.shots().count(), pool);
  }

  /** This source with every row of a file as a shot. */
  TaskSource withAll(Path pool) throws IOException {
    DataSet rows = DataSet.read(pool, description.name(), description.schemas());
    return withShots(rows.rows().size(), pool);
  }

  /** This source with only the rows in which a field has one of the values. */
  TaskSource only(String newName, String field, Set<String> values) {
    return new TaskSource(description, newName, shots, new Subset(newName, field, values));
  }

  /** The rows of a file, or of the files of a directory in the order of their names. */
  Task task(Path data) throws IOException {
    return task(DataSet.read(data, description.name(), description.schemas()), data);
  }

  Task task(DataSet data, Path path) throws IOException {
    List<DataSet.Entry> rows = subset.of(data.rows(), description.form(), path);
    ShotPool pool = ShotPool.read(description, shots);
    List<Task> parts = new ArrayList<>();
    for (Run run : Run.all(rows, description.form())) {
      Task part = description.style().task(name, run.description(), run.rows());
      List<Example> shown = pool.of(run.description());
      parts.add(shots.count() == 0 ? part : part.withShots(shots.of(shown)));
    }
    Task all = parts.size() == 1 ? parts.get(0) : Task.concat(name, parts);
    return all.withDataSplit(description.split().orElseGet(() -> SplitName.of(data.files())));
  }

  /** Rows that follow each other and have one description before them, as those of a subject. */
  private record Run(String description, List<RowForm.Asked> rows) {

    static List<Run> all(List<DataSet.Entry> entries, RowForm form) throws DataFormatException {
      List<Run> runs = new ArrayList<>();
      for (DataSet.Entry entry : entries) {
        RowForm.Asked asked = form.asked(entry.row(), entry.schema());
        Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        if (last == null || !last.description.equals(asked.description())) {
          last = new Run(asked.description(), new ArrayList<>());
          runs.add(last);
        }
        last.rows.add(asked);
      }
      return runs;
    }
  }
}
