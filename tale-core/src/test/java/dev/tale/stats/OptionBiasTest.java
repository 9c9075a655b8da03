package dev.tale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Constants are those that {@code statistics_figures.py} prints: the same likelihood, by scipy. */
class OptionBiasTest {
  private static final double[][] SCORES = {
    {-3.1, -2.4, -5.0}, {-1.0, -0.2, -4.4}, {-2.2, -2.9, -3.0}, {-6.5, -4.1, -4.0},
    {-0.7, -0.9, -2.5}, {-3.3, -1.9, -2.1}, {-5.2, -5.0, -6.1}, {-2.8, -1.1, -3.9}
  };
  private static final int[] GOLD = {0, 0, 0, 2, 0, 2, 1, 1};

  private static final double SCALE = 1.3030505839507966;
  private static final double[] BIAS = {
    0.4536774301088422, -0.6841340305293231, 0.23045665401053914
  };

  /** As near as scipy comes to the minimum. */
  private static final double CLOSE = 1e-7;

  private static OptionBias.Row row(double[] scores, int gold, int... classes) {
    return new OptionBias.Row(
        ImmutableDoubleArray.copyOf(scores), ImmutableIntArray.copyOf(classes), gold);
  }

  private static List<OptionBias.Row> rows() {
    List<OptionBias.Row> rows = new ArrayList<>();
    for (int i = 0; i < GOLD.length; i++) {
      rows.add(row(SCORES[i], GOLD[i], 0, 1, 2));
    }
    return rows;
  }

  @Test
  void isThatOfScipy() {
    OptionBias fitted = OptionBias.fit(rows(), 3);
    assertThat(fitted.scale()).isCloseTo(SCALE, within(CLOSE));
    for (int i = 0; i < 3; i++) {
      assertThat(fitted.bias().get(i)).isCloseTo(BIAS[i], within(CLOSE));
    }
    assertThat(fitted.bias().stream().sum()).isCloseTo(0, within(CLOSE));
  }

  /** A preference of one option by a constant is found and taken away, in whatever unit. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.01, 40})
  void aConstantPreferenceIsTakenAway(double unit) {
    long seed = 5;
    Random random = new Random(seed);
    List<OptionBias.Row> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      int gold = random.nextInt(2);
      double knowledge = 1.5 * (gold == 0 ? 1 : -1) + random.nextGaussian();
      rows.add(row(new double[] {unit * (knowledge + 4), 0}, gold, 0, 1));
    }
    OptionBias fitted = OptionBias.fit(rows, 2);
    double threshold = (fitted.bias().get(1) - fitted.bias().get(0)) / fitted.scale();
    assertThat(threshold / unit).as("seed %d", seed).isCloseTo(4, within(0.2));
  }

  /** Scores that say nothing, or the contrary, leave the commonest answer. */
  @Test
  void worthlessScoresHaveNoWeight() {
    List<OptionBias.Row> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int gold = i % 3 == 0 ? 0 : 1;
      rows.add(row(new double[] {gold == 0 ? -1 : 1, gold == 0 ? 1 : -1}, gold, 0, 1));
    }
    OptionBias fitted = OptionBias.fit(rows, 2);
    assertThat(fitted.scale()).isEqualTo(0);
    assertThat(fitted.adjusted(5, 1)).isGreaterThan(fitted.adjusted(9, 0));
  }

  @Test
  void nothingToFitIsNoBias() {
    assertThat(OptionBias.fit(List.of(), 2)).isEqualTo(OptionBias.none(2));
    List<OptionBias.Row> same = List.of(row(new double[] {1, 1}, 0, 0, 1));
    assertThat(OptionBias.fit(same, 2)).isEqualTo(OptionBias.none(2));
  }

  /** Rows that a bias separates have a finite one. */
  @Test
  void separableRowsStayFinite() {
    List<OptionBias.Row> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      rows.add(row(new double[] {i % 7, 0}, 0, 0, 1));
    }
    OptionBias fitted = OptionBias.fit(rows, 2);
    assertThat(fitted.bias().stream().allMatch(Double::isFinite)).isTrue();
    assertThat(fitted.adjusted(0, 0)).isGreaterThan(fitted.adjusted(0, 1));
  }
}
