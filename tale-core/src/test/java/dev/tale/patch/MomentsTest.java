package dev.tale.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.math.Cholesky;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against {@code ridge.py}. */
class MomentsTest {
  private static final long SEED = 11;

  @Test
  void fitsAndResidualsAreThoseOfNumPy() throws IOException {
    JsonNode golden = golden();
    int texts = golden.at("/texts").size();
    Moments fitted = moments(golden, 0, texts - 2);
    Moments choosing = moments(golden, texts - 2, texts - 1);
    Moments reported = moments(golden, texts - 1, texts);
    assertThat(fitted.tokens()).isEqualTo(31);
    for (JsonNode fit : golden.at("/fits")) {
      double[] matrix = fitted.solve(fit.at("/ridge").asDouble());
      assertThat(matrix).containsExactly(doubles(fit.at("/matrix")), within(1e-8));
      assertThat(choosing.relativeResidual(matrix))
          .isCloseTo(fit.at("/choosing").asDouble(), within(1e-9));
      assertThat(reported.relativeResidual(matrix))
          .isCloseTo(fit.at("/reported").asDouble(), within(1e-9));
    }
    assertThat(reported.relativeResidual(new double[25]))
        .isCloseTo(golden.at("/without").asDouble(), within(1e-9));
  }

  static JsonNode golden() throws IOException {
    try (InputStream file = MomentsTest.class.getResourceAsStream("ridge.json")) {
      return new ObjectMapper().readTree(file);
    }
  }

  private static Moments moments(JsonNode golden, int from, int to) {
    Moments moments = new Moments(golden.at("/width").asInt());
    for (int text = from; text < to; text++) {
      JsonNode states = golden.at("/texts").get(text);
      moments.add(floats(states.at("/before")), floats(states.at("/after")));
    }
    return moments;
  }

  static float[] floats(JsonNode array) {
    float[] floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) array.get(i).asDouble();
    }
    return floats;
  }

  static double[] doubles(JsonNode array) {
    double[] doubles = new double[array.size()];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = array.get(i).asDouble();
    }
    return doubles;
  }

  /** A large ridge leaves nothing of the map; what is linear is found. */
  @Test
  void theRidgeShrinksTowardsNoMap() {
    Random random = new Random(SEED);
    Moments moments = new Moments(3);
    float[] before = new float[300];
    float[] after = new float[300];
    for (int i = 0; i < before.length; i++) {
      before[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < after.length; i += 3) {
      after[i] = before[i] + before[i + 2];
      after[i + 1] = 2 * before[i + 1];
      after[i + 2] = before[i + 2];
    }
    moments.add(before, after);
    double[] linear = {0, 0, 0, 0, 1, 0, 1, 0, 0};
    assertThat(moments.solve(1e-9)).as("seed %s", SEED).containsExactly(linear, within(1e-6));
    assertThat(moments.relativeResidual(linear)).isCloseTo(0, within(1e-6));
    assertThat(moments.solve(1e12)).containsExactly(new double[9], within(1e-9));
  }

  @Test
  void brokenStatesAreSeen() {
    Moments moments = new Moments(2);
    moments.add(new float[] {1, 2}, new float[] {3, 4});
    assertThat(moments.isBroken()).isFalse();
    moments.add(new float[] {1, 2}, new float[] {Float.NaN, 4});
    assertThat(moments.isBroken()).isTrue();
  }

  @Test
  void aMatrixThatIsNotPositiveDefiniteHasNoFactor() {
    assertThatThrownBy(() -> Cholesky.of(new double[] {1, 2, 2, 1}, 2))
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("Pivot 1 is -3.0");
  }
}
