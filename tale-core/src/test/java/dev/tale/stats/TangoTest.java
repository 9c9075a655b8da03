package dev.tale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tale.estimate.Interval;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TangoTest {
  private static final double Z = 1.959963984540054;

  /**
   * M. W. Fagerland, S. Lydersen, P. Laake, Recommended tests and confidence intervals for paired
   * binomial proportions, Statistics in Medicine 33 (2014): airway hyper-responsiveness of 21
   * children before and after a transplantation, Tango's interval.
   */
  @Test
  void interval_fagerland2014() {
    Interval interval = Tango.interval(1, 7, 21, 0.95);
    assertThat(interval.low()).isCloseTo(-0.517, within(5e-4));
    assertThat(interval.high()).isCloseTo(-0.026, within(5e-4));
  }

  /** Likelihood maximized by search, bounds by Brent's method; see statistics_figures.py. */
  @ParameterizedTest
  @CsvSource({
    "1, 7, 21, 0.95, -0.517232, -0.026003",
    "40, 20, 160, 0.95, 0.030865, 0.218064",
    "5, 2, 80, 0.95, -0.034091, 0.117639",
    "4, 6, 80, 0.95, -0.113442, 0.059893",
    "12, 0, 50, 0.9, 0.155667, 0.351026",
    "150, 86, 1600, 0.99, 0.015477, 0.065133",
    "1, 0, 44, 0.95, -0.059393, 0.118077"
  })
  void interval_likelihoodMaximizedBySearch(
      int gained, int lost, int total, double confidence, double low, double high) {
    Interval interval = Tango.interval(gained, lost, total, confidence);
    assertThat(interval.low()).isCloseTo(low, within(1e-6));
    assertThat(interval.high()).isCloseTo(high, within(1e-6));
  }

  @Test
  void interval_noRow_isEverything() {
    assertThat(Tango.interval(0, 0, 0, 0.95)).isEqualTo(new Interval(-1, 1));
  }

  @ParameterizedTest
  @CsvSource({"1", "10", "290", "100000"})
  void interval_noDifferingRow_isClosedForm(int total) {
    Interval interval = Tango.interval(0, 0, total, 0.95);
    double bound = Z * Z / (total + Z * Z);
    assertThat(interval.high()).isCloseTo(bound, within(1e-12));
    assertThat(interval.low()).isEqualTo(-interval.high());
  }

  @ParameterizedTest
  @CsvSource({"1", "30"})
  void interval_everyRowGained_endsAtOne(int total) {
    assertThat(Tango.interval(total, 0, total, 0.95).high()).isEqualTo(1.0);
    assertThat(Tango.interval(0, total, total, 0.95).low()).isEqualTo(-1.0);
  }

  @Property
  void interval_holdsTheDifferenceAndIsWithinRange(
      @ForAll @IntRange(max = 300) int gained,
      @ForAll @IntRange(max = 300) int lost,
      @ForAll @IntRange(min = 1, max = 5_000) int equal) {
    int total = gained + lost + equal;
    Interval interval = Tango.interval(gained, lost, total, 0.95);
    assertThat(interval.contains((gained - lost) / (double) total)).isTrue();
    assertThat(interval.low()).isBetween(-1.0, 1.0);
    assertThat(interval.high()).isBetween(-1.0, 1.0);
    Interval mirrored = Tango.interval(lost, gained, total, 0.95);
    assertThat(mirrored).isEqualTo(new Interval(-interval.high(), -interval.low()));
  }

  /** At a difference of 0 the score statistic is McNemar's without continuity correction. */
  @Property
  void interval_excludesZeroIfMcNemarsStatisticDoes(
      @ForAll @IntRange(max = 300) int gained,
      @ForAll @IntRange(max = 300) int lost,
      @ForAll @IntRange(min = 1, max = 5_000) int equal) {
    Interval interval = Tango.interval(gained, lost, gained + lost + equal, 0.95);
    boolean refuted = Math.abs(gained - lost) > Z * Math.sqrt(gained + lost);
    assertThat(interval.contains(0)).isEqualTo(!refuted);
  }

  @ParameterizedTest
  @CsvSource({"-1, 2, 5", "2, -1, 5", "3, 3, 5", "2147483647, 2147483647, 2147483647", "0, 0, -1"})
  void interval_impossibleCounts_areRefused(int gained, int lost, int total) {
    assertThatThrownBy(() -> Tango.interval(gained, lost, total, 0.95))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(gained + " rows are gained and " + lost + " lost of total " + total);
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "95", "NaN"})
  void interval_impossibleConfidence_isRefused(double confidence) {
    assertThatThrownBy(() -> Tango.interval(1, 1, 2, confidence))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("confidence is " + confidence);
  }
}
