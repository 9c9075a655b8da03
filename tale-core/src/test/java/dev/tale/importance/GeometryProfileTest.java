package dev.tale.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tale.model.LayerMask;
import dev.tale.task.Task;
import dev.tale.testing.ResidualModel;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GeometryProfileTest {
  private static final Task TASK = Streams.task(25);
  private static final Task REFERENCE = Streams.task("reference", 30, row -> row % 2);
  private static final LayerMask NONE = LayerMask.none(3);

  /** Rows of the task are 3 times as far out after layer 1, and back after layer 2. */
  private static ResidualModel distorting() {
    return new ResidualModel(
        3,
        (row, layer) -> {
          float[] state = Streams.noise(4, 5, row, -1);
          state[0] += 1;
          double factor = layer == -1 ? 1 : row >= 25 || layer == 0 ? 0 : layer == 1 ? 2 : -2;
          for (int i = 0; i < state.length; i++) {
            state[i] *= (float) factor;
          }
          return state;
        },
        TASK,
        REFERENCE);
  }

  private static double value(GeometryProfile profile, GeometryMeasure measure, int boundary) {
    return profile.measures().get(measure).get(boundary).value();
  }

  @Test
  void profileIsThatOfTheFormulas() {
    GeometryProfile profile = GeometryProfile.of(distorting(), TASK, NONE, 1);
    float[][] states =
        IntStream.range(0, 25)
            .mapToObj(
                row ->
                    distorting()
                        .atLastPromptToken(TASK.requests(row).subList(0, 1), NONE)
                        .get(0)[2])
            .toArray(float[][]::new);
    double norms = 0;
    double distances = 0;
    double cosines = 0;
    for (int i = 0; i < 25; i++) {
      norms += norm(states[i]) / 25;
      for (int j = 0; j < 25; j++) {
        if (i != j) {
          distances += norm(minus(states[i], states[j])) / (25 * 24);
          cosines += dot(states[i], states[j]) / norm(states[i]) / norm(states[j]) / (25 * 24);
        }
      }
    }
    assertThat(value(profile, GeometryMeasure.NORM, 2)).isCloseTo(norms, within(1e-5));
    assertThat(value(profile, GeometryMeasure.PAIRWISE_DISTANCE, 2))
        .isCloseTo(distances, within(1e-5));
    assertThat(value(profile, GeometryMeasure.PAIRWISE_COSINE, 2)).isCloseTo(cosines, within(1e-6));
  }

  private static double dot(float[] one, float[] other) {
    return IntStream.range(0, one.length).mapToDouble(i -> (double) one[i] * other[i]).sum();
  }

  private static double norm(float[] vector) {
    return Math.sqrt(dot(vector, vector));
  }

  private static float[] minus(float[] one, float[] other) {
    float[] difference = one.clone();
    IntStream.range(0, one.length).forEach(i -> difference[i] -= other[i]);
    return difference;
  }

  /** n T - (n - 1) T', with T' computed without the row. */
  @Test
  void pseudoValuesAreThoseOfTheJackknife() {
    float[][] states = ScriptedRows.waves(12, 2);
    double whole = meanDistance(states);
    double[] values = Pairs.pseudoValues(states, Vectors::distance);
    for (int row = 0; row < 12; row++) {
      int left = row;
      float[][] others =
          IntStream.range(0, 12)
              .filter(i -> i != left)
              .mapToObj(i -> states[i])
              .toArray(float[][]::new);
      assertThat(values[row]).isCloseTo(12 * whole - 11 * meanDistance(others), within(1e-5));
    }
    assertThat(Arrays.stream(values).average().orElseThrow()).isCloseTo(whole, within(1e-6));
  }

  private static double meanDistance(float[][] states) {
    double sum = 0;
    int pairs = 0;
    for (float[] one : states) {
      for (float[] other : states) {
        sum += one == other ? 0 : norm(minus(one, other));
        pairs += one == other ? 0 : 1;
      }
    }
    return sum / pairs;
  }

  @Test
  void shiftIsTheLogRatio() {
    GeometryProfile before = GeometryProfile.shift(distorting(), TASK, REFERENCE, NONE, 1);
    for (GeometryMeasure measure :
        new GeometryMeasure[] {GeometryMeasure.NORM, GeometryMeasure.PAIRWISE_DISTANCE}) {
      double start = value(before, measure, 0);
      assertThat(value(before, measure, 2)).isCloseTo(start + Math.log(3), within(1e-6));
      assertThat(value(before, measure, 3)).isCloseTo(start, within(1e-6));
    }
    assertThat(value(before, GeometryMeasure.PAIRWISE_COSINE, 2))
        .isCloseTo(value(before, GeometryMeasure.PAIRWISE_COSINE, 0), within(1e-6));
  }

  @Test
  void removingTheLayersThatDistort_takesTheShiftAway() {
    GeometryProfile after =
        GeometryProfile.shift(distorting(), TASK, REFERENCE, LayerMask.of(3, 1, 2), 1);
    assertThat(value(after, GeometryMeasure.NORM, 2))
        .isEqualTo(value(after, GeometryMeasure.NORM, 0));
  }

  @Test
  void shiftAgainstItself_isZero() {
    GeometryProfile shift = GeometryProfile.shift(distorting(), TASK, TASK, NONE, 1);
    assertThat(shift.measures().values())
        .allSatisfy(
            estimates ->
                assertThat(estimates)
                    .allSatisfy(
                        estimate -> {
                          assertThat(estimate.value()).isZero();
                          assertThat(estimate.interval().high()).isPositive();
                        }));
  }

  @Test
  void layerThatDistortsMattersLeast_theOneThatRestoresMost() {
    for (GeometryMeasure measure :
        new GeometryMeasure[] {GeometryMeasure.NORM, GeometryMeasure.PAIRWISE_DISTANCE}) {
      LayerScores scores = LayerScorer.geometry(measure, REFERENCE, 1).score(distorting(), TASK);
      assertThat(scores.leastFirst()).containsExactly(1, 0, 2);
      assertThat(scores.layers().get(0).value()).isZero();
      assertThat(scores.layers().get(1).interval().high()).isNegative();
      assertThat(scores.unit()).isEqualTo("log ratio");
      assertThat(scores.measure()).endsWith("towards that of reference");
    }
  }

  @Test
  void badRows_areRefused() {
    Task two = Streams.task("two", 2, row -> row);
    ResidualModel constant =
        new ResidualModel(3, (row, layer) -> Streams.vector(1, 2), two, TASK, REFERENCE);
    assertThatThrownBy(() -> GeometryProfile.of(constant, two, NONE, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Task two has 2 rows; geometry needs at least 3");
    ResidualModel constantOnTheTask =
        new ResidualModel(
            3,
            (row, layer) -> row < 25 ? Streams.vector(1, 2) : Streams.vector(row, 2),
            TASK,
            REFERENCE);
    assertThatThrownBy(() -> GeometryProfile.shift(constantOnTheTask, TASK, REFERENCE, NONE, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the pairwise distance of the hidden states before layer 0 is 0.0");
  }

  /** As before the first layer, where the prompts of both end in the same token. */
  @Test
  void equalStatesOnBoth_haveNoShiftOfDistance() {
    ResidualModel constant =
        new ResidualModel(3, (row, layer) -> Streams.vector(1, 2), TASK, REFERENCE);
    GeometryProfile shift = GeometryProfile.shift(constant, TASK, REFERENCE, NONE, 1);
    assertThat(value(shift, GeometryMeasure.PAIRWISE_DISTANCE, 0)).isZero();
    assertThat(value(shift, GeometryMeasure.NORM, 0)).isCloseTo(0, within(1e-12));
  }
}
