package dev.tale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tale.estimate.Interval;
import dev.tale.stats.WeightedMean.Stratum;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightedMeanTest {

  private static Stratum stratum(double weight, int correct, int total) {
    return new Stratum(weight, (double) correct / total, Wilson.interval(correct, total, 0.95));
  }

  /**
   * Newcombe 1998 (Statistics in Medicine 17, 873), table II, method 10: intervals of p1 - p2. The
   * mean of p1 and 1 - p2 is (1 + p1 - p2) / 2.
   */
  @ParameterizedTest
  @CsvSource({
    "56, 70, 48, 80, 0.0524, 0.3339",
    "9, 10, 3, 10, 0.1705, 0.8090",
    "10, 10, 0, 20, 0.6791, 1",
    "10, 10, 0, 10, 0.6075, 1",
  })
  void newcombesTable(int c1, int n1, int c2, int n2, double low, double high) {
    double mean = ((double) c1 / n1 + 1 - (double) c2 / n2) / 2;
    Interval interval =
        WeightedMean.interval(mean, List.of(stratum(0.5, c1, n1), stratum(0.5, n2 - c2, n2)));
    assertThat(2 * interval.low() - 1).isCloseTo(low, within(5e-5));
    assertThat(2 * interval.high() - 1).isCloseTo(high, within(5e-5));
  }

  @Test
  void ofOneProportion_isItsOwn() {
    Interval interval = WeightedMean.interval(0.75, List.of(stratum(1, 75, 100)));
    Interval wilson = Wilson.interval(75, 100, 0.95);
    assertThat(interval.low()).isCloseTo(wilson.low(), within(1e-15));
    assertThat(interval.high()).isCloseTo(wilson.high(), within(1e-15));
  }

  @Property
  void containsTheMean_andStaysWithinTheStrata(
      @ForAll @IntRange(min = 0, max = 50) int first,
      @ForAll @IntRange(min = 0, max = 7) int second,
      @ForAll @IntRange(min = 1, max = 99) int percent) {
    double weight = percent / 100.0;
    List<Stratum> strata = List.of(stratum(weight, first, 50), stratum(1 - weight, second, 7));
    // In doubles, the weighted mean of 1 and 1 may be above 1.
    double mean =
        BigFraction.of(percent * first, 100 * 50)
            .add(BigFraction.of((100 - percent) * second, 100 * 7))
            .doubleValue();
    Interval interval = WeightedMean.interval(mean, strata);
    assertThat(interval.contains(mean)).isTrue();
    assertThat(interval.low())
        .isBetween(0.0, 1.0)
        .isGreaterThanOrEqualTo(bound(strata, true) - 1e-12);
    assertThat(interval.high())
        .isBetween(0.0, 1.0)
        .isLessThanOrEqualTo(bound(strata, false) + 1e-12);
  }

  private static double bound(List<Stratum> strata, boolean low) {
    return strata.stream()
        .mapToDouble(s -> s.weight() * (low ? s.interval().low() : s.interval().high()))
        .sum();
  }

  @Test
  void badStrata_areRefused() {
    assertThatThrownBy(() -> stratum(-0.5, 1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weight is -0.5");
    assertThatThrownBy(() -> new Stratum(1, 0.9, new Interval(0.1, 0.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("estimate is 0.9");
  }
}
