package dev.tale.stats;

import dev.tale.estimate.Interval;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** Tango's score interval of the difference between two accuracies on the same rows. */
public final class Tango {
  /*
   * The differences d that a two-sided score test does not reject: |gained - lost - n d| <= z sqrt(n (2 q + d (1 - d))),
   * where q, the probability that a row is lost, is the most likely one if the difference is d: the larger root of
   * 2n q^2 + (d (2n - gained + lost) - gained - lost) q - d (1 - d) lost = 0. The statistic falls as d rises, so each bound
   * is found by halving. For d = 0 it is McNemar's without continuity correction, and for gained = lost = 0 the bounds are
   * -+ z^2 / (n + z^2). Unlike the Wald interval it stays within [-1, 1] and keeps its coverage for few differing rows.
   *
   * [1] T. Tango, Equivalence test and confidence interval for the difference in proportions for the paired-sample design,
   *     Statistics in Medicine 17, 1998.
   * [2] M. W. Fagerland, S. Lydersen, P. Laake, Recommended tests and confidence intervals for paired binomial proportions,
   *     Statistics in Medicine 33, 2014: recommends it.
   */
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /** Enough for the bounds to be next to each other. */
  private static final int HALVINGS = 60;

  private final int gained;
  private final int lost;
  private final int total;

  private Tango(int gained, int lost, int total) {
    this.gained = gained;
    this.lost = lost;
    this.total = total;
  }

  /**
   * Returns the interval of {@code (gained - lost) / total}, the accuracy of the second model minus
   * that of the first. It contains that difference and lies within [-1, 1]; for {@code total} 0, of
   * which nothing is known, it is [-1, 1].
   *
   * <p>It goes with the score test; near its bounds, {@link McNemar#exact}, which errs on the safe
   * side, may say otherwise whether the difference is 0.
   *
   * @param gained number of rows that only the second model has right, at least 0
   * @param lost number of rows that only the first model has right, at least 0
   * @param total number of rows, at least {@code gained + lost}
   * @param confidence probability with which such intervals contain the true difference, strictly
   *     between 0 and 1, for example 0.95
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public static Interval interval(int gained, int lost, int total, double confidence) {
    check(gained, lost, total, confidence);
    if (total == 0) {
      return new Interval(-1, 1);
    }
    double z = NORMAL.inverseSurvivalProbability((1 - confidence) / 2);
    // By symmetry the upper bound is minus the lower bound of the loss.
    double low = new Tango(gained, lost, total).low(z);
    double high = -new Tango(lost, gained, total).low(z);
    return new Interval(low, high);
  }

  private double low(double z) {
    double rejected = -1;
    double within = (gained - lost) / (double) total;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (rejected + within) / 2;
      if (score(middle) > z) {
        rejected = middle;
      } else {
        within = middle;
      }
    }
    return within;
  }

  private double score(double difference) {
    double n = total;
    double variance = n * (2 * lossProbability(difference) + difference * (1 - difference));
    double excess = gained - lost - n * difference;
    return variance > 0 ? excess / Math.sqrt(variance) : Double.POSITIVE_INFINITY;
  }

  /** The most likely probability that a row is lost, if the difference is this. */
  private double lossProbability(double difference) {
    double n = total;
    double b = -gained - lost + (2 * n - gained + lost) * difference;
    double c = -lost * difference * (1 - difference);
    double root = Math.sqrt(Math.max(0, b * b - 8 * n * c));
    return (root - b) / (4 * n);
  }

  private static void check(int gained, int lost, int total, double confidence) {
    if (gained < 0 || lost < 0 || (long) gained + lost > total) {
      throw new IllegalArgumentException(
          String.format(
              "%d rows are gained and %d lost of total %d; they must be at least 0 and together at"
                  + " most the total",
              gained, lost, total));
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "confidence is " + confidence + "; give a probability between 0 and 1, such as 0.95");
    }
  }
}
