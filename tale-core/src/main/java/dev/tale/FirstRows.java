package dev.tale;

import dev.tale.evaluate.WeightedTasks;
import dev.tale.model.Request;
import dev.tale.task.Task;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Some rows of the tasks, on which written models are verified and timed. */
final class FirstRows {
  /** Of several tasks in all. */
  static final int ROWS = 64;

  private FirstRows() {}

  static List<Request> requests(WeightedTasks tasks) {
    int rows = Math.max(1, ROWS / tasks.tasks().size());
    return tasks.tasks().stream().flatMap(task -> requests(task, rows)).toList();
  }

  private static Stream<Request> requests(Task task, int rows) {
    return IntStream.range(0, Math.min(rows, task.size()))
        .mapToObj(task::requests)
        .flatMap(List::stream);
  }
}
