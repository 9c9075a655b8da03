package dev.tale.onnx.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import com.google.protobuf.ByteString;
import dev.tale.model.Granularity;
import dev.tale.model.LayerMask;
import dev.tale.onnx.graph.TestModels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that tell users of the original checkpoint which layers to take. */
class LayerNamesTest {
  private static final Pattern RANGE = Pattern.compile("layer_range: \\[(\\d+), (\\d+)\\]");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @Test
  void mergekit_isAsDocumented() throws IOException {
    KeptLayers kept = KeptLayers.of(Granularity.LAYER, LayerMask.of(6, 2, 4));
    ObjectNode config =
        JSON.createObjectNode()
            .put("_name_or_path", "Qwen/Qwen2.5-0.5B")
            .put("torch_dtype", "bfloat16");
    assertThat(yaml(config, kept))
        .isEqualTo(
            """
            # Makes the same model from the original checkpoint: mergekit-yaml mergekit.yaml OUTPUT
            # model: the checkpoint's Hugging Face name, or a directory with its safetensors. Change it
            # below if it is not that.
            merge_method: passthrough
            dtype: bfloat16
            slices:
              - sources:
                  - model: "Qwen/Qwen2.5-0.5B"
                    layer_range: [0, 2]
              - sources:
                  - model: "Qwen/Qwen2.5-0.5B"
                    layer_range: [3, 4]
              - sources:
                  - model: "Qwen/Qwen2.5-0.5B"
                    layer_range: [5, 6]
            """);
  }

  @Test
  void mergekit_saysWhatTheSettingsSay() throws IOException {
    KeptLayers kept = KeptLayers.of(Granularity.LAYER, LayerMask.of(3, 0));
    ObjectNode config = JSON.createObjectNode().put("dtype", "int4");
    assertThat(yaml(config, kept))
        .contains("model: \"a \\\"b\\\"\"", "[1, 3]")
        .doesNotContain("dtype", "layer_types");
    config.put("dtype", "float16").putArray("layer_types");
    assertThat(yaml(config, kept)).contains("dtype: float16", "copy it from the config.json");
  }

  /** The checkpoint would scale by the new index, the graph scales by the old one. */
  @Test
  void mergekit_cannotMakeLayersThatKnowTheirIndex() {
    KeptLayers kept = KeptLayers.of(Granularity.LAYER, LayerMask.of(3, 0));
    ObjectNode config = JSON.createObjectNode();
    assertThat(MergekitFile.canMake(config, kept)).isTrue();
    config.put("scale_attn_by_inverse_layer_idx", true);
    assertThat(MergekitFile.canMake(config, kept)).isFalse();
  }

  /** Every layer that stays is taken, once, in order, and no other. */
  @Property(tries = 300)
  void mergekit_takesTheLayersThatStay(
      @ForAll @Size(min = 1, max = 40) @UniqueElements
          List<@IntRange(min = 0, max = 47) Integer> stay)
      throws IOException {
    LayerMask mask = LayerMask.none(48);
    for (int layer = 0; layer < 48; layer++) {
      mask = stay.contains(layer) ? mask : mask.remove(layer);
    }
    KeptLayers kept = KeptLayers.of(Granularity.LAYER, mask);
    String yaml = yaml(JSON.createObjectNode(), kept);
    assertThat(expanded(yaml)).isEqualTo(stay.stream().sorted().toList());
    assertThat(RANGE.matcher(yaml).results().count())
        .isEqualTo(stay.stream().filter(layer -> !stay.contains(layer + 1)).count());
  }

  /** A checkpoint without these layers is the written graph: its weights are those layers'. */
  @Test
  void mergekit_takesTheLayersOfTheWrittenGraph() throws IOException {
    Path original = directory(Granularity.LAYER);
    ModelDirectory model = ModelDirectory.open(original);
    Path pruned = excise(model, LayerMask.of(3, 1));
    List<Integer> stay = expanded(Files.readString(pruned.resolve("mergekit.yaml")));
    ModelDirectory smaller = ModelDirectory.open(pruned);
    assertThat(stay).containsExactly(0, 2);
    for (int layer = 0; layer < stay.size(); layer++) {
      assertThat(weights(smaller, layer)).isNotEmpty().isEqualTo(weights(model, stay.get(layer)));
      assertThat(weights(smaller, layer)).isNotEqualTo(weights(model, 1));
    }
    assertThat(toKeep(pruned, "layers_to_keep")).isEqualTo(stay);
  }

  @Test
  void layersToKeep_isAsDocumented() {
    assertThat(text(KeptLayers.of(Granularity.LAYER, LayerMask.of(4, 1))))
        .isEqualTo(
            """
            {
              "format": 1,
              "granularity": "layer",
              "original_layers": 4,
              "layers_to_keep": [0, 2, 3],
              "layers_removed": [1]
            }
            """);
    assertThat(text(KeptLayers.of(Granularity.SUBLAYER, LayerMask.of(6, 2, 5))))
        .isEqualTo(
            """
            {
              "format": 1,
              "granularity": "sublayer",
              "original_layers": 3,
              "attention_to_keep": [0, 2],
              "attention_removed": [1],
              "mlp_to_keep": [0, 1],
              "mlp_removed": [2]
            }
            """);
    assertThat(text(KeptLayers.of(Granularity.SUBLAYER, LayerMask.of(4, 0, 1))))
        .contains("\"layers_to_keep\": [1],", "\"mlp_removed\": [0]");
  }

  /** Parts cannot be said in mergekit's terms, whole layers can. */
  @Test
  void sublayers_haveARecipeOnlyWhereWholeLayersGo() throws IOException {
    ModelDirectory model =
        ModelDirectory.open(directory(Granularity.SUBLAYER), Granularity.SUBLAYER);
    Path parts = excise(model, LayerMask.of(6, 2));
    assertThat(parts.resolve("mergekit.yaml")).doesNotExist();
    assertThat(toKeep(parts, "attention_to_keep")).containsExactly(0, 2);
    assertThat(toKeep(parts, "mlp_to_keep")).containsExactly(0, 1, 2);
    assertThat(json(parts, "config.json").get("num_hidden_layers").intValue()).isEqualTo(2);
    Path whole = excise(model, LayerMask.of(6, 2, 3));
    assertThat(expanded(Files.readString(whole.resolve("mergekit.yaml")))).containsExactly(0, 2);
    assertThat(toKeep(whole, "layers_to_keep")).containsExactly(0, 2);
  }

  @Test
  void sublayers_needAnAttention() throws IOException {
    ModelDirectory model =
        ModelDirectory.open(directory(Granularity.SUBLAYER), Granularity.SUBLAYER);
    Path target = directory.resolve("none");
    assertThatThrownBy(() -> model.excise(LayerMask.of(6, 0, 2, 4), target, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("removes attention from every layer");
    assertThat(target).doesNotExist();
  }

  @Test
  void recipe_needsSettings() throws IOException {
    Path original = directory(Granularity.LAYER);
    Files.delete(original.resolve("config.json"));
    Path pruned = excise(ModelDirectory.open(original), LayerMask.of(3, 1));
    assertThat(toKeep(pruned, "layers_to_keep")).containsExactly(0, 2);
    assertThatThrownBy(() -> Files.size(pruned.resolve("mergekit.yaml")))
        .isInstanceOf(NoSuchFileException.class);
  }

  /** Twice in succession is as once: the recipe is for the checkpoint. */
  @ParameterizedTest
  @EnumSource(Granularity.class)
  void excise_composesRemovals(Granularity second) throws IOException {
    Path original = directory(Granularity.LAYER);
    Path direct = excise(ModelDirectory.open(original), LayerMask.of(3, 0, 1));
    Path first = excise(ModelDirectory.open(original), LayerMask.of(3, 1));
    LayerMask mask = second == Granularity.LAYER ? LayerMask.of(2, 0) : LayerMask.of(4, 0, 1);
    Path twice = excise(ModelDirectory.open(first, second), mask);
    assertThat(twice.resolve("mergekit.yaml"))
        .hasSameTextualContentAs(direct.resolve("mergekit.yaml"));
    assertThat(json(twice, "layers_to_keep.json").get("original_layers").intValue()).isEqualTo(3);
    for (String list : List.of("layers_to_keep", "layers_removed")) {
      assertThat(toKeep(twice, list)).isNotEmpty().isEqualTo(toKeep(direct, list));
    }
    assertThat(weights(ModelDirectory.open(twice), 0))
        .isEqualTo(weights(ModelDirectory.open(original), 2));
  }

  /** A wrong recipe would be worse than none. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "old",
        "[0, 1, 2]",
        "{'format': 2, 'original_layers': 5, 'layers_to_keep': [0, 1, 4]}",
        "{'format': 1, 'original_layers': 5, 'layers_to_keep': [0, 1]}",
        "{'format': 1, 'original_layers': 4, 'layers_to_keep': [0, 1, 4]}",
        "{'format': 1, 'original_layers': 5, 'layers_to_keep': [0, 4, 1]}",
        "{'format': 1, 'original_layers': 5, 'layers_to_keep': [0, 1, 1]}",
        "{'format': 1, 'original_layers': 5, 'layers_to_keep': [-1, 1, 4]}",
        "{'format': 1, 'original_layers': 5, 'layers_to_keep': [0, 1, '4']}",
        "{'format': 1, 'original_layers': 3, 'attention_to_keep': [0, 2]}"
      })
  void excise_writesNoRecipeWhereEarlierRemovalsAreUnknown(String file) throws IOException {
    Path original = directory(Granularity.LAYER);
    Files.writeString(original.resolve("layers_to_keep.json"), file.replace('\'', '"'));
    Path pruned = excise(ModelDirectory.open(original), LayerMask.of(3, 1));
    assertUnknown(pruned, List.of(0, 2));
    assertUnknown(excise(ModelDirectory.open(pruned), LayerMask.of(2, 1)), List.of(0));
  }

  /** The graph still says so where the file is lost. */
  @Test
  void excise_writesNoRecipeForAGraphPrunedBefore() throws IOException {
    Path original = directory(Granularity.LAYER);
    Path first = directory.resolve("first");
    Map<String, String> metadata = Map.of("tale.removedLayers", "[model.layers.1]");
    try (Staged staged =
        ModelDirectory.open(original).excise(LayerMask.of(3, 1), first, metadata)) {
      staged.commit();
    }
    Files.delete(first.resolve("layers_to_keep.json"));
    assertUnknown(excise(ModelDirectory.open(first), LayerMask.of(2, 0)), List.of(1));
  }

  private static void assertUnknown(Path pruned, List<Integer> toKeep) throws IOException {
    assertThat(pruned.resolve("mergekit.yaml")).doesNotExist();
    assertThat(json(pruned, "layers_to_keep.json").path("earlier_removals").textValue())
        .isEqualTo("unknown");
    assertThat(toKeep(pruned, "layers_to_keep")).isEqualTo(toKeep);
  }

  /** The directory of a model pruned before is not the checkpoint's. */
  @ParameterizedTest
  @ValueSource(strings = {"", "slices:\n      - model: \"other/one\"\n"})
  void recipe_saysThatTheCheckpointsNameIsNotKnown(String recipe) throws IOException {
    Path first = excise(ModelDirectory.open(directory(Granularity.LAYER)), LayerMask.of(3, 1));
    Files.delete(first.resolve("mergekit.yaml"));
    if (!recipe.isEmpty()) {
      Files.writeString(first.resolve("mergekit.yaml"), recipe);
    }
    Path unnamed = excise(ModelDirectory.open(first), LayerMask.of(2, 0));
    assertThat(unnamed.resolve("mergekit.yaml"))
        .content()
        .contains("name is not known", "model: \"CHECKPOINT\"\n        layer_range: [2, 3]")
        .doesNotContain("other/one", "Change it");
    assertThat(toKeep(unnamed, "layers_to_keep")).containsExactly(2);
    Files.writeString(
        first.resolve("config.json"), "{\"num_hidden_layers\": 2, \"_name_or_path\": \"a/b\"}");
    Path named = excise(ModelDirectory.open(first), LayerMask.of(2, 1));
    assertThat(named.resolve("mergekit.yaml"))
        .content()
        .contains("model: \"a/b\"\n        layer_range: [0, 1]")
        .doesNotContain("not known");
  }

  /** What is not known stays so. */
  @Test
  void recipe_takesNoNameFromOneWithoutAName() throws IOException {
    Path first = excise(ModelDirectory.open(directory(Granularity.SUBLAYER)), LayerMask.of(3, 1));
    Files.delete(first.resolve("mergekit.yaml"));
    Path second = excise(ModelDirectory.open(first), LayerMask.none(2));
    Path third = excise(ModelDirectory.open(second), LayerMask.of(2, 0));
    assertThat(third.resolve("mergekit.yaml")).content().contains("name is not known");
  }

  /** A recipe of other origin made the checkpoint; a model pruned by Tale comes from that. */
  @ParameterizedTest
  @ValueSource(strings = {"merge_method: slerp\n", "\u00e9", "a: \u0000"})
  void recipe_replacesAForeignOne(String foreign) throws IOException {
    Path original = directory(Granularity.LAYER);
    Path file = original.resolve("mergekit.yaml");
    Files.write(file, foreign.getBytes(StandardCharsets.ISO_8859_1));
    Path pruned = excise(ModelDirectory.open(original), LayerMask.of(3, 1));
    assertThat(pruned.resolve("mergekit.yaml"))
        .content()
        .startsWith("# Makes the same model from the original checkpoint")
        .contains("model: \"layer\"");
    Files.copy(file, pruned.resolve("mergekit.yaml"), StandardCopyOption.REPLACE_EXISTING);
    Path twice = excise(ModelDirectory.open(pruned), LayerMask.of(2, 1));
    assertThat(twice.resolve("mergekit.yaml")).content().contains("name is not known");
  }

  @ParameterizedTest
  @CsvSource({
    "hub/models--Qwen--Qwen2.5-0.5B/snapshots/060db6499f32faf8b98477b0a26969ef7d8b9987,"
        + " Qwen/Qwen2.5-0.5B",
    "models--gpt2/snapshots/607a, gpt2",
    "snapshots/607a, 607a",
    "models--a--b/refs/main, main",
    "models--a--b/snapshots/607a/tiny, tiny"
  })
  void recipe_namesACachedModelByItsName(String directory, String name) throws IOException {
    KeptLayers kept = KeptLayers.of(Granularity.LAYER, LayerMask.of(3, 0));
    ObjectNode config = JSON.createObjectNode();
    String checkpoint = MergekitFile.checkpoint(config, files(this.directory.resolve(directory)));
    assertThat(checkpoint).isEqualTo(name);
    assertThat(new String(MergekitFile.of(config, kept, checkpoint), StandardCharsets.UTF_8))
        .contains("model: \"" + name + "\"\n");
  }

  private static SideFiles files(Path directory) {
    return new SideFiles(directory, ImmutableMap.of());
  }

  private Path directory(Granularity name) throws IOException {
    Path original = Files.createDirectory(directory.resolve(name.toString()));
    Files.copy(TestModels.QWEN2.file(), original.resolve("model.onnx"));
    Files.writeString(original.resolve("config.json"), "{\"num_hidden_layers\": 3}");
    return original;
  }

  private Path excise(ModelDirectory model, LayerMask mask) throws IOException {
    Path target = directory.resolve("without-" + mask.removed() + "-of-" + model.name());
    try (Staged staged = model.excise(mask, target, Map.of())) {
      return staged.commit();
    }
  }

  private static List<ByteString> weights(ModelDirectory model, int layer) {
    return model.stream().layer(layer).weights().stream()
        .map(model.graph()::initializer)
        .map(TensorProto::getRawData)
        .toList();
  }

  private static List<Integer> toKeep(Path pruned, String list) throws IOException {
    JsonNode stay = json(pruned, "layers_to_keep.json").path(list);
    return IntStream.range(0, stay.size()).mapToObj(index -> stay.get(index).intValue()).toList();
  }

  private static JsonNode json(Path pruned, String name) throws IOException {
    return JSON.readTree(Files.readString(pruned.resolve(name)));
  }

  private static String text(KeptLayers kept) {
    return new String(LayersToKeepFile.of(kept), StandardCharsets.UTF_8);
  }

  private static String yaml(ObjectNode config, KeptLayers kept) throws IOException {
    String checkpoint = MergekitFile.checkpoint(config, files(Path.of("a \"b\"")));
    return new String(MergekitFile.of(config, kept, checkpoint), StandardCharsets.UTF_8);
  }

  private static List<Integer> expanded(String yaml) {
    return RANGE
        .matcher(yaml)
        .results()
        .flatMap(range -> IntStream.range(number(range, 1), number(range, 2)).boxed())
        .toList();
  }

  private static int number(MatchResult range, int group) {
    return Integer.parseInt(range.group(group));
  }
}
