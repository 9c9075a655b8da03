package dev.tale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KendallTauTest {

  private static Estimate tau(double[] first, double[] second) {
    return KendallTau.of(first, second).orElseThrow();
  }

  /** Figures of scipy.stats.kendalltau, see importance.py. */
  @Test
  void agreesWithScipy() {
    assertTau(0.4, new double[] {1, 2, 3, 4, 5}, new double[] {3, 1, 2, 5, 4});
    assertTau(
        0.5294117647058824, new double[] {1, 2, 2, 3, 3, 3, 4}, new double[] {2, 1, 2, 2, 5, 4, 4});
    assertTau(
        0.4000128006144328,
        new double[] {0.5, -1, 0, 0, 2, 7, 7, 3, 1, 1, 9, -4},
        new double[] {1, 1, 0, 2, 2, 5, 9, 3, 3, -1, 8, 8});
  }

  private static void assertTau(double expected, double[] first, double[] second) {
    assertThat(tau(first, second).value()).isCloseTo(expected, within(1e-15));
  }

  /** tanh(atanh(tau) -+ 1.959964 sqrt(0.437 / 16)) with tau = 1 - 2 48 / 190. */
  @Test
  void intervalIsThatOfBonettAndWright() {
    double[] first = IntStream.range(0, 20).mapToDouble(i -> i).toArray();
    assertThat(tau(first, turned(48)).value()).isCloseTo(1 - 96 / 190.0, within(1e-15));
    Interval interval = tau(first, turned(48)).interval();
    assertThat(interval.low()).isCloseTo(0.21499225187602927, within(1e-9));
    assertThat(interval.high()).isCloseTo(0.6994517580252432, within(1e-9));
  }

  /** 0 to 19 in an order in which so many pairs are turned round. */
  private static double[] turned(int pairs) {
    double[] order = IntStream.range(0, 20).mapToDouble(i -> i).toArray();
    int left = pairs;
    while (left > 0) {
      for (int i = 0; i + 1 < 20 && left > 0; i++) {
        if (order[i] < order[i + 1]) {
          double value = order[i];
          order[i] = order[i + 1];
          order[i + 1] = value;
          left--;
        }
      }
    }
    return order;
  }

  @Test
  void sameOrderOfFewThings_isNotCertain() {
    double[] values = {1, 2, 3, 4, 5, 6};
    assertThat(tau(values, values).value()).isEqualTo(1);
    assertThat(tau(values, values).interval().high()).isEqualTo(1);
    assertThat(tau(values, values).interval().low()).isBetween(0.3, 0.95);
    double[] four = {1, 2, 3, 4};
    assertThat(tau(four, four).interval()).isEqualTo(new Interval(-1, 1));
  }

  @Test
  void allTied_isEmpty() {
    assertThat(KendallTau.of(new double[] {2, 2, 2}, new double[] {1, 2, 3})).isEmpty();
    assertThat(KendallTau.of(new double[] {1, 2, 3}, new double[] {0.0, -0.0, 0})).isEmpty();
    assertThat(KendallTau.of(new double[] {1}, new double[] {1})).isEmpty();
  }

  @Test
  void badValues_areRefused() {
    assertThatThrownBy(() -> KendallTau.of(new double[3], new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 and 2");
    assertThatThrownBy(() -> KendallTau.of(new double[] {1, Double.NaN}, new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Value 1 is NaN");
  }

  @Property(tries = 200)
  void turnsItsSignWithTheOrder(@ForAll @IntRange(min = 5, max = 30) int n, @ForAll long seed) {
    Random random = new Random(seed);
    double[] first = IntStream.range(0, n).mapToDouble(i -> random.nextInt(10)).toArray();
    double[] second = IntStream.range(0, n).mapToDouble(i -> random.nextInt(10)).toArray();
    Estimate tau = tau(first, second);
    double[] negated = Arrays.stream(second).map(v -> -v).toArray();
    assertThat(tau(first, negated).value()).isEqualTo(-tau.value());
    assertThat(tau(second, first)).isEqualTo(tau);
    assertThat(tau.interval().contains(tau.value())).isTrue();
  }
}
