package dev.tale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tale.estimate.Interval;
import java.util.Arrays;
import java.util.Random;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootstrapTest {
  private static final double[] ROWS = {0.9, 0.1, 0.4, 1.7, 0.2, 3.1, 0.05, 0.6};
  private static final double[] REPLICATES = {
    0.61, 0.72, 0.75, 0.79, 0.83, 0.86, 0.88, 0.88, 0.9, 0.93, 0.95, 0.99, 1.02, 1.06, 1.1, 1.17,
    1.21, 1.3, 1.42, 1.6
  };
  private static final double[] SPATIAL_A = {
    48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30,
    41
  };

  private final Bootstrap bootstrap = new Bootstrap(2000, 1);

  private static double variance(double[] rows) {
    double mean = Bootstrap.mean(rows);
    return Arrays.stream(rows).map(row -> (row - mean) * (row - mean)).sum() / rows.length;
  }

  private static void requireClose(Interval actual, double low, double high, double tolerance) {
    assertThat(actual.low()).isCloseTo(low, within(tolerance));
    assertThat(actual.high()).isCloseTo(high, within(tolerance));
  }

  /** Those of {@code scipy.stats.bootstrap} on the same replicates, see statistics_figures.py. */
  @Test
  void quantilesAreScipys() {
    assertThat(Quantile.of(REPLICATES, 0.025)).isCloseTo(0.66225, within(1e-12));
    assertThat(Quantile.of(REPLICATES, 0.975)).isCloseTo(1.5145, within(1e-12));
    assertThat(Quantile.of(REPLICATES, 0)).isEqualTo(0.61);
    assertThat(Quantile.of(REPLICATES, 1)).isEqualTo(1.6);
  }

  /** The confidence whose expanded interval of n rows is the percentile interval of another. */
  private static double narrowed(double confidence, int n) {
    double z = NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - confidence) / 2);
    double t = z * Math.sqrt((n - 1.0) / n);
    return 1 - 2 * TDistribution.of(n - 1).survivalProbability(t);
  }

  private static double[] rows(double[] rows, int[] drawn) {
    return Arrays.stream(drawn).mapToDouble(row -> rows[row]).toArray();
  }

  /** The quantiles of the mean over the resamples that the documented draws give. */
  private static Interval percentile(Bootstrap bootstrap, double[] rows, double confidence) {
    Random random = new Random(bootstrap.seed());
    double[] means = new double[bootstrap.resamples()];
    Arrays.setAll(
        means,
        i ->
            Arrays.stream(rows).map(unused -> rows[random.nextInt(rows.length)]).sum()
                / rows.length);
    Arrays.sort(means);
    double outside = (1 - confidence) / 2;
    return new Interval(Quantile.of(means, outside), Quantile.of(means, 1 - outside));
  }

  /**
   * B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), table 14.1: the 90 %
   * interval of the variance, of 2000 resamples, whose own error is 2; and that of scipy, of
   * 500,000 resamples, see statistics_figures.py.
   */
  @Test
  void theSpatialTestData() {
    Bootstrap many = new Bootstrap(20_000, 1);
    assertThat(variance(SPATIAL_A)).isCloseTo(171.5, within(0.05));
    Interval percentile =
        many.expanded(
            drawn -> variance(rows(SPATIAL_A, drawn[0])),
            narrowed(0.9, SPATIAL_A.length),
            SPATIAL_A.length);
    requireClose(percentile, 100.8, 233.9, 4);
    requireClose(percentile, 97.79, 235.79, 1.5);
  }

  /** Near normal, both are mean -+ z standard errors. */
  @Test
  void manyRows_bothAreTheNormalInterval() {
    Random random = new Random(3);
    double[] rows = random.doubles(2_000).toArray();
    double half = 1.96 * Math.sqrt(variance(rows) / rows.length);
    double mean = Bootstrap.mean(rows);
    Bootstrap many = new Bootstrap(5_000, 2);
    requireClose(percentile(many, rows, 0.95), mean - half, mean + half, 0.1 * half);
    requireClose(many.expanded(rows, 0.95), mean - half, mean + half, 0.1 * half);
  }

  /** Of 13 rows: the quantiles at Phi(-+ sqrt(13 / 12) t), t = 2.17881 with 12 degrees. */
  @Test
  void expanded_isThePercentileIntervalOfAHigherConfidence() {
    double[] rows = new Random(4).doubles(13).toArray();
    double outside = 0.0116713;
    Interval expected = percentile(bootstrap, rows, 1 - 2 * outside);
    requireClose(bootstrap.expanded(rows, 0.95), expected.low(), expected.high(), 1e-5);
    Interval narrow = percentile(bootstrap, rows, 0.95);
    assertThat(expected.low()).isLessThan(narrow.low());
    assertThat(expected.high()).isGreaterThan(narrow.high());
  }

  /** Of 1000 samples of so many normal rows; the percentile interval holds the mean of 0.88. */
  @Test
  void coverage_ofTheMeanOfFewRows() {
    Random random = new Random(5);
    int expanded = 0;
    int percentile = 0;
    for (int sample = 0; sample < 1000; sample++) {
      double[] rows = random.doubles(8).map(unused -> random.nextGaussian()).toArray();
      Bootstrap resamples = new Bootstrap(600, sample);
      expanded += resamples.expanded(rows, 0.95).contains(0) ? 1 : 0;
      percentile += percentile(resamples, rows, 0.95).contains(0) ? 1 : 0;
    }
    assertThat(expanded).isBetween(915, 965);
    assertThat(percentile).isLessThan(905);
  }

  /** Of 400 samples of 30 exponential rows, the 90 % intervals hold the mean about so often. */
  @Test
  void coverage_ofASkewedMean() {
    Random random = new Random(5);
    int held = 0;
    for (int sample = 0; sample < 400; sample++) {
      double[] rows = random.doubles(30).map(u -> -Math.log(1 - u)).toArray();
      held += new Bootstrap(400, sample).expanded(rows, 0.9).contains(1) ? 1 : 0;
    }
    assertThat(held).isBetween(330, 376);
  }

  /** The interval of a paired difference is about Tango's. */
  @Test
  void pairedDifference_isAboutTangos() {
    double[] differences = new double[400];
    Arrays.fill(differences, 0, 40, 1);
    Arrays.fill(differences, 40, 60, -1);
    Interval tango = Tango.interval(40, 20, 400, 0.95);
    requireClose(bootstrap.expanded(differences, 0.95), tango.low(), tango.high(), 0.006);
  }

  /** Samples are drawn apart: the variance of a difference is the sum of both. */
  @Test
  void severalSamples() {
    double[] one = new Random(6).doubles(100).toArray();
    double[] other = new Random(7).doubles(50).toArray();
    Interval interval =
        bootstrap.expanded(
            rows -> Bootstrap.mean(one, rows[0]) - Bootstrap.mean(other, rows[1]), 0.95, 100, 50);
    double difference = Bootstrap.mean(one) - Bootstrap.mean(other);
    double half = 1.96 * Math.sqrt(variance(one) / 100 + variance(other) / 50);
    requireClose(interval, difference - half, difference + half, 0.1 * half);
  }

  @Test
  void equalSeeds_giveEqualIntervals() {
    assertThat(bootstrap.expanded(ROWS, 0.95))
        .isEqualTo(new Bootstrap(2000, 1).expanded(ROWS, 0.95));
    assertThat(bootstrap.expanded(ROWS, 0.95))
        .isNotEqualTo(new Bootstrap(2000, 2).expanded(ROWS, 0.95));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, 0.1, -3})
  void allRowsEqual_isThatValue(double value) {
    double[] rows = new double[7];
    Arrays.fill(rows, value);
    requireClose(bootstrap.expanded(rows, 0.95), value, value, 1e-15);
  }

  @Test
  void tooFewOrNoNumbers_areRefused() {
    refused("There are 0 rows", new double[0], 0.95);
    refused("There are 1 rows", new double[] {1}, 0.95);
    refused("Row 1 is NaN", new double[] {1, Double.NaN}, 0.95);
    refused("Row 0 is Infinity", new double[] {Double.POSITIVE_INFINITY, 1}, 0.95);
    refused("confidence is 95.0", ROWS, 95);
    refused("confidence is NaN", ROWS, Double.NaN);
    assertThatThrownBy(() -> bootstrap.expanded(rows -> 1, 0.95))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no samples");
    assertThatThrownBy(() -> bootstrap.expanded(rows -> 1, 0.95, 5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("There are 1 rows");
    assertThatThrownBy(() -> bootstrap.expanded(rows -> Double.NaN, 0.95, ROWS.length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is NaN");
    assertThatThrownBy(() -> new Bootstrap(99, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("resamples is 99");
  }

  private void refused(String message, double[] rows, double confidence) {
    assertThatThrownBy(() -> bootstrap.expanded(rows, confidence))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
