package dev.tale.report.section;

import dev.tale.evaluate.Score;
import dev.tale.evaluate.TaskScore;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.task.Example;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * A row whose answer became right or wrong.
 *
 * @param rows which rows it is of: {@code held-out} or {@code selection}
 * @param gained whether it became right
 */
record Flip(
    String rows,
    String task,
    String row,
    boolean gained,
    String prompt,
    String target,
    String before,
    String after) {

  /** Returns the rows that two scores differ on, in their order. */
  static List<Flip> all(String rows, WeightedTasks tasks, Score before, Score after) {
    List<Flip> flips = new ArrayList<>();
    for (int task = 0; task < tasks.tasks().size(); task++) {
      add(
          flips,
          rows,
          tasks.tasks().get(task),
          before.byTask().get(task),
          after.byTask().get(task));
    }
    return List.copyOf(flips);
  }

  private static void add(
      List<Flip> flips, String rows, Task task, TaskScore before, TaskScore after) {
    List<Example> examples = task.examples();
    for (int row = 0; row < task.size(); row++) {
      Outcome first = before.outcomes().get(row);
      Outcome second = after.outcomes().get(row);
      if (first.correct() != second.correct()) {
        flips.add(
            new Flip(
                rows,
                task.name(),
                task.rowName(row),
                second.correct(),
                examples.get(row).prompt(),
                examples.get(row).target(),
                first.answer(),
                second.answer()));
      }
    }
  }

  String change() {
    return gained ? "gained" : "lost";
  }
}
