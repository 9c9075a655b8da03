package dev.tale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tale.estimate.Interval;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WilsonTest {

  /**
   * R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in
   * Medicine 17 (1998), table I, method 3: four examples, four decimals.
   */
  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662",
    "15, 148, 0.0624, 0.1605",
    " 0,  20, 0.0000, 0.1611",
    " 1,  29, 0.0061, 0.1718"
  })
  void interval_newcombe1998(int correct, int total, double low, double high) {
    Interval interval = Wilson.interval(correct, total, 0.95);
    assertThat(interval.low()).isCloseTo(low, within(5e-5));
    assertThat(interval.high()).isCloseTo(high, within(5e-5));
  }

  /**
   * Computed apart with Python's decimal module at 40 digits from the quadratic that the bounds
   * solve, (p - correct/total)^2 = z^2 p (1 - p) / total, with z of the normal table.
   */
  @ParameterizedTest
  @CsvSource({
    "431, 500, 0.95, 0.82899798640471986, 0.88948199110111632",
    "500, 1000, 0.99, 0.45940700521208484, 0.54059299478791516",
    "1, 2, 0.5, 0.28475888458196231, 0.71524111541803769",
    "3, 1000000, 0.95, 0.00000102027124097, 0.00000882114977431",
    "299, 300, 0.999, 0.95899243910450256, 0.99973848579802157",
    "12, 40, 0.8, 0.21653912471300577, 0.39923686729721263"
  })
  void interval_solvesTheScoreEquation(
      int correct, int total, double confidence, double low, double high) {
    Interval interval = Wilson.interval(correct, total, confidence);
    assertThat(interval.low()).isCloseTo(low, within(1e-14));
    assertThat(interval.high()).isCloseTo(high, within(1e-14));
  }

  @Test
  void interval_nothingAnswered_isEverything() {
    assertThat(Wilson.interval(0, 0, 0.95)).isEqualTo(new Interval(0, 1));
  }

  @Test
  void interval_noneOrAllRight_endsExactlyAtTheBound() {
    assertThat(Wilson.interval(0, 7, 0.9).low()).isEqualTo(0.0);
    assertThat(Wilson.interval(7, 7, 0.9).high()).isEqualTo(1.0);
  }

  @Property
  void interval_liesInTheUnitRangeAndHoldsTheAccuracy(
      @ForAll @IntRange(max = 100_000) int a,
      @ForAll @IntRange(max = 100_000) int b,
      @ForAll @DoubleRange(min = 1e-9, max = 0.999999999) @Scale(9) double confidence) {
    Interval interval = Wilson.interval(Math.min(a, b), Math.max(a, b), confidence);
    assertThat(interval.low()).isBetween(0.0, 1.0);
    assertThat(interval.high()).isBetween(0.0, 1.0);
    if (a + b > 0) {
      assertThat(interval.contains((double) Math.min(a, b) / Math.max(a, b))).isTrue();
    }
  }

  @Property
  void interval_ofTheWrongAnswers_isItsMirrorImage(
      @ForAll @IntRange(max = 5_000) int correct, @ForAll @IntRange(max = 5_000) int wrong) {
    Interval right = Wilson.interval(correct, correct + wrong, 0.95);
    Interval mirrored = Wilson.interval(wrong, correct + wrong, 0.95);
    assertThat(mirrored.low()).isCloseTo(1 - right.high(), within(1e-15));
    assertThat(mirrored.high()).isCloseTo(1 - right.low(), within(1e-15));
  }

  @Property
  void interval_moreConfidence_isWider(
      @ForAll @IntRange(max = 500) int correct, @ForAll @IntRange(min = 1, max = 500) int wrong) {
    Interval narrow = Wilson.interval(correct, correct + wrong, 0.9);
    Interval wide = Wilson.interval(correct, correct + wrong, 0.99);
    assertThat(wide.low()).isLessThanOrEqualTo(narrow.low());
    assertThat(wide.high()).isGreaterThan(narrow.high());
  }

  @ParameterizedTest
  @CsvSource({"-1, 5", "6, 5", "0, -1"})
  void interval_impossibleCounts_areRefused(int correct, int total) {
    assertThatThrownBy(() -> Wilson.interval(correct, total, 0.95))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("correct is " + correct + " of total " + total);
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "95", "-0.1", "NaN"})
  void interval_impossibleConfidence_isRefused(double confidence) {
    assertThatThrownBy(() -> Wilson.interval(1, 2, confidence))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("confidence is " + confidence);
  }
}
