package dev.tale.onnx.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.onnx.Device;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.testing.ResourceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models whose residual stream changes its view between the layers, has another layout throughout,
 * or is wider than the embedding's rows: layers, parts and exports against PyTorch.
 */
@Tag("slow")
class StreamsTest {
  private static final int LAYERS = 4;
  private static final int WIDTH = 16;
  private static final ImmutableList<String> MODELS =
      ImmutableList.of("opt", "electra", "matrix", "sequence-first");

  @TempDir private static Path root;

  @BeforeAll
  static void copy() throws IOException {
    Files.createDirectory(root.resolve("expected"));
    for (String model : MODELS) {
      Path directory = Files.createDirectory(root.resolve(model));
      for (String file :
          List.of("model.onnx", "config.json", "tokenizer.json", "tokenizer_config.json")) {
        ResourceFiles.copy("/models/streams/" + model + "/" + file, directory.resolve(file));
      }
      for (String extension : List.of(".json", ".bin")) {
        String file = "expected/" + model + extension;
        ResourceFiles.copy("/models/streams/" + file, root.resolve(file));
      }
    }
  }

  static Stream<Fixture> fixtures() {
    return MODELS.stream()
        .map(
            name -> new Fixture(root.resolve(name), name, "torchscript", "fp32", "single", LAYERS));
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void everyStepAgreesWithTheOneBefore(Fixture fixture) throws IOException {
    ModelRow row = ModelRow.measure(fixture);
    assertThat(row.problem()).isEmpty();
    assertThat(row.parts()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"opt", "matrix", "sequence-first"})
  void statesAreAsWideAsTheStream(String name) throws IOException {
    try (OnnxModel model = OnnxModel.builder(root.resolve(name)).device(Device.cpu(1)).open()) {
      List<Request> requests = List.of(new Request.LogLikelihood("the dog", " ran"));
      LayerMask mask = LayerMask.of(LAYERS, 1);
      float[][] states =
          model.hiddenStates().orElseThrow().atLastPromptToken(requests, mask).get(0);
      assertThat(states).hasDimensions(LAYERS + 1, WIDTH);
      assertThat(states[2]).isEqualTo(states[1]);
      assertThat(states[3]).isNotEqualTo(states[2]);
    }
  }

  /** Entered at a boundary, with rows of several lengths. */
  @ParameterizedTest
  @ValueSource(strings = {"opt", "matrix", "sequence-first"})
  void answersAreThoseOfEveryRowAlone(String name) throws IOException {
    List<Request> requests =
        List.of(
            new Request.LogLikelihood("the dog and the cat", " ran"),
            new Request.LogLikelihood("x", " on"),
            new Request.Generation("the dog and", List.of(), 4));
    List<LayerMask> masks =
        IntStream.range(0, LAYERS).mapToObj(layer -> LayerMask.of(LAYERS, layer)).toList();
    try (OnnxModel model = OnnxModel.builder(root.resolve(name)).device(Device.cpu(1)).open();
        OnnxModel alone =
            OnnxModel.builder(root.resolve(name)).device(Device.cpu(1).sharingNothing()).open()) {
      List<List<Response>> together = model.respond(requests, masks);
      for (int mask = 0; mask < LAYERS; mask++) {
        for (int row = 0; row < requests.size(); row++) {
          Response expected =
              alone
                  .respond(requests.subList(row, row + 1), masks.subList(mask, mask + 1))
                  .get(0)
                  .get(0);
          assertClose(together.get(mask).get(row), expected);
        }
      }
    }
  }

  private static void assertClose(Response answer, Response expected) {
    if (expected instanceof Response.LogLikelihood alone) {
      assertThat(((Response.LogLikelihood) answer).sum()).isCloseTo(alone.sum(), within(1e-4));
    } else {
      assertThat(answer).isEqualTo(expected);
    }
  }

  @Test
  void projectedEmbeddingsOfAnEncoder() throws IOException {
    try (OnnxModel model =
        OnnxModel.builder(root.resolve("electra")).device(Device.cpu(1)).open()) {
      List<Request> requests = List.of(new Request.Similarity("the dog", "a cat ran"));
      List<LayerMask> masks = List.of(LayerMask.none(LAYERS), LayerMask.of(LAYERS, 0));
      double[][] gates = {{1, 1, 1, 1}, {0, 1, 1, 1}};
      List<List<Response>> answers = model.respond(requests, masks);
      assertThat(model.scaledLayers().orElseThrow().respond(requests, List.of(gates)))
          .isEqualTo(answers);
      assertThat(answers.get(0)).isNotEqualTo(answers.get(1));
    }
  }
}
