package dev.tale.stats;

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
   * 1 + lambda (m - x), which is positive for lambda < 1 / (b - m) and has an expectation of at most 1. The bet is what
   * makes wealth grow fastest, to second order, if the next rows are like those so far: (m - mean) / (variance +
   * (m - mean)^2). Imagined rows stand in for those so far until there are enough of them: a pair of a candidate that is
   * a little worse and differs from the leader on about a fifth of the rows. Any other bet would be as valid.
   *
   * [1] I. Waudby-Smith, A. Ramdas, Estimating means of bounded random variables by betting, JRSS B, 2023, section 4
   *     and appendix B.3.
   */
  private static final int IMAGINED_ROWS = 100;
  private static final double IMAGINED_MEAN = -0.05;
  private static final double IMAGINED_VARIANCE = 0.18;

  /** Of the bet at which one row could ruin the gambler. */
  private static final double MOST = 0.95;

  /** Relative to the bound; far above what rounding does to sums, far below one row. */
  private static final double SLACK = 1e-9;

  private final double bound;
  private final double leastSum;
  private int seen;
  private int left;
  private double sum;
  private double squares;
  private double wealth = 1;
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
    squares += value * value;
    seen++;
    left--;
    settle();
  }

  private void bet(double value, double mean) {
    double room = bound - mean;
    if (mean <= -bound || room <= SLACK * bound) {
      return;
    }
    wealth *= 1 + Math.min(bestBet(mean), MOST / room) * (mean - value);
  }

  private double bestBet(double mean) {
    double rows = IMAGINED_ROWS + seen;
    double expected = (IMAGINED_ROWS * IMAGINED_MEAN * bound + sum) / rows;
    double imagined = (IMAGINED_VARIANCE + IMAGINED_MEAN * IMAGINED_MEAN) * bound * bound;
    double variance = (IMAGINED_ROWS * imagined + squares) / rows - expected * expected;
    double gain = Math.max(0, mean - expected);
    return gain / (variance + gain * gain);
  }

  private void settle() {
    boolean impossible = leastSum - sum > left * bound + SLACK * bound;
    largest = impossible ? Double.POSITIVE_INFINITY : Math.max(largest, wealth);
  }

  /**
   * Returns the largest wealth so far, at least 1; infinite when the rows left cannot make up the
   * sum. If the sum is not less, it reaches 1/level with a probability of at most the level.
   */
  public double largestWealth() {
    return largest;
  }
}
