package dev.tale.evaluate;

import dev.tale.model.LayerMask;
import java.util.List;

/**
 * A set of removed layers and how the model does without them.
 *
 * @param mask the removed layers
 * @param score the outcome of every row
 */
public record Configuration(LayerMask mask, Score score) {

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
