package dev.tale.report;

import dev.tale.evaluate.TaskScore;
import dev.tale.journal.Work;
import java.math.BigDecimal;
import java.util.List;

/**
 * How a guarded task did along a search's path.
 *
 * @param guard the guard
 * @param path its scores: the baseline's, then that of every accepted configuration
 * @param evaluations number of masks scored on its rows
 * @param work work on its rows
 */
public record GuardScores(GuardSummary guard, List<TaskScore> path, int evaluations, Work work) {

  /** Copies the scores. */
  public GuardScores {
    path = List.copyOf(path);
  }

  /** Returns the lowest accuracy that the guard allowed, to be read and not compared with. */
  public double limit() {
    BigDecimal baseline = BigDecimal.valueOf(path.get(0).accuracy());
    return baseline.subtract(BigDecimal.valueOf(guard.maxDrop())).doubleValue();
  }
}
