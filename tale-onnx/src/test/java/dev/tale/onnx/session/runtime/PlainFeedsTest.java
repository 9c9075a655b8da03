package dev.tale.onnx.session.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.onnx.nano.NanoLlama;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlainFeedsTest {

  @Test
  void shorterSequencesArePaddedOnTheRight() throws OrtException {
    int openBefore = Native.open();
    try (PlainFeeds feeds =
        PlainFeeds.of(
            inputs(), List.of(ImmutableLongArray.of(4, 5, 6), ImmutableLongArray.of(7)))) {
      Map<String, OnnxTensor> tensors = feeds.tensors();
      assertThat((long[][]) tensors.get("input_ids").getValue())
          .isDeepEqualTo(new long[][] {{4, 5, 6}, {7, 0, 0}});
      assertThat((long[][]) tensors.get("attention_mask").getValue())
          .isDeepEqualTo(new long[][] {{1, 1, 1}, {1, 0, 0}});
      assertThat((long[][]) tensors.get("position_ids").getValue())
          .isDeepEqualTo(new long[][] {{0, 1, 2}, {0, 1, 2}});
      tensors.forEach(
          (name, tensor) -> {
            if (name.startsWith("past")) {
              assertThat(tensor.getInfo().getShape()[0]).isEqualTo(2);
              assertThat(tensor.getInfo().getShape()[2]).isZero();
            }
          });
      assertThat(tensors).hasSize(3 + 2 * 12);
    }
    assertThat(Native.open()).isEqualTo(openBefore);
  }

  @Test
  void whatGoesOnIsFedWithWhatCameBefore() throws OrtException {
    int openBefore = Native.open();
    try (Native<OnnxTensor> cache = Tensors.longs(new long[] {1}, 1);
        PlainFeeds feeds =
            PlainFeeds.of(
                inputs(),
                List.of(ImmutableLongArray.of(8)),
                3,
                Map.of("past_key_values.0.key", cache.get()))) {
      Map<String, OnnxTensor> tensors = feeds.tensors();
      assertThat((long[][]) tensors.get("input_ids").getValue()).isDeepEqualTo(new long[][] {{8}});
      assertThat((long[][]) tensors.get("attention_mask").getValue())
          .isDeepEqualTo(new long[][] {{1, 1, 1, 1}});
      assertThat((long[][]) tensors.get("position_ids").getValue())
          .isDeepEqualTo(new long[][] {{3}});
      assertThat(tensors.get("past_key_values.0.key")).isSameAs(cache.get());
    }
    assertThat(Native.open()).isEqualTo(openBefore);
  }

  private static PlainInputs inputs() throws OrtException {
    String graph = NanoLlama.directory().resolve("model.onnx").toString();
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(graph)) {
      Map<String, TensorInfo> inputs = new HashMap<>();
      session.getInputInfo().forEach((name, info) -> inputs.put(name, (TensorInfo) info.getInfo()));
      return PlainInputs.of(inputs, Map.of());
    }
  }
}
