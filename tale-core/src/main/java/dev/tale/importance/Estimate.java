package dev.tale.importance;

import dev.tale.stats.Interval;

/**
 * A number with its uncertainty.
 *
 * @param value finite
 * @param interval confidence interval over the choice of rows; it contains the value
 */
public record Estimate(double value, Interval interval) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the value is not finite, or outside its interval
   */
  public Estimate {
    if (!Double.isFinite(value) || !interval.contains(value)) {
      throw new IllegalArgumentException(
          "The estimate is "
              + value
              + " and its interval "
              + interval
              + "; it must be a finite number in it");
    }
  }

  /** Widens the interval to the value, where rounding or chance has left it out. */
  static Estimate in(double value, Interval interval) {
    return new Estimate(
        value, new Interval(Math.min(value, interval.low()), Math.max(value, interval.high())));
  }
}
