package dev.tale.stats;

import dev.tale.estimate.Interval;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** The Wilson score interval of a proportion, without continuity correction. */
public final class Wilson {
  /*
   * The proportions p that a two-sided score test does not reject: |correct/total - p| <= z sqrt(p (1 - p) / total),
   * z the normal quantile. Solved for p: (correct + z^2/2 -+ z sqrt(correct (total - correct) / total + z^2/4)) / (total + z^2).
   * Unlike the Wald interval it stays within [0, 1] and keeps its coverage near 0 and 1.
   *
   * [1] E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22, 1927.
   * [2] R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 1998, method 3.
   */
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private Wilson() {}

  /**
   * Returns the interval of the accuracy {@code correct / total}. It contains that accuracy and
   * lies within [0, 1]; for {@code total} 0, of which nothing is known, it is [0, 1].
   *
   * @param correct number of right answers, 0 to {@code total}
   * @param total number of answers, at least 0
   * @param confidence probability with which such intervals contain the true accuracy, strictly
   *     between 0 and 1, for example 0.95
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public static Interval interval(int correct, int total, double confidence) {
    check(correct, total, confidence);
    if (total == 0) {
      return new Interval(0, 1);
    }
    double z = NORMAL.inverseSurvivalProbability((1 - confidence) / 2);
    // By symmetry the upper bound is 1 minus the lower bound of the wrong answers.
    return new Interval(low(correct, total, z), 1 - low(total - correct, total, z));
  }

  private static double low(int correct, int total, double z) {
    double share = (double) correct / total;
    double middle = correct + z * z / 2;
    double half = z * Math.sqrt(share * (total - correct) + z * z / 4);
    // Rounding must neither leave [0, 1] nor exclude the accuracy itself.
    return correct == 0 ? 0 : Math.max(0, Math.min(share, (middle - half) / (total + z * z)));
  }

  private static void check(int correct, int total, double confidence) {
    if (total < 0 || correct < 0 || correct > total) {
      throw new IllegalArgumentException(
          "correct is " + correct + " of total " + total + "; 0 <= correct <= total must hold");
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "confidence is " + confidence + "; give a probability between 0 and 1, such as 0.95");
    }
  }
}
