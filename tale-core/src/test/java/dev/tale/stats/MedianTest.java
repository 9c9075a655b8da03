package dev.tale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MedianTest {
  private static final long SEED = 6;

  /** The usual tables of ranks for the 95 % interval of a median, from the sign test. */
  @ParameterizedTest
  @CsvSource({
    "6, 1", "8, 1", "9, 2", "11, 2", "12, 3", "15, 4", "20, 6", "25, 8", "30, 10", "40, 14",
    "50, 18"
  })
  void ranksAreThoseOfTheTables(int n, int rank) {
    assertThat(Median.rank(n, 0.95)).isEqualTo(rank);
  }

  @Test
  void ranksAreTheLargestThatKeepTheConfidence() {
    for (int n = 6; n <= 120; n++) {
      int rank = Median.rank(n, 0.95);
      assertThat(coverage(n, rank)).as("n %d", n).isGreaterThanOrEqualTo(0.95);
      assertThat(coverage(n, rank + 1)).as("n %d, one more", n).isLessThan(0.95);
    }
  }

  /** 1 - 2 P(Bin(n, 1/2) < rank), term by term. */
  private static double coverage(int n, int rank) {
    double term = Math.pow(0.5, n);
    double below = 0;
    for (int k = 0; k < rank; k++) {
      below += term;
      term = term * (n - k) / (k + 1);
    }
    return 1 - 2 * below;
  }

  @Test
  void orderDoesNotMatter() {
    double[] values = {5, 1, 4, 2, 6, 3};
    Estimate median = Median.of(values, 0.95);
    assertThat(median).isEqualTo(new Estimate(3.5, new Interval(1, 6)));
    assertThat(values).containsExactly(5, 1, 4, 2, 6, 3);
    assertThat(median.times(2)).isEqualTo(new Estimate(7, new Interval(2, 12)));
    assertThat(median).hasToString("3.50 [1.00, 6.00]");
  }

  @Test
  void anOddNumberHasAMiddle() {
    double[] values = {7, 7, 1, 9, 8, 2, 3};
    assertThat(Median.of(values, 0.95)).isEqualTo(new Estimate(7, new Interval(1, 9)));
  }

  /** Latencies have a long right tail; nothing is assumed of the distribution. */
  @Test
  void coversTheMedianOfASkewedDistribution() {
    SplittableRandom random = new SplittableRandom(SEED);
    int covered = 0;
    for (int i = 0; i < 4000; i++) {
      double[] values = new double[51];
      Arrays.setAll(values, j -> -Math.log(1 - random.nextDouble()));
      covered += Median.of(values, 0.95).interval().contains(Math.log(2)) ? 1 : 0;
    }
    assertThat(covered / 4000.0).as("seed %d", SEED).isCloseTo(coverage(51, 19), within(0.012));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5})
  void tooFewValuesHaveNoInterval(int n) {
    assertThatThrownBy(() -> Median.of(new double[n], 0.95))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(n + " values", "0.95", "at least 6");
  }

  @Test
  void badValuesAndConfidencesAreRefused() {
    assertThatThrownBy(() -> Median.of(new double[] {1, 2, 3, 4, 5, Double.NaN}, 0.95))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
    for (double confidence : new double[] {0, 1, Double.NaN, -1}) {
      assertThatThrownBy(() -> Median.of(new double[10], confidence))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("confidence is " + confidence);
    }
  }
}
