package dev.tale.report;

import dev.tale.evaluate.Guard;

/**
 * A task that was guarded.
 *
 * @param task its rows
 * @param maxDrop accuracy that it might lose below the unpruned model's, absolute
 */
public record GuardSummary(TaskSummary task, double maxDrop) {

  /** Summarizes a guard. */
  public static GuardSummary of(Guard guard) {
    return new GuardSummary(TaskSummary.of(guard.task()), guard.maxDrop());
  }
}
