package dev.tale.stats;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Bootstrap intervals: what a statistic of the rows would have been if other rows, like these, had
 * been drawn. The interval of a difference of two models is that of the mean of their differences,
 * row by row.
 *
 * <p>Resampling cannot see what no row shows: where all rows are equal, the interval is that one
 * value. For a single accuracy use {@link Wilson}, for a difference of two {@link Tango}. Equal
 * arguments give equal intervals, on every machine; the cost is that of computing the statistic
 * {@code resamples} times, and once more for each row with {@link #bca}.
 *
 * @param resamples number of times that as many rows as there are are drawn from them, with
 *     replacement; at least 100, and 2000 or more for a 95 % interval
 * @param seed seed of the draws
 */
public record Bootstrap(int resamples, long seed) {
  /*
   * Percentile: the quantiles of the statistic over the resamples. BCa moves the two probabilities by the bias z0, the
   * normal quantile of the share of resamples whose statistic is less than that of the rows (equal ones count half), and
   * by the acceleration a, one sixth of the skewness of the statistic as one row after the other is left out:
   *
   *   Phi(z0 + (z0 + z) / (1 - a (z0 + z))).
   *
   * Draws come from java.util.Random, which Java specifies. Quantiles are interpolated linearly (type 7 of Hyndman & Fan).
   *
   * [1] B. Efron, Better bootstrap confidence intervals, JASA 82, 1987.
   * [2] B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap, 1993, sections 13.3 and 14.3.
   */
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private static final int LEAST_RESAMPLES = 100;

  /**
   * Checks the number of resamples.
   *
   * @throws IllegalArgumentException if it is less than 100
   */
  public Bootstrap {
    if (resamples < LEAST_RESAMPLES) {
      throw new IllegalArgumentException(
          "resamples is " + resamples + "; give at least " + LEAST_RESAMPLES + ", such as 2000");
    }
  }

  /** Returns the mean of rows, the statistic of accuracies and of paired differences. */
  public static double mean(double[] rows) {
    return Arrays.stream(rows).sum() / rows.length;
  }

  /**
   * Returns the percentile interval of the mean.
   *
   * @param rows finite numbers, at least 2
   * @param confidence probability with which such intervals contain the true mean, strictly between
   *     0 and 1, for example 0.95; about, and less so for few rows
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public Interval percentile(double[] rows, double confidence) {
    return percentile(rows, Bootstrap::mean, confidence);
  }

  /**
   * Returns the percentile interval of a statistic.
   *
   * @param rows finite numbers, at least 2
   * @param statistic a function of any such rows that is never NaN; it must not keep its argument
   * @param confidence as for {@link #percentile(double[], double)}
   * @throws IllegalArgumentException if an argument is out of its range or the statistic is NaN
   */
  public Interval percentile(
      double[] rows, ToDoubleFunction<double[]> statistic, double confidence) {
    check(rows, confidence);
    return between(replicates(rows, statistic), (1 - confidence) / 2, (1 + confidence) / 2);
  }

  /**
   * Returns the bias-corrected and accelerated (BCa) interval of the mean, which is nearer to its
   * confidence than the percentile interval where rows are skewed.
   *
   * @param rows finite numbers, at least 2
   * @param confidence as for {@link #percentile(double[], double)}
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public Interval bca(double[] rows, double confidence) {
    return bca(rows, Bootstrap::mean, confidence);
  }

  /**
   * Returns the bias-corrected and accelerated (BCa) interval of a statistic.
   *
   * @param rows finite numbers, at least 2
   * @param statistic a function of any such rows, also of one row less, that is never NaN; it must
   *     not keep its argument
   * @param confidence as for {@link #percentile(double[], double)}
   * @throws IllegalArgumentException if an argument is out of its range or the statistic is NaN
   */
  public Interval bca(double[] rows, ToDoubleFunction<double[]> statistic, double confidence) {
    check(rows, confidence);
    return bca(rows, statistic, replicates(rows, statistic), confidence);
  }

  static Interval bca(
      double[] rows, ToDoubleFunction<double[]> statistic, double[] ascending, double confidence) {
    double bias = bias(ascending, statistic.applyAsDouble(rows));
    double acceleration = acceleration(rows, statistic);
    double z = NORMAL.inverseSurvivalProbability((1 - confidence) / 2);
    return between(ascending, moved(bias, acceleration, -z), moved(bias, acceleration, z));
  }

  private static double bias(double[] ascending, double observed) {
    double below = 0;
    for (double replicate : ascending) {
      below += replicate < observed ? 1 : replicate == observed ? 0.5 : 0;
    }
    // A statistic outside all its replicates would move the bounds infinitely far.
    double share = Math.max(0.5, Math.min(ascending.length - 0.5, below)) / ascending.length;
    return NORMAL.inverseCumulativeProbability(share);
  }

  /** One sixth of the skewness; 0 if leaving a row out changes nothing. */
  private static double acceleration(double[] rows, ToDoubleFunction<double[]> statistic) {
    double[] without = new double[rows.length];
    for (int row = 0; row < rows.length; row++) {
      without[row] = applied(statistic, without(rows, row));
    }
    double mean = mean(without);
    double squares = 0;
    double cubes = 0;
    for (double value : without) {
      double distance = mean - value;
      squares += distance * distance;
      cubes += distance * distance * distance;
    }
    return squares == 0 ? 0 : cubes / (6 * squares * Math.sqrt(squares));
  }

  private static double[] without(double[] rows, int row) {
    double[] rest = Arrays.copyOf(rows, rows.length - 1);
    System.arraycopy(rows, row + 1, rest, row, rest.length - row);
    return rest;
  }

  private static double moved(double bias, double acceleration, double z) {
    double room = 1 - acceleration * (bias + z);
    double moved = room > 0 ? (bias + z) / room : Math.copySign(Double.POSITIVE_INFINITY, bias + z);
    return NORMAL.cumulativeProbability(bias + moved);
  }

  private double[] replicates(double[] rows, ToDoubleFunction<double[]> statistic) {
    Random random = new Random(seed);
    double[] replicates = new double[resamples];
    double[] drawn = new double[rows.length];
    for (int i = 0; i < resamples; i++) {
      for (int row = 0; row < drawn.length; row++) {
        drawn[row] = rows[random.nextInt(rows.length)];
      }
      replicates[i] = applied(statistic, drawn);
    }
    Arrays.sort(replicates);
    return replicates;
  }

  private static double applied(ToDoubleFunction<double[]> statistic, double[] rows) {
    double value = statistic.applyAsDouble(rows);
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException(
          "The statistic of " + rows.length + " resampled rows is NaN; it must be a number");
    }
    return value;
  }

  private static Interval between(double[] ascending, double from, double to) {
    return new Interval(Quantile.of(ascending, from), Quantile.of(ascending, to));
  }

  private static void check(double[] rows, double confidence) {
    if (rows.length < 2) {
      throw new IllegalArgumentException(
          "There are " + rows.length + " rows to resample; give at least 2");
    }
    for (int row = 0; row < rows.length; row++) {
      if (!Double.isFinite(rows[row])) {
        throw new IllegalArgumentException(
            "Row " + row + " is " + rows[row] + "; give finite numbers");
      }
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "confidence is " + confidence + "; give a probability between 0 and 1, such as 0.95");
    }
  }
}
