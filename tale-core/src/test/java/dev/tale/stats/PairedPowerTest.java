package dev.tale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PairedPowerTest {
  private final PairedPower customary = new PairedPower(0.05, 0.8);

  /**
   * R. G. O'Brien (2002), as in the manual of G*Power 3: 50 pairs, 40 % discordant, odds ratio
   * 0.25, one-sided at 5 %. The other side of a test at 10 % adds 0.00002.
   */
  @Test
  void power_oBrien2002() {
    assertThat(new PairedPower(0.1, 0.8).of(50, 0.4, 0.24)).isCloseTo(0.8393, within(1e-4));
  }

  /** Summed over all outcomes with scipy, see statistics_figures.py. */
  @ParameterizedTest
  @CsvSource({
    "50, 0.4, 0.24, 0.1, 0.8393582248791299",
    "290, 0.06, 0.04, 0.05, 0.772858446258249",
    "80, 0.1, 0.06, 0.05, 0.26092801445283886",
    "100, 0.2, 0.1, 0.05, 0.544445427935232"
  })
  void power_scipy(int rows, double discordance, double gain, double level, double expected) {
    assertThat(new PairedPower(level, 0.8).of(rows, discordance, gain))
        .isCloseTo(expected, within(1e-10));
  }

  /** Likewise; the root found by Brent's method. */
  @ParameterizedTest
  @CsvSource({
    "290, 0.06, 0.05, 0.8, 0.041072303915291354",
    "80, 0.0875, 0.05, 0.8, 0.09702968842557015",
    "80, 0.125, 0.05, 0.8, 0.110347578040768",
    "500, 0.02, 0.05, 0.8, 0.017773331650424537",
    "500, 0.15, 0.05, 0.8, 0.04985755498593507",
    "20, 0, 0.05, 0.8, 0.36645935125367596",
    "100, 0.3, 0.01, 0.9, 0.20604601265000078",
    "6, 0.5, 0.05, 0.8, 0.9634924839978624"
  })
  void smallestGain_scipy(
      int rows, double discordance, double level, double power, double expected) {
    assertThat(new PairedPower(level, power).smallestGain(rows, discordance).orElseThrow())
        .isCloseTo(expected, within(2e-9));
  }

  /** J. J. Connor (1987), without his correction: about (1.96 + 0.84) sqrt(discordance / n). */
  @ParameterizedTest
  @CsvSource({"2000, 0.1", "5000, 0.2", "20000, 0.05"})
  void smallestGain_manyRows_isTheNormalApproximation(int rows, double discordance) {
    double normal = 2.8016 * Math.sqrt(discordance / rows);
    assertThat(customary.smallestGain(rows, discordance).orElseThrow())
        .isBetween(normal, 1.05 * normal);
  }

  @ParameterizedTest
  @CsvSource({"290, 0.06", "80, 0.3", "1000, 0.1", "30, 0.1"})
  void smallestGain_isFoundInFourOfFiveSimulations(int rows, double discordance) {
    double gain = customary.smallestGain(rows, discordance).orElseThrow();
    double differ = Math.max(gain, discordance);
    Random random = new Random(rows);
    int found = 0;
    for (int simulation = 0; simulation < 4_000; simulation++) {
      int gained = 0;
      int lost = 0;
      for (int row = 0; row < rows; row++) {
        double drawn = random.nextDouble();
        gained += drawn < (differ + gain) / 2 ? 1 : 0;
        lost += drawn >= (differ + gain) / 2 && drawn < differ ? 1 : 0;
      }
      found += McNemar.exact(gained, lost) <= 0.05 ? 1 : 0;
    }
    // Five standard deviations are 0.032.
    assertThat(found / 4_000.0).isCloseTo(0.8, within(0.032));
  }

  @Test
  void withoutAGain_theTestRejectsAtMostAtItsLevel() {
    assertThat(customary.of(200, 0.2, 0)).isBetween(0.02, 0.05);
    assertThat(customary.of(200, 0, 0)).isZero();
    assertThat(customary.of(200, 1, 1)).isCloseTo(1, within(1e-11));
  }

  /** Five rows, all gained, have a p-value of 2/32. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void smallestGain_tooFewRows_isNone(int rows) {
    assertThat(customary.smallestGain(rows, 0.5)).isEmpty();
    assertThat(customary.smallestGain(rows, 0)).isEmpty();
    assertThat(customary.of(rows, 1, 1)).isZero();
  }

  @Test
  void smallestGain_moreRowsOrFewerDifferences_isSmaller() {
    double before = 1;
    for (int rows = 50; rows <= 3200; rows *= 2) {
      double gain = customary.smallestGain(rows, 0.2).orElseThrow();
      assertThat(gain).isLessThan(before);
      assertThat(customary.smallestGain(rows, 0.1).orElseThrow()).isLessThan(gain);
      before = gain;
    }
  }

  @Test
  void whatIsOutOfRangeIsRefused() {
    refused("level is 5.0", () -> new PairedPower(5, 0.8));
    refused("level is NaN", () -> new PairedPower(Double.NaN, 0.8));
    refused("power is 1.0", () -> new PairedPower(0.05, 1));
    refused("rows is -1.0", () -> customary.smallestGain(-1, 0.5));
    refused("rows is 1000001.0", () -> customary.smallestGain(1_000_001, 0.5));
    refused("discordance is NaN", () -> customary.smallestGain(10, Double.NaN));
    refused("discordance is 1.5", () -> customary.of(10, 1.5, 0));
    refused("gain is 0.6", () -> customary.of(10, 0.5, 0.6));
    refused("gain is -0.1", () -> customary.of(10, 0.5, -0.1));
  }

  private static void refused(
      String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
