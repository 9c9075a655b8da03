package dev.tale.onnx.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file {@code mergekit.yaml}: makes the pruned model from the checkpoint that the original was
 * exported from, with <a href="https://github.com/arcee-ai/mergekit">mergekit</a>'s method {@code
 * passthrough}. A {@code layer_range} is half-open: {@code [0, 3]} takes layers 0, 1 and 2.
 */
final class MergekitFile {
  static final String NAME = "mergekit.yaml";

  /** By newer and by older versions of transformers. */
  private static final List<String> TYPE_KEYS = List.of("dtype", "torch_dtype");

  private static final Set<String> TYPES = Set.of("bfloat16", "float16", "float32");

  /** Begins every recipe of Tale's; people write some of their own under the same name. */
  private static final String OURS =
      "# Makes the same model from the original checkpoint: mergekit-yaml mergekit.yaml OUTPUT\n";

  /** Stands for the name of a checkpoint that is not known. */
  private static final String UNKNOWN = "CHECKPOINT";

  private static final String NAME_KNOWN =
      """
      # model: the checkpoint's Hugging Face name, or a directory with its safetensors. Change it
      # below if it is not that.
      """;

  private static final String NAME_UNKNOWN =
      """
      # The checkpoint's name is not known: put its Hugging Face name, or a directory with its
      # safetensors, in place of CHECKPOINT below.
      """;

  private static final Pattern MODEL = Pattern.compile("^ +- model: (\".*\")$", Pattern.MULTILINE);

  private MergekitFile() {}

  /** Returns whether mergekit can make the same model: it takes whole layers as they are. */
  static boolean canMake(ObjectNode config, KeptLayers kept) {
    return kept.areWhole() && !config.path("scale_attn_by_inverse_layer_idx").asBoolean();
  }

  /**
   * Returns the file.
   *
   * @param config the pruned model's config.json
   * @param kept in terms of the checkpoint's layers
   * @param checkpoint its name
   */
  static byte[] of(ObjectNode config, KeptLayers kept, String checkpoint) {
    String model = TextNode.valueOf(checkpoint).toString();
    return (OURS
            + (checkpoint.equals(UNKNOWN) ? NAME_UNKNOWN : NAME_KNOWN)
            + lists(config)
            + "merge_method: passthrough\n"
            + dtype(config)
            + "slices:\n")
        .concat(slices(kept.attention(), model))
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns the checkpoint's name. Where the settings have none, that of the model's directory
   * stands in, unless the model was pruned before: then the recipe of that time has it, or nothing
   * does. Recipes of other origin are not asked: they say what the checkpoint was made of.
   */
  static String checkpoint(ObjectNode config, SideFiles files) throws IOException {
    String name = config.path("_name_or_path").asText("");
    if (!name.isEmpty()) {
      return name;
    }
    if (files.find(LayersToKeepFile.NAME).isEmpty()) {
      return ModelDirectory.name(files.directory());
    }
    Optional<SideFile> recipe = files.find(NAME);
    return recipe.isEmpty() ? UNKNOWN : inRecipe(recipe.get()).orElse(UNKNOWN);
  }

  private static Optional<String> inRecipe(SideFile file) throws IOException {
    // What is not UTF-8 is not of Tale's making.
    String recipe = new String(file.content(), StandardCharsets.UTF_8);
    Matcher model = MODEL.matcher(recipe);
    return recipe.startsWith(OURS) && model.find()
        ? JsonFile.text(model.group(1))
        : Optional.empty();
  }

  private static String slices(List<Integer> stay, String model) {
    StringBuilder slices = new StringBuilder();
    for (int from = 0; from < stay.size(); ) {
      int to = endOfRun(stay, from);
      slices
          .append("  - sources:\n      - model: ")
          .append(model)
          .append("\n        layer_range: [")
          .append(stay.get(from))
          .append(", ")
          .append(stay.get(to - 1) + 1)
          .append("]\n");
      from = to;
    }
    return slices.toString();
  }

  /** Returns where the layers that follow one another without a gap end. */
  private static int endOfRun(List<Integer> layers, int from) {
    int to = from + 1;
    while (to < layers.size() && layers.get(to) == layers.get(to - 1) + 1) {
      to++;
    }
    return to;
  }

  private static String lists(ObjectNode config) {
    Set<String> lists = new TreeSet<>(LayerLists.namesIn(config));
    lists.addAll(LayerLists.namesIn(config.path("text_config")));
    return lists.isEmpty()
        ? ""
        : "# mergekit leaves "
            + String.join(", ", lists)
            + " as it was: copy it from the config.json beside this file.\n";
  }

  private static String dtype(ObjectNode settings) {
    return TYPE_KEYS.stream()
        .map(settings::path)
        .map(JsonNode::asText)
        .filter(TYPES::contains)
        .findFirst()
        .map(type -> "dtype: " + type + "\n")
        .orElse("");
  }
}
