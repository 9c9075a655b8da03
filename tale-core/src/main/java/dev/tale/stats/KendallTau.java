package dev.tale.stats;

import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import java.util.Optional;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * How far two lists of values put the same things in the same order: Kendall's tau-b, in which ties
 * of either list are accounted for. It is in [-1, 1]: 1 if both orders agree, 0 if they have
 * nothing to do with each other.
 */
public final class KendallTau {
  /*
   * Of the pairs of things, C are in the same order in both lists and D in opposite orders; n0 = n (n - 1) / 2 are all pairs,
   * n1 and n2 those that are tied in the one list and in the other:
   *
   *   tau-b = (C - D) / sqrt((n0 - n1) (n0 - n2))                                                                      [1]
   *
   * O(n^2), for layers are few. The interval takes atanh(tau) for normal with variance 0.437 / (n - 4) [2]; for 4 things or
   * fewer nothing is known and it is [-1, 1]. Where all pairs agree, atanh is infinite: it is taken of 1 - 1 / n0 instead,
   * half a pair less, so that few layers in the same order are not taken for certainty.
   *
   * [1] M. G. Kendall, The treatment of ties in ranking problems, Biometrika 33, 1945.
   * [2] D. G. Bonett, T. A. Wright, Sample size requirements for estimating Pearson, Kendall and Spearman correlations,
   *     Psychometrika 65, 2000; the variance is from E. C. Fieller, H. O. Hartley, E. S. Pearson, Biometrika 44, 1957.
   */
  private static final double VARIANCE = 0.437;

  private static final double Z = NormalDistribution.of(0, 1).inverseSurvivalProbability(0.025);

  private KendallTau() {}

  /**
   * Returns the agreement of two lists, with its 95 % interval over the choice of things; empty if
   * all values of one of them are tied, so that it puts nothing in order.
   *
   * @param first values of n things, none NaN
   * @param second other values of the same things, in the same order, none NaN
   * @throws IllegalArgumentException if the lists differ in length, or a value is NaN
   */
  public static Optional<Estimate> of(double[] first, double[] second) {
    check(first, second);
    int n = first.length;
    double agreeing = 0;
    double untiedFirst = 0;
    double untiedSecond = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        int one = order(first[i], first[j]);
        int other = order(second[i], second[j]);
        agreeing += one * other;
        untiedFirst += Math.abs(one);
        untiedSecond += Math.abs(other);
      }
    }
    if (untiedFirst == 0 || untiedSecond == 0) {
      return Optional.empty();
    }
    double tau = agreeing / Math.sqrt(untiedFirst * untiedSecond);
    double bounded = Math.max(-1, Math.min(1, tau));
    return Optional.of(new Estimate(bounded, interval(bounded, n)));
  }

  private static Interval interval(double tau, int n) {
    if (n <= 4) {
      return new Interval(-1, 1);
    }
    double limit = 1 - 2.0 / (n * (n - 1.0));
    double inner = Math.max(-limit, Math.min(limit, tau));
    double middle = 0.5 * Math.log((1 + inner) / (1 - inner));
    double half = Z * Math.sqrt(VARIANCE / (n - 4));
    return new Interval(
        Math.min(tau, Math.tanh(middle - half)), Math.max(tau, Math.tanh(middle + half)));
  }

  /** By value: 0.0 and -0.0 are tied. */
  private static int order(double one, double other) {
    return one < other ? -1 : one > other ? 1 : 0;
  }

  private static void check(double[] first, double[] second) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "The lists have "
              + first.length
              + " and "
              + second.length
              + " values; give two values of each thing");
    }
    for (int i = 0; i < first.length; i++) {
      if (Double.isNaN(first[i]) || Double.isNaN(second[i])) {
        throw new IllegalArgumentException(
            "Value "
                + i
                + " is "
                + first[i]
                + " and "
                + second[i]
                + "; NaN has no place in an order, leave it out");
      }
    }
  }
}
