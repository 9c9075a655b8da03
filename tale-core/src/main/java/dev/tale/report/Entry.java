package dev.tale.report;

import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Score;
import dev.tale.evaluate.TaskScore;
import dev.tale.model.LayerMask;
import java.util.List;
import java.util.Optional;

/**
 * One configuration on a search's path and how it did.
 *
 * @param mask the removed layers
 * @param selection score on the rows that chose the layers; too high, as they chose it
 * @param heldOut score on rows that chose nothing, if there were any
 * @param versusBaseline held-out rows against the baseline, row by row: one comparison for each
 *     task, in their order; empty if there were no such rows
 * @param guards scores on the guarded tasks, in their order
 */
public record Entry(
    LayerMask mask,
    Score selection,
    Optional<Score> heldOut,
    List<PairedComparison> versusBaseline,
    List<TaskScore> guards) {

  /** Copies the lists. */
  public Entry {
    versusBaseline = List.copyOf(versusBaseline);
    guards = List.copyOf(guards);
  }

  /** Returns the score to quote: the held-out one if there is one. */
  public Score score() {
    return heldOut.orElse(selection);
  }
}
