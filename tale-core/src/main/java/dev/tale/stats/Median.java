package dev.tale.stats;

import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import java.util.Arrays;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/** The median of a sample as an estimate of the population's. */
public final class Median {
  /*
   * Each value is below the population's median with probability 1/2, so the number of those below is binomial, whatever
   * the distribution: the k-th smallest and the k-th largest value enclose the median with probability 1 - 2 P(B <= k - 1),
   * B ~ Bin(n, 1/2). k is the largest that keeps the confidence. Ties only add coverage.
   *
   * [1] W. R. Thompson, On confidence ranges for the median and other expectation distributions, Annals of Mathematical Statistics 7, 1936.
   * [2] W. J. Conover, Practical Nonparametric Statistics, 3rd edition, 1999, section 3.2.
   */

  private Median() {}

  /**
   * Returns the median and the interval between two order statistics, which assumes nothing of the
   * distribution but that the values are independent.
   *
   * @param values finite, so many that the smallest and the largest enclose the median with the
   *     confidence: at 0.95 at least 6
   * @param confidence least probability with which such intervals contain the population's median,
   *     strictly between 0 and 1
   * @throws IllegalArgumentException if there are too few values, one is not finite, or the
   *     confidence is out of its range
   */
  public static Estimate of(double[] values, double confidence) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int rank = rank(sorted.length, confidence);
    requireFinite(sorted);
    int n = sorted.length;
    double middle = sorted[(n - 1) / 2] / 2 + sorted[n / 2] / 2;
    return new Estimate(middle, new Interval(sorted[rank - 1], sorted[n - rank]));
  }

  /** Returns k, counted from 1. */
  static int rank(int n, double confidence) {
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "confidence is " + confidence + "; give a probability between 0 and 1, such as 0.95");
    }
    BinomialDistribution below = BinomialDistribution.of(n, 0.5);
    int rank = 0;
    while (2 * rank < n && 2 * below.cumulativeProbability(rank) <= 1 - confidence) {
      rank++;
    }
    if (rank == 0) {
      throw new IllegalArgumentException(
          n
              + " values have no interval of their median at confidence "
              + confidence
              + "; give more values, at 0.95 at least 6");
    }
    return rank;
  }

  private static void requireFinite(double[] sorted) {
    for (double value : sorted) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("A value is " + value + "; leave it out");
      }
    }
  }
}
