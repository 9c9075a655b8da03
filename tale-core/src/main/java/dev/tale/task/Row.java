package dev.tale.task;

import dev.tale.text.Excerpt;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * A row with what it is called in messages.
 *
 * @param part position of the {@link Prompting} by which it is asked among those of its task
 */
record Row(String name, RowContent content, int part) {

  static <R> List<Row> all(
      String task, List<? extends R> rows, Function<? super R, Example> toExample) {
    List<Row> all = new ArrayList<>(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      Example example = example(task, i, rows.get(i), toExample);
      all.add(new Row(example.id().orElse("row " + i), example.content(), 0));
    }
    return List.copyOf(all);
  }

  private static <R> Example example(
      String task, int index, R row, Function<? super R, Example> toExample) {
    try {
      return Objects.requireNonNull(toExample.apply(row), "the example is null");
    } catch (RuntimeException | StackOverflowError e) {
      throw new IllegalArgumentException(
          path(task, "row " + index) + ": the object cannot be made an example: " + e, e);
    }
  }

  static void check(String task, List<Row> rows, Form form) {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("Task " + task + " has no rows; give at least 1");
    }
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).checkName(task, i, seen);
      rows.get(i).checkContent(task, form);
    }
  }

  private void checkName(String task, int index, Map<String, Integer> seen) {
    Integer earlier = seen.putIfAbsent(name, index);
    if (earlier != null) {
      throw new IllegalArgumentException(
          path(task)
              + ": rows "
              + earlier
              + " and "
              + index
              + " have the same identifier \""
              + Excerpt.of(name)
              + "\"; give each row its own");
    }
  }

  private void checkContent(String task, Form form) {
    if (!form.accepts(content)) {
      throw new IllegalArgumentException(
          path(task)
              + " is of the other kind: "
              + Excerpt.of(content)
              + "; use Example.multipleChoice or multipleContexts in Task.multipleChoice,"
              + " multipleChoice in Task.similarity, and generation in Task.generation");
    }
    content.check(path(task));
  }

  static void checkShots(String task, List<Row> rows, Form form, Shots shots) {
    form.checkShots(task, shots);
    List<RowContent> pool = shots.pool();
    for (int i = 0; i < pool.size(); i++) {
      if (!form.accepts(pool.get(i))) {
        throw new IllegalArgumentException(
            "Task "
                + task
                + ": shot "
                + i
                + " of the pool is of the other kind: "
                + Excerpt.of(pool.get(i))
                + "; make the pool's examples as the task's are made");
      }
    }
    rows.forEach(row -> shots.check(row.path(task), row.content));
  }

  Row inPart(int newPart) {
    return new Row(name, content, newPart);
  }

  void addTo(ContentHash hash) {
    hash.add(name);
    content.addTo(hash);
  }

  /** Where this is, for messages. */
  String path(String task) {
    return path(task, name);
  }

  private static String path(String task, String row) {
    return "Task " + Excerpt.of(task) + ", " + Excerpt.of(row);
  }
}
