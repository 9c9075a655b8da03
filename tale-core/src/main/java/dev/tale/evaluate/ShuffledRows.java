package dev.tale.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The rows of all tasks of a set, pooled in one shuffled order. */
final class ShuffledRows {
  private ShuffledRows() {}

  /** The order is that of {@link Collections#shuffle} with {@link Random}, which Java specifies. */
  static List<TaskRow> of(WeightedTasks tasks, long seed) {
    List<TaskRow> rows = new ArrayList<>();
    for (int task = 0; task < tasks.tasks().size(); task++) {
      int position = task;
      IntStream.range(0, tasks.tasks().get(task).size())
          .forEach(row -> rows.add(new TaskRow(position, row)));
    }
    Collections.shuffle(rows, new Random(seed));
    return List.copyOf(rows);
  }
}
