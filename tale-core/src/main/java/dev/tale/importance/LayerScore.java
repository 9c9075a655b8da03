package dev.tale.importance;

import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;

/**
 * How much one layer matters.
 *
 * @param layer index in the original model
 * @param value finite, in the unit of the measure; the higher, the more the layer matters
 * @param interval 95 % confidence interval of the value over the choice of rows
 */
public record LayerScore(int layer, double value, Interval interval) {

  /**
   * Checks the value.
   *
   * @throws IllegalArgumentException if the value is not finite
   */
  public LayerScore {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "The score of layer " + layer + " is " + value + "; it must be a finite number");
    }
  }

  static LayerScore of(int layer, Estimate estimate) {
    return new LayerScore(layer, estimate.value(), estimate.interval());
  }
}
