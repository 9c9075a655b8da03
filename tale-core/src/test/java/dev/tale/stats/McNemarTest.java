package dev.tale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class McNemarTest {

  /**
   * Fractions that can be counted by hand: twice the sum of C(n, i), i up to the smaller, by 2^n.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 1, 1",
    "1, 1, 1",
    "0, 5, 0.0625",
    "5, 0, 0.0625",
    "1, 5, 0.21875",
    "2, 8, 0.109375",
    "1, 9, 0.021484375",
    "3, 3, 1"
  })
  void exact_countedByHand(int onlyFirst, int onlySecond, double expected) {
    assertThat(McNemar.exact(onlyFirst, onlySecond)).isCloseTo(expected, within(1e-15));
  }

  /**
   * Approval ratings of A. Agresti, Categorical Data Analysis (2002), section 10.1: of 1600 people
   * 150 approved only the first time, 86 only the second. R's exact2x2::mcnemar.exact prints
   * 3.716e-05 for it.
   */
  @Test
  void exact_agrestiApprovalRatings() {
    assertThat(McNemar.exact(150, 86)).isCloseTo(3.716e-5, within(5e-9));
  }

  /**
   * M. W. Fagerland, S. Lydersen, P. Laake, Recommended tests and confidence intervals for paired
   * binomial proportions, Statistics in Medicine 33 (2014): airway hyper-responsiveness, p =
   * 0.0703; and {@code statsmodels.stats.contingency_tables.mcnemar}, see statistics_figures.py.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 7, 0.0703125",
    "5, 16, 0.02660369873046875",
    "40, 20, 0.01348929373119186",
    "150, 86, 3.7159361395713866e-05"
  })
  void exact_fagerland2014AndStatsmodels(int onlyFirst, int onlySecond, double expected) {
    assertThat(McNemar.exact(onlyFirst, onlySecond)).isCloseTo(expected, within(1e-12 * expected));
  }

  @Test
  void exact_noDifferingRow_isOne() {
    assertThat(McNemar.exact(0, 0)).isEqualTo(1.0);
  }

  @Property
  void exact_agreesWithSummingTheBinomialCoefficients(
      @ForAll @IntRange(max = 400) int onlyFirst, @ForAll @IntRange(max = 400) int onlySecond) {
    double expected = summed(onlyFirst, onlySecond);
    assertThat(McNemar.exact(onlyFirst, onlySecond)).isCloseTo(expected, within(1e-12 * expected));
  }

  private static double summed(int onlyFirst, int onlySecond) {
    int n = onlyFirst + onlySecond;
    BigInteger term = BigInteger.ONE;
    BigInteger tail = BigInteger.ONE;
    for (int i = 1; i <= Math.min(onlyFirst, onlySecond); i++) {
      term = term.multiply(BigInteger.valueOf(n - i + 1L)).divide(BigInteger.valueOf(i));
      tail = tail.add(term);
    }
    BigDecimal all = new BigDecimal(BigInteger.ONE.shiftLeft(n));
    return new BigDecimal(tail.shiftLeft(1))
        .divide(all, MathContext.DECIMAL64)
        .min(BigDecimal.ONE)
        .doubleValue();
  }

  @Property
  void exact_isSymmetricAndAProbability(
      @ForAll @IntRange(max = 100_000) int onlyFirst,
      @ForAll @IntRange(max = 100_000) int onlySecond) {
    double p = McNemar.exact(onlyFirst, onlySecond);
    assertThat(p).isBetween(0.0, 1.0).isEqualTo(McNemar.exact(onlySecond, onlyFirst));
  }

  @Property
  void exact_moreOneSided_isNotMoreLikely(
      @ForAll @IntRange(min = 1, max = 500) int fewer, @ForAll @IntRange(max = 500) int more) {
    int larger = fewer + more;
    assertThat(McNemar.exact(fewer - 1, larger + 1))
        .isLessThan(McNemar.exact(fewer, larger) + 1e-15);
  }

  @ParameterizedTest
  @CsvSource({"-1, 3", "3, -1", "2147483647, 1"})
  void exact_impossibleCounts_areRefused(int onlyFirst, int onlySecond) {
    assertThatThrownBy(() -> McNemar.exact(onlyFirst, onlySecond))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(onlyFirst + " and " + onlySecond);
  }
}
