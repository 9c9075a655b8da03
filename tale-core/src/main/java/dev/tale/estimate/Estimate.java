package dev.tale.estimate;

import java.util.Locale;

/**
 * A number with its uncertainty.
 *
 * @param value finite
 * @param interval confidence interval; it contains the value
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
  public static Estimate in(double value, Interval interval) {
    return new Estimate(
        value, new Interval(Math.min(value, interval.low()), Math.max(value, interval.high())));
  }

  /** Returns this in another unit: every number times a positive factor. */
  public Estimate times(double factor) {
    return new Estimate(
        value * factor, new Interval(interval.low() * factor, interval.high() * factor));
  }

  /** Returns for example {@code 3.21 [3.10, 3.35]}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.2f [%.2f, %.2f]", value, interval.low(), interval.high());
  }
}
