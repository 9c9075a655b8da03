package dev.tale.evaluate;

import dev.tale.model.LayerMask;
import java.util.List;
import java.util.Optional;

/**
 * A set of removed layers and all that is known of the model without them. A search knows masks and
 * scores; what is measured afterwards, of those on its path, is added.
 *
 * @param mask the removed layers
 * @param score the outcome of every row that chooses layers; of one that was chosen it is too high
 * @param heldOut score on rows that chose nothing, if there were any
 * @param versusBaseline held-out rows against the baseline, row by row: one comparison for each
 *     task, in their order; empty if there were no such rows
 * @param guards scores on the guarded tasks, in their order
 * @param cost the cost of running it once it is written, if that was measured
 */
public record Configuration(
    LayerMask mask,
    Score score,
    Optional<Score> heldOut,
    List<PairedComparison> versusBaseline,
    List<TaskScore> guards,
    Optional<Cost> cost) {

  /** Copies the lists. */
  public Configuration {
    versusBaseline = List.copyOf(versusBaseline);
    guards = List.copyOf(guards);
  }

  /** Creates a configuration of which no more than its score is known. */
  public Configuration(LayerMask mask, Score score) {
    this(mask, score, Optional.empty(), List.of(), List.of(), Optional.empty());
  }

  /** Returns this configuration with its cost, or without one. */
  public Configuration withCost(Optional<Cost> measured) {
    return new Configuration(mask, score, heldOut, versusBaseline, guards, measured);
  }

  /** Returns the score to quote: the held-out one if there is one. */
  public Score quoted() {
    return heldOut.orElse(score);
  }

  /** Returns whether nothing is removed. */
  public boolean isBaseline() {
    return mask.removedCount() == 0;
  }

  /**
   * Returns the cost.
   *
   * @throws IllegalStateException if it was not measured
   */
  public Cost requireCost() {
    return cost.orElseThrow(
        () ->
            new IllegalStateException(
                "The cost of "
                    + mask
                    + " was not measured, and the trade-off goes by it; use a model that has a"
                    + " latency meter, or a trade-off of accuracy and layers alone"));
  }

  /**
   * Returns the configuration with the highest accuracy; the first on a tie.
   *
   * @param configurations at least one
   * @throws IndexOutOfBoundsException if there are none
   */
  public static Configuration best(List<Configuration> configurations) {
    Configuration best = configurations.get(0);
    for (Configuration next : configurations) {
      best = next.score().compareAccuracy(best.score()) > 0 ? next : best;
    }
    return best;
  }
}
