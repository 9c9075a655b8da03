package dev.tale.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the benchmark compares computes the same. */
class ForwardPassTest {

  private static float[] logits(ForwardPass pass) throws OrtException {
    try (pass;
        OrtSession.Result result = pass.run()) {
      return ((OnnxTensor) result.get(0)).getFloatBuffer().array();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16})
  void gatedAndUngatedAgree(int batch) throws IOException, OrtException {
    float[] ungated = logits(ForwardPass.ungated(batch));
    float[] gated = logits(ForwardPass.gated(batch, 0));
    assertThat(gated).hasSameSizeAs(ungated);
    double largest =
        IntStream.range(0, gated.length)
            .mapToDouble(i -> Math.abs(gated[i] - ungated[i]))
            .max()
            .orElseThrow();
    assertThat(largest).isLessThan(1e-4);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 12})
  void skipsAsManyLayersAsAsked(int skipped) {
    assertThat(IntStream.range(0, 12).filter(l -> ForwardPass.spread(l, skipped, 12)).count())
        .isEqualTo(skipped);
  }
}
