package dev.tale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipleTestsTest {

  private static void requireClose(double[] actual, double... expected) {
    assertThat(actual).containsExactly(expected, within(1e-15));
  }

  /** {@code statsmodels.stats.multitest.multipletests}, see statistics_figures.py. */
  @Test
  void statsmodels() {
    requireClose(MultipleTests.holm(0.01, 0.04, 0.03, 0.005), 0.03, 0.06, 0.06, 0.02);
    double[] ties = {0.02, 0.02, 0.9, 0.5, 0.001};
    requireClose(MultipleTests.holm(ties), 0.08, 0.08, 1, 1, 0.005);
    requireClose(MultipleTests.holm(0.5, 0, 1), 1, 0, 1);
  }

  @Test
  void oneLookIsNotCorrected_noneGivesNone() {
    requireClose(MultipleTests.holm(0.3), 0.3);
    assertThat(MultipleTests.holm()).isEmpty();
  }

  /** Holm rejects, at each level, what its step-down procedure rejects. */
  @Property
  void holm_isTheStepDownProcedure(
      @ForAll @Size(min = 1, max = 12) List<@DoubleRange(max = 1) Double> looks,
      @ForAll @DoubleRange(min = 0.01, max = 0.99) double level) {
    double[] pValues = looks.stream().mapToDouble(Double::doubleValue).toArray();
    double[] adjusted = MultipleTests.holm(pValues);
    double[] ascending = pValues.clone();
    Arrays.sort(ascending);
    int rejected = 0;
    while (rejected < ascending.length
        && ascending[rejected] * (ascending.length - rejected) <= level) {
      rejected++;
    }
    assertThat(Arrays.stream(adjusted).filter(p -> p <= level)).hasSize(rejected);
  }

  @Property
  void holm_isBetweenThePValueAndBonferroni(
      @ForAll @Size(min = 1, max = 12) List<@DoubleRange(max = 1) Double> looks) {
    double[] pValues = looks.stream().mapToDouble(Double::doubleValue).toArray();
    double[] holm = MultipleTests.holm(pValues);
    for (int i = 0; i < pValues.length; i++) {
      assertThat(holm[i]).isBetween(pValues[i], Math.min(1, pValues.length * pValues[i]));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void whatIsNoPValueIsRefused(double p) {
    assertThatThrownBy(() -> MultipleTests.holm(0.1, p))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("A p-value is " + p);
  }
}
