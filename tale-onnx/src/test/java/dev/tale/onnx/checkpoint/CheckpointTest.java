package dev.tale.onnx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.folder.Staged;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hugging Face folders of every family, beside the logits of transformers with layers deleted;
 * {@code make_checkpoints.py} makes both.
 */
@Tag("slow")
class CheckpointTest {
  static final Path FIXTURES = Path.of("src/test/resources/models/checkpoints");

  /** Logits are up to 20; the comparison holds for 16 bits too, computed in float32. */
  private static final double TOLERANCE = 1e-4;

  private static final SessionConfig CPU = SessionConfig.cpu(1);

  @TempDir Path directory;

  static List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(FIXTURES)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void gatedIsTransformersWithLayersDeleted(String name) throws IOException {
    ModelDirectory model = ModelDirectory.open(FIXTURES.resolve(name));
    assertThat(model.stream().layerCount()).isEqualTo(3);
    JsonNode expected = expected(name);
    try (GatedSession session = GatedSession.open(model.stream(), CPU)) {
      for (JsonNode mask : expected.get("masks")) {
        requireLogits(session, expected.get("prompts"), mask, mask(mask), name);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void writtenIsTheFolderWithoutThoseLayers(String name) throws IOException {
    ModelDirectory model = ModelDirectory.open(FIXTURES.resolve(name));
    JsonNode expected = expected(name);
    for (JsonNode mask : expected.get("masks")) {
      Path target = directory.resolve("pruned-" + mask.get("removed").size());
      Path written = directory.resolve(name + mask.get("removed"));
      try (Staged staged = model.write(mask(mask), target, Map.of("tale.note", "kept"))) {
        Files.move(staged.commit(), written);
      }
      assertThat(written.resolve("model.onnx")).doesNotExist();
      requireSameBytes(name, mask(mask), Checkpoint.read(written));
      ModelDirectory again = ModelDirectory.open(written);
      assertThat(again.graph().proto().getMetadataPropsList())
          .anySatisfy(entry -> assertThat(entry.getValue()).isEqualTo("kept"));
      try (GatedSession session = GatedSession.open(again.stream(), CPU)) {
        LayerMask whole = LayerMask.none(mask(mask).kept().size());
        requireLogits(session, expected.get("prompts"), mask, whole, name);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void excisedIsAnOnnxModelThatGivesTheSame(String name) throws IOException {
    ModelDirectory model = ModelDirectory.open(FIXTURES.resolve(name));
    JsonNode expected = expected(name);
    JsonNode mask = expected.get("masks").get(2);
    Path written = directory.resolve(name);
    try (Staged staged = model.excise(mask(mask), written, Map.of())) {
      staged.commit();
    }
    assertThat(written.resolve("model.onnx_data")).exists();
    assertThat(written.resolve("model.safetensors")).doesNotExist();
    ModelDirectory again = ModelDirectory.open(written);
    try (GatedSession session = GatedSession.open(again.stream(), CPU)) {
      requireLogits(session, expected.get("prompts"), mask, LayerMask.none(2), name);
    }
  }

  private static JsonNode expected(String name) throws IOException {
    return new ObjectMapper().readTree(FIXTURES.resolve(name).resolve("expected.json").toFile());
  }

  private static LayerMask mask(JsonNode mask) {
    return LayerMask.of(
        3,
        IntStream.range(0, mask.get("removed").size())
            .map(i -> mask.at("/removed/" + i).asInt())
            .toArray());
  }

  private static void requireLogits(
      GatedSession session, JsonNode prompts, JsonNode expected, LayerMask mask, String name) {
    for (int prompt = 0; prompt < prompts.size(); prompt++) {
      ImmutableLongArray.Builder tokens = ImmutableLongArray.builder();
      prompts.get(prompt).forEach(token -> tokens.add(token.asLong()));
      int length = prompts.get(prompt).size();
      List<float[]> logits = session.output(tokens.build(), List.of(length - 2, length - 1), mask);
      for (int position = 0; position < 2; position++) {
        JsonNode row = expected.get("logits").get(prompt).get(position);
        for (int token = 0; token < row.size(); token++) {
          assertThat((double) logits.get(position)[token])
              .as("%s, %s, prompt %d, token %d", name, mask, prompt, token)
              .isCloseTo(row.get(token).asDouble(), within(TOLERANCE));
        }
      }
    }
  }

  /** Every weight of the layers that stay, and no other, byte for byte. */
  private static void requireSameBytes(String name, LayerMask mask, Checkpoint written)
      throws IOException {
    Map<String, StoredTensor> originals = Checkpoint.read(FIXTURES.resolve(name)).tensors();
    List<Integer> kept = mask.kept();
    for (StoredTensor tensor : written.tensors().values()) {
      String before = tensor.name();
      for (int place = kept.size() - 1; place >= 0; place--) {
        before =
            tensor.name().startsWith("model.layers." + place + ".")
                ? tensor.name().replace("layers." + place + ".", "layers." + kept.get(place) + ".")
                : before;
      }
      StoredTensor original = originals.get(before);
      assertThat(tensor.type()).as(before).isEqualTo(original.type());
      assertThat(tensor.shape()).as(before).isEqualTo(original.shape());
      assertThat(bytes(tensor)).as(before).isEqualTo(bytes(original));
    }
    long removed =
        originals.keySet().stream()
            .filter(
                each ->
                    mask.removed().stream()
                        .anyMatch(i -> each.startsWith("model.layers." + i + ".")))
            .count();
    assertThat(written.tensors()).hasSize((int) (originals.size() - removed));
  }

  private static byte[] bytes(StoredTensor tensor) throws IOException {
    return tensor.range().read();
  }
}
