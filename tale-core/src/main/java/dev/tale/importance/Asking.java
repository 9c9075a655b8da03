package dev.tale.importance;

import dev.tale.model.LayeredModel;
import dev.tale.model.Request;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.task.Task;
import java.util.List;
import java.util.function.Supplier;

/** Asks a model one request for each row of a task; what goes wrong names the row. */
final class Asking {
  private static final int LEAST_ROWS = 2;

  private Asking() {}

  /**
   * Checks that a model can answer one request for each row.
   *
   * @throws IllegalArgumentException if it cannot
   */
  static void check(LayeredModel model, Task task, List<? extends Request> requests) {
    ask(
        task,
        () -> {
          model.check(List.copyOf(requests));
          return task;
        });
  }

  /**
   * Asks.
   *
   * @param question asks one request for each row of the task, in their order
   * @throws IllegalArgumentException if a row cannot be answered
   */
  static <T> T ask(Task task, Supplier<T> question) {
    try {
      return question.get();
    } catch (UnanswerableRequestException e) {
      throw new IllegalArgumentException(
          "Task " + task.name() + ", " + task.rowName(e.position()) + ": " + e.reason(), e);
    }
  }

  /**
   * Checks that there are enough rows for an interval of a mean over them: one row says nothing of
   * how far others would be off.
   *
   * @throws IllegalArgumentException if there are fewer than 2
   */
  static void requireRows(Object measure, Task task) {
    if (task.size() < LEAST_ROWS) {
      throw new IllegalArgumentException(
          String.format(
              "Task %s has %d row; %s needs at least %d, for the error of a mean over rows, and for"
                  + " a small one hundreds; give more rows",
              task.name(), task.size(), measure, LEAST_ROWS));
    }
  }

  static IllegalArgumentException lacks(Object measure, LayeredModel model, String ability) {
    return new IllegalArgumentException(
        String.format(
            "Model %s (%s) offers no %s, which %s needs; use another measure or another runtime",
            model.info().name(), model.info().runtime(), ability, measure));
  }
}
