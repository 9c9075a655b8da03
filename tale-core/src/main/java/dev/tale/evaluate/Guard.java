package dev.tale.evaluate;

import dev.tale.task.Task;
import java.math.BigDecimal;

/**
 * A task that must not suffer: its accuracy may fall by at most {@code maxDrop} below that of the
 * unpruned model.
 *
 * <p>The comparison is exact, with {@code maxDrop} as the decimal number that it prints as: a drop
 * of exactly {@code maxDrop} is allowed.
 *
 * @param task the task
 * @param maxDrop accuracy that may be lost, absolute, in [0, 1]
 */
public record Guard(Task task, double maxDrop) {

  /**
   * Checks the limit.
   *
   * @throws IllegalArgumentException if {@code maxDrop} is outside [0, 1]
   */
  public Guard {
    if (!(maxDrop >= 0 && maxDrop <= 1)) {
      throw new IllegalArgumentException(
          String.format(
              "Guard %s: maxDrop is %s; it is an absolute loss of accuracy in [0, 1]",
              task.name(), maxDrop));
    }
  }

  /**
   * Returns whether a score is not too far below the baseline's.
   *
   * @param baseline score of the unpruned model on the same rows
   */
  boolean holds(TaskScore baseline, TaskScore score) {
    BigDecimal lostRows = BigDecimal.valueOf((long) baseline.correct() - score.correct());
    BigDecimal allowed = BigDecimal.valueOf(maxDrop).multiply(BigDecimal.valueOf(score.total()));
    return lostRows.compareTo(allowed) <= 0;
  }
}
