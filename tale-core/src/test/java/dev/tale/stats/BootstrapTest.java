package dev.tale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  /** {@code scipy.stats.bootstrap} on the same replicates, see statistics_figures.py. */
  @ParameterizedTest
  @CsvSource({
    "0.95, 0.643812543178645, 1.452737395294379",
    "0.8, 0.7191409993945085, 1.182883793887192",
    "0.5, 0.7700918253970201, 0.9849214647685001"
  })
  void bca_scipyOnTheSameReplicates(double confidence, double low, double high) {
    Interval interval = Bootstrap.bca(ROWS, Bootstrap::mean, REPLICATES, confidence);
    requireClose(interval, low, high, 1e-12);
  }

  /** Those of {@code scipy.stats.bootstrap} on the same replicates, likewise. */
  @Test
  void quantilesAreScipys() {
    assertThat(Quantile.of(REPLICATES, 0.025)).isCloseTo(0.66225, within(1e-12));
    assertThat(Quantile.of(REPLICATES, 0.975)).isCloseTo(1.5145, within(1e-12));
    assertThat(Quantile.of(REPLICATES, 0)).isEqualTo(0.61);
    assertThat(Quantile.of(REPLICATES, 1)).isEqualTo(1.6);
  }

  /**
   * B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), tables 14.1 and 14.2: 90 %
   * intervals of the variance, of 2000 resamples, whose own error is 2; and those of scipy, of
   * 500,000 resamples, see statistics_figures.py.
   */
  @Test
  void theSpatialTestData() {
    Bootstrap many = new Bootstrap(20_000, 1);
    assertThat(variance(SPATIAL_A)).isCloseTo(171.5, within(0.05));
    Interval percentile = many.percentile(SPATIAL_A, BootstrapTest::variance, 0.9);
    requireClose(percentile, 100.8, 233.9, 4);
    requireClose(percentile, 97.79, 235.79, 1.5);
    Interval bca = many.bca(SPATIAL_A, BootstrapTest::variance, 0.9);
    requireClose(bca, 115.8, 259.6, 4);
    requireClose(bca, 115.46, 261.02, 1.5);
  }

  /** Near normal, both are mean -+ z standard errors. */
  @Test
  void manyRows_bothAreTheNormalInterval() {
    Random random = new Random(3);
    double[] rows = random.doubles(2_000).toArray();
    double half = 1.96 * Math.sqrt(variance(rows) / rows.length);
    double mean = Bootstrap.mean(rows);
    Bootstrap many = new Bootstrap(5_000, 2);
    requireClose(many.percentile(rows, 0.95), mean - half, mean + half, 0.1 * half);
    requireClose(many.bca(rows, 0.95), mean - half, mean + half, 0.1 * half);
  }

  /** The interval of a paired difference is about Tango's. */
  @Test
  void pairedDifference_isAboutTangos() {
    double[] differences = new double[400];
    Arrays.fill(differences, 0, 40, 1);
    Arrays.fill(differences, 40, 60, -1);
    Interval tango = Tango.interval(40, 20, 400, 0.95);
    requireClose(bootstrap.percentile(differences, 0.95), tango.low(), tango.high(), 0.006);
    requireClose(bootstrap.bca(differences, 0.95), tango.low(), tango.high(), 0.006);
  }

  /** Of 400 samples of 30 exponential rows, the 90 % intervals hold the mean about so often. */
  @Test
  void coverage_ofASkewedMean() {
    Random random = new Random(5);
    int held = 0;
    for (int sample = 0; sample < 400; sample++) {
      double[] rows = random.doubles(30).map(u -> -Math.log(1 - u)).toArray();
      held += new Bootstrap(400, sample).bca(rows, 0.9).contains(1) ? 1 : 0;
    }
    assertThat(held).isBetween(330, 376);
  }

  @Test
  void equalSeeds_giveEqualIntervals() {
    assertThat(bootstrap.bca(ROWS, 0.95)).isEqualTo(new Bootstrap(2000, 1).bca(ROWS, 0.95));
    assertThat(bootstrap.bca(ROWS, 0.95)).isNotEqualTo(new Bootstrap(2000, 2).bca(ROWS, 0.95));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, 0.1, -3})
  void allRowsEqual_isThatValue(double value) {
    double[] rows = new double[7];
    Arrays.fill(rows, value);
    requireClose(bootstrap.percentile(rows, 0.95), value, value, 1e-15);
    requireClose(bootstrap.bca(rows, 0.95), value, value, 1e-15);
  }

  /** The largest row is outside all but its own replicates. */
  @Test
  void bca_ofTheMaximum_staysWithinTheReplicates() {
    Interval interval = bootstrap.bca(ROWS, rows -> Arrays.stream(rows).max().orElseThrow(), 0.95);
    assertThat(interval.high()).isEqualTo(3.1);
    Interval outside = Bootstrap.bca(ROWS, rows -> 5, REPLICATES, 0.95);
    assertThat(outside.low()).isBetween(0.61, 1.6);
    assertThat(outside.high()).isCloseTo(1.6, within(1e-6));
  }

  @Test
  void tooFewOrNoNumbers_areRefused() {
    refused("There are 0 rows", new double[0], 0.95);
    refused("There are 1 rows", new double[] {1}, 0.95);
    refused("Row 1 is NaN", new double[] {1, Double.NaN}, 0.95);
    refused("Row 0 is Infinity", new double[] {Double.POSITIVE_INFINITY, 1}, 0.95);
    refused("confidence is 95.0", ROWS, 95);
    refused("confidence is NaN", ROWS, Double.NaN);
    assertThatThrownBy(() -> bootstrap.bca(ROWS, rows -> Double.NaN, 0.95))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is NaN");
    assertThatThrownBy(() -> new Bootstrap(99, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("resamples is 99");
  }

  private void refused(String message, double[] rows, double confidence) {
    assertThatThrownBy(() -> bootstrap.percentile(rows, confidence))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(() -> bootstrap.bca(rows, confidence))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
