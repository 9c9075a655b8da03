package dev.tale.onnx.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.Granularity;
import dev.tale.model.LayerInfo;
import dev.tale.model.LayerInfo.Part;
import dev.tale.model.LayerMask;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.families.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models whose parts were removed before, opened to be pruned once more. */
class EarlierRemovalsTest {
  private static final String KEY = "tale.removedLayers";

  @TempDir private Path scratch;

  @ParameterizedTest
  @CsvSource({
    "gemma3-torchscript, '0.attention, 2.attention', LAYER",
    "gemma3-torchscript, '0.attention, 2.attention', SUBLAYER",
    "gemma3-torchscript, '0.mlp, 1.mlp, 2.mlp, 3.mlp', SUBLAYER",
    "qwen25-genai-fp16, '0.mlp, 1.mlp, 2.mlp, 3.mlp', SUBLAYER",
    "bert-torchscript, '0.mlp, 1.attention, 1.mlp, 2.attention, 2.mlp, 3.attention, 3.mlp', LAYER",
    "bert-torchscript, '0.mlp, 1.mlp, 2.mlp, 3.mlp', SUBLAYER"
  })
  void open_saysThatPartsWereRemoved(String fixture, String removed, Granularity granularity)
      throws IOException {
    ModelDirectory original = open(fixture);
    Path told = write(original, removed, Map.of(KEY, "[" + removed + "]"));
    assertThatThrownBy(() -> ModelDirectory.open(told, granularity))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(
            told.toString(), "parts of its layers were removed before", removed, "the original")
        .hasCauseInstanceOf(UnsupportedModelException.class);
    Path untold = write(original, removed, Map.of());
    assertThatThrownBy(() -> ModelDirectory.open(untold, granularity))
        .hasMessageContainingAll("parts of its layers were removed before, attention [", "mlp [");
  }

  /** What still takes turns can be pruned once more. */
  @Test
  void open_takesWhatStillHasLayers() throws IOException {
    ModelDirectory original = open("bert-torchscript");
    Path path = write(original, "1.attention, 0.mlp", Map.of());
    assertThat(ModelDirectory.open(path).stream().layerCount()).isEqualTo(3);
    assertThat(ModelDirectory.open(path, Granularity.SUBLAYER).stream().layerCount()).isEqualTo(6);
  }

  /** A model that was not pruned, or lost whole layers, is refused for what it is. */
  @ParameterizedTest
  @CsvSource({"[]", "'[1, 3]'"})
  void open_blamesNoOneElse(String removed) throws IOException {
    ModelDirectory original = open("gptneox-torchscript");
    Path path = write(original, "0.attention, 0.mlp", Map.of(KEY, removed));
    assertThatThrownBy(() -> ModelDirectory.open(path, Granularity.SUBLAYER))
        .hasMessageContaining("run in parallel")
        .hasNoCause();
  }

  /** A file that is broken does not hide the failure. */
  @Test
  void open_passesOverABrokenFile() throws IOException {
    Path path = write(open("gemma3-torchscript"), "0.attention, 2.attention", Map.of());
    Files.writeString(path.resolve("layers_to_keep.json"), "{");
    assertThatThrownBy(() -> ModelDirectory.open(path))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("do not take turns");
  }

  private static ModelDirectory open(String fixture) throws IOException {
    Path directory = Fixtures.named(fixture).directory();
    return ModelDirectory.open(
        directory, fixture.startsWith("gptneox") ? Granularity.LAYER : Granularity.SUBLAYER);
  }

  private Path write(ModelDirectory original, String removed, Map<String, String> metadata)
      throws IOException {
    List<String> names = List.of(removed.split(", "));
    Predicate<LayerInfo> goes =
        layer ->
            layer.part() == Part.WHOLE
                ? names.contains(layer.layer() + ".mlp")
                : names.contains(layer.name());
    int[] indices =
        original.stream().layers().stream().filter(goes).mapToInt(LayerInfo::index).toArray();
    LayerMask mask = LayerMask.of(original.stream().layerCount(), indices);
    Path target = scratch.resolve("pruned" + metadata.size());
    try (Staged staged = original.excise(mask, target, metadata)) {
      return staged.commit();
    }
  }
}
