package dev.tale.stats;

import java.util.Arrays;

/**
 * Evidence that the sum of a bounded quantity over N rows is less than a given sum, gathered row by
 * row while the rows are drawn at random without replacement. Not thread-safe.
 *
 * <p>The evidence is the wealth of a gambler who starts with 1 and bets on low rows in a game that
 * is fair or worse for him as long as the sum is not less. So whenever one stops, and however often
 * one looks, the probability that the wealth ever reaches 1/level is at most the level, if the sum
 * is not less (Ville's inequality).
 */
public final class PairedBets {
  /*
   * Given the rows so far, with sum S, the mean of the N - t + 1 rows left is at least m = (s0 - S) / (N - t + 1) if the
   * sum of all is at least s0, and so is the expectation of the next one. A bet of lambda multiplies the wealth by
   * 1 + lambda (m - x), which is positive for lambda < 1 / (b - m) and has an expectation of at most 1. The wealth is the
   * mean of that of gamblers who each bet a fixed share of 1 / (b - m).
   *
   * [1] I. Waudby-Smith, A. Ramdas, Estimating means of bounded random variables by betting, JRSS B, 2023, section 4.
   */
  private static final double[] SHARES = {0.05, 0.1, 0.15, 0.25, 0.4, 0.6, 0.8, 0.95};

  /** Relative to the bound; far above what rounding does to sums, far below one row. */
  private static final double SLACK = 1e-9;

  private final double bound;
  private final double leastSum;
  private final double[] wealth = new double[SHARES.length];
  private int left;
  private double sum;
  private double largest = 1;

  /**
   * Creates a test that has seen no row.
   *
   * @param rows number N of rows, at least 1
   * @param bound largest absolute value of a row, positive and finite
   * @param leastSum the sum that is refuted: wealth is evidence that the sum is less
   * @throws IllegalArgumentException if a value is outside its range
   */
  public PairedBets(int rows, double bound, double leastSum) {
    if (rows < 1 || !(bound > 0 && bound < Double.POSITIVE_INFINITY) || Double.isNaN(leastSum)) {
      throw new IllegalArgumentException(
          String.format(
              "There are %d rows within %s and the sum to refute is %s; give at least 1 row, a"
                  + " positive bound and a number",
              rows, bound, leastSum));
    }
    this.left = rows;
    this.bound = bound;
    this.leastSum = leastSum;
    Arrays.fill(wealth, 1);
    settle();
  }

  /**
   * Takes the next row.
   *
   * @param value in [-bound, bound]
   * @throws IllegalArgumentException if the value is out of bounds
   * @throws IllegalStateException if all rows have been taken
   */
  public void add(double value) {
    if (left == 0) {
      throw new IllegalStateException("All rows have been taken; create a new test");
    }
    if (!(Math.abs(value) <= bound)) {
      throw new IllegalArgumentException(
          String.format("A row is %s; it must be within [-%s, %2$s]", value, bound));
    }
    bet(value, (leastSum - sum) / left);
    sum += value;
    left--;
    settle();
  }

  private void bet(double value, double mean) {
    double room = bound - mean;
    if (mean <= -bound || room <= SLACK * bound) {
      return;
    }
    for (int gambler = 0; gambler < SHARES.length; gambler++) {
      wealth[gambler] *= 1 + SHARES[gambler] * (mean - value) / room;
    }
  }

  private void settle() {
    boolean impossible = leastSum - sum > left * bound + SLACK * bound;
    largest = impossible ? Double.POSITIVE_INFINITY : Math.max(largest, wealth());
  }

  private double wealth() {
    return Arrays.stream(wealth).sum() / SHARES.length;
  }

  /**
   * Returns the largest wealth so far, at least 1; infinite when the rows left cannot make up the
   * sum. If the sum is not less, it reaches 1/level with a probability of at most the level.
   */
  public double largestWealth() {
    return largest;
  }
}
