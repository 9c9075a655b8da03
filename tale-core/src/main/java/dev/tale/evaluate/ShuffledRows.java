package dev.tale.evaluate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The rows of all tasks of a set, pooled in one shuffled order. */
final class ShuffledRows {
  private ShuffledRows() {}

  /**
   * Returns the order for candidates that lack so many layers. Each such number has an order of its
   * own, independent of the others: what a round took to be its winner depends on its order, so the
   * next round needs a fresh one for its error to be what {@link Racing#statistical} says.
   *
   * <p>The order is that of {@link Collections#shuffle} with {@link Random}, which Java specifies,
   * called once, and once more for each layer removed.
   *
   * @param removed number of layers that each candidate lacks
   */
  static List<TaskRow> of(WeightedTasks tasks, long seed, int removed) {
    List<TaskRow> rows = inOrder(tasks);
    Random random = new Random(seed);
    for (int round = 0; round <= removed; round++) {
      Collections.shuffle(rows, random);
    }
    return List.copyOf(rows);
  }

  /** The rows of all tasks, one task after another. */
  static List<TaskRow> inOrder(WeightedTasks tasks) {
    List<TaskRow> rows = new ArrayList<>();
    for (int task = 0; task < tasks.tasks().size(); task++) {
      int position = task;
      IntStream.range(0, tasks.tasks().get(task).size())
          .forEach(row -> rows.add(new TaskRow(position, row)));
    }
    return rows;
  }
}
