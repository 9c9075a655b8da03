package dev.tale.policy;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Score;
import dev.tale.model.LayerMask;
import java.util.Optional;

/**
 * A configuration that can be chosen.
 *
 * @param configuration the removed layers and the score on the rows that chose them
 * @param cost what it costs to run, if that was measured
 */
public record Option(Configuration configuration, Optional<Cost> cost) {

  /** Returns a configuration of which no cost was measured. */
  public static Option of(Configuration configuration) {
    return new Option(configuration, Optional.empty());
  }

  /** Returns the removed layers. */
  public LayerMask mask() {
    return configuration.mask();
  }

  /** Returns the score on the rows that chose the layers. */
  public Score score() {
    return configuration.score();
  }

  Cost requireCost() {
    return cost.orElseThrow(
        () ->
            new IllegalStateException(
                "The cost of "
                    + mask()
                    + " was not measured, and the trade-off goes by it; use a model that has a"
                    + " latency meter, or a trade-off of accuracy and layers alone"));
  }
}
