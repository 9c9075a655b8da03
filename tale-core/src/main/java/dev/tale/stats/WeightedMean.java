package dev.tale.stats;

import dev.tale.estimate.Interval;
import java.util.List;

/**
 * The interval of a weighted mean of independent proportions, such as accuracies of several tasks.
 */
public final class WeightedMean {
  /*
   * The method of variance estimates recovery (MOVER), also called square and add: the distance from an estimate p_i to its
   * own bound says what its variance is near that bound, and variances of independent estimates add. For the mean
   * p = sum w_i p_i with every w_i >= 0, and [l_i, u_i] the interval of p_i:
   *
   *   low = p - sqrt(sum w_i^2 (p_i - l_i)^2), high = p + sqrt(sum w_i^2 (u_i - p_i)^2).
   *
   * A square root of a sum of squares is at most the sum, so the interval stays within [sum w_i l_i, sum w_i u_i], and so
   * within [0, 1]; for one proportion it is that proportion's own interval.
   *
   * [1] G. Y. Zou, W. Huang, X. Zhang, A note on confidence interval estimation for a linear function of binomial
   *     proportions, Computational Statistics & Data Analysis 53, 2009.
   * [2] R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17,
   *     1998, method 10: the same for two proportions.
   */
  private WeightedMean() {}

  /**
   * A proportion that the mean is taken of.
   *
   * @param weight its share of the mean, in [0, 1]
   * @param estimate the estimated proportion
   * @param interval the estimate's own interval, which contains it
   */
  public record Stratum(double weight, double estimate, Interval interval) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the weight is outside [0, 1], or the estimate outside its
     *     interval
     */
    public Stratum {
      if (!(weight >= 0 && weight <= 1)) {
        throw new IllegalArgumentException(
            "weight is " + weight + "; give a share of the mean in [0, 1]");
      }
      if (!interval.contains(estimate)) {
        throw new IllegalArgumentException(
            "estimate is "
                + estimate
                + ", but its interval is "
                + interval
                + "; it must contain it");
      }
    }

    private double squaredDistance(double bound) {
      double distance = weight * (bound - estimate);
      return distance * distance;
    }
  }

  /**
   * Returns the interval of {@code mean} at the confidence of the strata's own intervals. It
   * contains {@code mean}.
   *
   * @param mean the weighted mean of the strata's estimates, in [0, 1]
   * @param strata the proportions, from independent rows; their weights add up to 1
   */
  public static Interval interval(double mean, List<Stratum> strata) {
    double below = 0;
    double above = 0;
    for (Stratum stratum : strata) {
      below += stratum.squaredDistance(stratum.interval().low());
      above += stratum.squaredDistance(stratum.interval().high());
    }
    // Rounding must not leave [0, 1].
    return new Interval(Math.max(0, mean - Math.sqrt(below)), Math.min(1, mean + Math.sqrt(above)));
  }
}
