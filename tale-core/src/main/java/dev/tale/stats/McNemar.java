package dev.tale.stats;

import org.apache.commons.statistics.distribution.BinomialDistribution;

/** McNemar's test of two models on the same rows, in its exact form. */
public final class McNemar {
  /*
   * Only rows that one model has right and the other wrong say which is better. If neither is, each of those n rows falls
   * to either side with probability 1/2, so the smaller side is binomial(n, 1/2); the distribution is symmetric, so the
   * two-sided p-value is twice its lower tail, at most 1.
   *
   * [1] Q. McNemar, Note on the sampling error of the difference between correlated proportions, Psychometrika 12, 1947.
   */
  private McNemar() {}

  /**
   * Returns the exact two-sided p-value of the hypothesis that both models are equally accurate; 1
   * if there is no row on which they differ.
   *
   * @param onlyFirst number of rows that only the first model has right, at least 0
   * @param onlySecond number of rows that only the second model has right, at least 0
   * @throws IllegalArgumentException if a number is negative, or their sum exceeds an int
   */
  public static double exact(int onlyFirst, int onlySecond) {
    int differing = onlyFirst + onlySecond;
    if (onlyFirst < 0 || onlySecond < 0 || differing < 0) {
      throw new IllegalArgumentException(
          "The differing rows are "
              + onlyFirst
              + " and "
              + onlySecond
              + "; both must be at least 0 and their sum an int");
    }
    int fewer = Math.min(onlyFirst, onlySecond);
    double tail = BinomialDistribution.of(differing, 0.5).cumulativeProbability(fewer);
    return Math.min(1, 2 * tail);
  }
}
