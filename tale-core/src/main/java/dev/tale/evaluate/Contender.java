package dev.tale.evaluate;

import dev.tale.model.LayerMask;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.BitSet;
import java.util.List;
import org.apache.commons.numbers.fraction.BigFraction;

/** A candidate of a race and how it has done so far, on the first rows of the race's order. */
final class Contender {
  private final int position;
  private final LayerMask mask;
  private final WeightedTasks tasks;
  private final BitSet right = new BitSet();
  private final int[] correct;
  private final int[] open;
  private int scored;
  private int notANumber;
  private BigFraction atLeast = BigFraction.ZERO;
  private BigFraction atMost = BigFraction.ONE;
  private boolean left;
  private boolean refused;

  Contender(int position, LayerMask mask, WeightedTasks tasks) {
    this.position = position;
    this.mask = mask;
    this.tasks = tasks;
    this.correct = new int[tasks.tasks().size()];
    this.open = tasks.tasks().stream().mapToInt(Task::size).toArray();
  }

  /** Takes the next rows of the order. */
  void add(Evaluator evaluator, List<TaskRow> rows) {
    for (TaskRow row : rows) {
      add(row, evaluator.outcome(mask, row));
    }
    atLeast = ExactAccuracy.of(tasks, correct);
    atMost = atLeast.add(ExactAccuracy.of(tasks, open));
  }

  private void add(TaskRow row, Outcome outcome) {
    right.set(scored++, outcome.correct());
    correct[row.task()] += outcome.correct() ? 1 : 0;
    open[row.task()]--;
    notANumber += TaskScore.isNotANumber(outcome) ? 1 : 0;
  }

  int position() {
    return position;
  }

  LayerMask mask() {
    return mask;
  }

  int scored() {
    return scored;
  }

  /** Returns the lowest accuracy that it can still have. */
  BigFraction atLeast() {
    return atLeast;
  }

  boolean isRight(int row) {
    return right.get(row);
  }

  /** Returns whether this wins against the other whatever the rows left. */
  boolean surelyBeats(Contender other) {
    int compared = atLeast.compareTo(other.atMost);
    return compared > 0 || (compared == 0 && position < other.position);
  }

  boolean isIn() {
    return !left && !refused;
  }

  boolean isOut() {
    return left && !refused;
  }

  void leave() {
    left = true;
  }

  void comeBack() {
    left = false;
  }

  void refuse() {
    refused = true;
  }

  Bounds bounds(int total) {
    return new Bounds(
        mask,
        right.cardinality(),
        notANumber,
        scored,
        total,
        atLeast.doubleValue(),
        atMost.doubleValue());
  }
}
