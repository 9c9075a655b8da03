package dev.tale.onnx.session.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import dev.tale.onnx.layers.HiddenType;
import dev.tale.onnx.session.walk.Boundary;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorsTest {
  private static final long SEED = 41;

  /** Significant bits, the implied one counted: rounding moves a number by half of the last. */
  @ParameterizedTest
  @CsvSource({"FLOAT, 24", "FLOAT16, 11", "BFLOAT16, 8"})
  void blendsAreRoundedToTheNearestOfTheType(HiddenType type, int bits) {
    float[] from = gaussians(1000, new Random(SEED));
    float[] to = gaussians(1000, new Random(SEED + 1));
    try (Boundary entry = boundary(type, from);
        Boundary exit = boundary(type, to);
        Boundary blend = Boundary.between(entry, exit, 0.3)) {
      float[] x = Outputs.floats(entry.state().get());
      float[] y = Outputs.floats(exit.state().get());
      OnnxTensor given = blend.state().get();
      assertThat(given.getInfo().type).isEqualTo(Tensors.javaType(type));
      assertThat(given.getInfo().getShape()).containsExactly(10, 100);
      float[] values = Outputs.floats(given);
      for (int i = 0; i < values.length; i++) {
        double exact = x[i] + 0.3 * ((double) y[i] - x[i]);
        double half = Math.max(Math.abs(exact), 0x1p-14) * Math.pow(2, -bits) * 1.0001;
        assertThat((double) values[i]).as("seed %s", SEED).isCloseTo(exact, within(half));
      }
    }
  }

  private static float[] gaussians(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (3 * random.nextGaussian());
    }
    return values;
  }

  private static Boundary boundary(HiddenType type, float[] values) {
    return new Boundary(Tensors.floats(Tensors.javaType(type), values, 10, 100));
  }
}
