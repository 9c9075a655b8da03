package dev.tale.evaluate;

import java.math.BigDecimal;
import java.util.Locale;

/**
 * When a candidate of a {@link Race} is asked no more rows. Immutable; {@code toString} is stable
 * and names every setting.
 */
public sealed interface Racing {

  /** Seed of the order of the rows where none is given. */
  long DEFAULT_SEED = 0;

  /** Returns the rule by which no candidate leaves: each is scored in full. */
  static Racing none() {
    return new None();
  }

  /**
   * Returns the rule by which a candidate leaves when it cannot win any more, whatever its rows
   * left: the winner is that of full scoring, always.
   */
  static Racing exact() {
    return new Exact();
  }

  /**
   * Returns the rule by which a candidate leaves too when its rows so far are strong evidence that
   * it is not better than the leader by more than a tolerance. Over the random order of the rows,
   * the accuracy of the winner is less than the best candidate's by more than the tolerance with a
   * probability of at most {@code delta}, in each race, whatever earlier races found: the rows are
   * in another order for each number of layers removed.
   *
   * @param delta in (0, 1)
   * @param tolerance absolute, in [0, 1); counts as the decimal number that it prints as
   * @param seed of the order of the rows; it must not be chosen by results
   * @throws IllegalArgumentException if a value is outside its range
   */
  static Racing statistical(double delta, double tolerance, long seed) {
    return new Statistical(delta, tolerance, seed);
  }

  /** Returns the seed of the order in which rows are asked. */
  default long seed() {
    return DEFAULT_SEED;
  }

  /** See {@link Racing#none}. */
  record None() implements Racing {

    @Override
    public String toString() {
      return "every candidate in full";
    }
  }

  /** See {@link Racing#exact}. */
  record Exact() implements Racing {

    @Override
    public String toString() {
      return "exact racing";
    }
  }

  /**
   * See {@link Racing#statistical}.
   *
   * @param delta in (0, 1)
   * @param tolerance absolute, in [0, 1)
   * @param seed of the order of the rows
   */
  record Statistical(double delta, double tolerance, long seed) implements Racing {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is outside its range
     */
    public Statistical {
      if (!(delta > 0 && delta < 1)) {
        throw new IllegalArgumentException(
            "delta is " + delta + "; it is a probability of error in (0, 1), for example 0.05");
      }
      if (!(tolerance >= 0 && tolerance < 1)) {
        throw new IllegalArgumentException(
            "tolerance is " + tolerance + "; it is an absolute loss of accuracy in [0, 1)");
      }
    }

    BigDecimal exactTolerance() {
      return BigDecimal.valueOf(tolerance);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "racing (delta %s, tolerance %s, seed %d)", delta, tolerance, seed);
    }
  }
}
