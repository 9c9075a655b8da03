package dev.tale.importance;

import dev.tale.stats.Interval;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Percentile bootstrap: the interval that holds most of what a statistic comes to when rows are
 * drawn again with replacement. A function of values and seed.
 *
 * <p>Implementation note: every measure here is a mean of one value per row, or is linearised to be
 * one, or is made of such means. Every call starts from the seed, so that the layers of a model are
 * measured on the same draws. O(rows x draws). Reference: B. Efron, R. J. Tibshirani, An
 * Introduction to the Bootstrap, 1993, chapter 13.
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
    return estimate(rows -> mean(values, rows[0]), CONFIDENCE, DRAWS, values.length);
  }

  /**
   * The mean of one value per row, with an interval that is one of several, which all hold together
   * at 95 % (Bonferroni).
   */
  Estimate meanOfFamily(double[] values, int members) {
    double confidence = 1 - (1 - CONFIDENCE) / members;
    return estimate(rows -> mean(values, rows[0]), confidence, DRAWS_OF_FAMILY, values.length);
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
   * @param sizes number of rows of each sample
   */
  Estimate of(ToDoubleFunction<int[][]> statistic, int... sizes) {
    return estimate(statistic, CONFIDENCE, DRAWS, sizes);
  }

  private Estimate estimate(
      ToDoubleFunction<int[][]> statistic, double confidence, int draws, int... sizes) {
    double value = statistic.applyAsDouble(all(sizes));
    SplittableRandom random = new SplittableRandom(seed);
    double[] drawn = new double[draws];
    Arrays.setAll(drawn, i -> statistic.applyAsDouble(draw(random, sizes)));
    Arrays.sort(drawn);
    int outside = (int) (draws * (1 - confidence) / 2);
    double low = Math.min(value, drawn[outside]);
    return new Estimate(value, new Interval(low, Math.max(value, drawn[draws - 1 - outside])));
  }

  private static int[][] all(int[] sizes) {
    return Arrays.stream(sizes)
        .mapToObj(size -> IntStream.range(0, size).toArray())
        .toArray(int[][]::new);
  }

  private static int[][] draw(SplittableRandom random, int[] sizes) {
    int[][] rows = new int[sizes.length][];
    for (int sample = 0; sample < sizes.length; sample++) {
      rows[sample] = new int[sizes[sample]];
      for (int i = 0; i < sizes[sample]; i++) {
        rows[sample][i] = random.nextInt(sizes[sample]);
      }
    }
    return rows;
  }

  static double mean(double[] values, int[] rows) {
    double sum = 0;
    for (int row : rows) {
      sum += values[row];
    }
    return sum / rows.length;
  }
}
