package dev.tale.estimate;

/**
 * A closed interval.
 *
 * @param low lower bound
 * @param high upper bound, not less than {@code low}
 */
public record Interval(double low, double high) {

  /**
   * Checks the order of the bounds.
   *
   * @throws IllegalArgumentException if {@code low} is greater than {@code high} or one of them is
   *     not a number
   */
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "An interval from " + low + " to " + high + "; low must not be greater than high");
    }
  }

  /** Returns whether the value is within the interval, bounds included. */
  public boolean contains(double value) {
    return low <= value && value <= high;
  }
}
