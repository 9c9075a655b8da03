package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.onnx.session.runtime.PlainSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SmolLM3, whose settings have a flag for each layer: every fourth has no rotary positions.
 * Compared with PyTorch, the layers of a mask deleted.
 */
class FlaggedLayersCaseTest {
  private static final Path CASE = Path.of("../../shared/cases/01-smollm3");
  private static final double TOLERANCE = 1e-3;

  @TempDir Path parent;
  private JsonNode expected;

  @BeforeEach
  void read() throws IOException {
    assumeTrue(Files.isDirectory(CASE), CASE + " is not here");
    expected = new ObjectMapper().readTree(CASE.resolve("expected.json").toFile());
  }

  @Test
  void answersAndExportsAreThoseOfPyTorch() throws IOException {
    try (OnnxModel model = OnnxModel.builder(CASE.resolve("model")).device(Device.cpu(1)).open()) {
      for (int mask = 0; mask < expected.get("masks").size(); mask++) {
        int[] removed = integers(expected.get("masks").get(mask));
        LayerMask layers = LayerMask.of(4, removed);
        assertLogLikelihoods(model, layers);
        Path out = parent.resolve("without-" + mask);
        model.exporter().orElseThrow().export(layers, out, Map.of(), requests().subList(0, 1));
        assertLogits(out, mask);
        JsonNode config = new ObjectMapper().readTree(out.resolve("config.json").toFile());
        assertThat(config.get("num_hidden_layers").intValue()).isEqualTo(4 - removed.length);
        assertThat(integers(config.get("no_rope_layers")))
            .containsExactly(layers.kept().stream().mapToInt(kept -> kept == 3 ? 0 : 1).toArray());
        assertThat(config.get("layer_types")).hasSize(4 - removed.length);
      }
    }
  }

  private void assertLogLikelihoods(OnnxModel model, LayerMask mask) {
    String key = String.join(",", mask.removed().stream().map(String::valueOf).toList());
    List<Response> responses = model.respond(requests(), List.of(mask)).get(0);
    JsonNode rows = expected.get("loglik").get(key);
    for (int i = 0; i < responses.size(); i++) {
      double value = ((Response.LogLikelihood) responses.get(i)).sum();
      assertThat(value).isCloseTo(rows.get(i / 2).get(i % 2).doubleValue(), within(TOLERANCE));
    }
  }

  private List<Request> requests() {
    List<Request> requests = new ArrayList<>();
    for (JsonNode prompt : expected.get("prompts")) {
      for (JsonNode continuation : expected.get("cont")) {
        requests.add(new Request.LogLikelihood(prompt.textValue(), continuation.textValue()));
      }
    }
    return requests;
  }

  private void assertLogits(Path exported, int mask) throws IOException {
    try (PlainSession session =
        PlainSession.open(exported.resolve("model.onnx"), "logits", SessionConfig.cpu(1))) {
      for (int prompt = 0; prompt < expected.get("ids").size(); prompt++) {
        long[] ids = longs(expected.get("ids").get(prompt));
        List<Integer> positions = IntStream.range(0, ids.length).boxed().toList();
        ByteBuffer values = values(mask + "_" + prompt + ".npy");
        for (float[] row : session.output(ImmutableLongArray.copyOf(ids), positions)) {
          for (float value : row) {
            assertThat((double) value).isCloseTo(values.getFloat(), within(TOLERANCE));
          }
        }
        assertThat(values.hasRemaining()).isFalse();
      }
    }
  }

  /** Returns the float32 of an array of NumPy, after its header. */
  private static ByteBuffer values(String name) throws IOException {
    try (ZipFile zip = new ZipFile(CASE.resolve("expected.npz").toFile());
        InputStream stream = zip.getInputStream(zip.getEntry(name))) {
      ByteBuffer bytes = ByteBuffer.wrap(stream.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
      return bytes.position(10 + bytes.getShort(8));
    }
  }

  private static int[] integers(JsonNode numbers) {
    return StreamSupport.stream(numbers.spliterator(), false)
        .mapToInt(JsonNode::intValue)
        .toArray();
  }

  private static long[] longs(JsonNode numbers) {
    return IntStream.of(integers(numbers)).asLongStream().toArray();
  }
}
