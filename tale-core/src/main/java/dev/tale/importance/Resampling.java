package dev.tale.importance;

import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import dev.tale.stats.Bootstrap;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Estimates with the interval that {@link Bootstrap} gives them. A function of values and seed.
 *
 * <p>Implementation note: every measure here is a mean of one value per row, or is linearised to be
 * one, or is made of such means. Every call starts from the seed, so that the layers of a model are
 * measured on the same draws. O(rows x draws).
 *
 * @param seed of the draws
 */
record Resampling(long seed) {
  private static final double CONFIDENCE = 0.95;
  private static final int DRAWS = 2000;

  /** Wide intervals end where few draws are. */
  private static final int DRAWS_OF_FAMILY = 10_000;

  /** The mean of one value per row, with its 95 % interval. */
  Estimate mean(double[] values) {
    return estimate(rows -> Bootstrap.mean(values, rows[0]), CONFIDENCE, DRAWS, values.length);
  }

  /**
   * The mean of one value per row, with an interval that is one of several, which all hold together
   * at 95 % (Bonferroni).
   */
  Estimate meanOfFamily(double[] values, int members) {
    double confidence = 1 - (1 - CONFIDENCE) / members;
    return estimate(
        rows -> Bootstrap.mean(values, rows[0]), confidence, DRAWS_OF_FAMILY, values.length);
  }

  /** The absolute mean of one value per row; its interval begins at 0 if the mean can be 0. */
  Estimate absoluteMean(double[] values) {
    Estimate mean = mean(values);
    double one = Math.abs(mean.interval().low());
    double other = Math.abs(mean.interval().high());
    double low = mean.interval().contains(0) ? 0 : Math.min(one, other);
    return new Estimate(Math.abs(mean.value()), new Interval(low, Math.max(one, other)));
  }

  /**
   * A statistic of one or more independent samples, with its 95 % interval.
   *
   * @param statistic of the drawn rows of each sample
   * @param sizes number of rows of each sample, at least 2
   */
  Estimate of(ToDoubleFunction<int[][]> statistic, int... sizes) {
    return estimate(statistic, CONFIDENCE, DRAWS, sizes);
  }

  private Estimate estimate(
      ToDoubleFunction<int[][]> statistic, double confidence, int draws, int... sizes) {
    int[][] all =
        Arrays.stream(sizes)
            .mapToObj(size -> IntStream.range(0, size).toArray())
            .toArray(int[][]::new);
    Interval interval = new Bootstrap(draws, seed).expanded(statistic, confidence, sizes);
    return Estimate.in(statistic.applyAsDouble(all), interval);
  }
}
