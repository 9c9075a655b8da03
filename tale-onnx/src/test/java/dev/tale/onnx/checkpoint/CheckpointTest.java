package dev.tale.onnx.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

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
    Golden golden = golden(name);
    try (GatedSession session = GatedSession.open(model.stream(), CPU)) {
      for (int number = 0; number < golden.masks().size(); number++) {
        golden.require(session, number, golden.masks().get(number));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void writtenIsTheFolderWithoutThoseLayers(String name) throws IOException {
    ModelDirectory model = ModelDirectory.open(FIXTURES.resolve(name));
    Golden golden = golden(name);
    for (int number = 0; number < golden.masks().size(); number++) {
      LayerMask mask = golden.masks().get(number);
      Path written = directory.resolve(name + number);
      try (Staged staged = model.write(mask, written, Map.of("tale.note", "kept"))) {
        staged.commit();
      }
      assertThat(written.resolve("model.onnx")).doesNotExist();
      requireSameBytes(name, mask, Checkpoint.read(written));
      ModelDirectory again = ModelDirectory.open(written);
      assertThat(again.graph().proto().getMetadataPropsList())
          .anySatisfy(entry -> assertThat(entry.getValue()).isEqualTo("kept"));
      try (GatedSession session = GatedSession.open(again.stream(), CPU)) {
        golden.require(session, number, LayerMask.none(mask.kept().size()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void excisedIsAnOnnxModelThatGivesTheSame(String name) throws IOException {
    ModelDirectory model = ModelDirectory.open(FIXTURES.resolve(name));
    Golden golden = golden(name);
    Path written = directory.resolve(name);
    try (Staged staged = model.excise(golden.masks().get(2), written, Map.of())) {
      staged.commit();
    }
    assertThat(written.resolve("model.onnx_data")).exists();
    assertThat(written.resolve("model.safetensors")).doesNotExist();
    ModelDirectory again = ModelDirectory.open(written);
    try (GatedSession session = GatedSession.open(again.stream(), CPU)) {
      golden.require(session, 2, LayerMask.none(2));
    }
  }

  private static Golden golden(String name) throws IOException {
    return Golden.read(FIXTURES.resolve(name).resolve("expected.json"));
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
