package dev.tale.onnx.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import dev.tale.onnx.graph.Source;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a model that speak of its layers, and how they change when layers go: counts are
 * lowered, lists cut or renumbered ({@link LayerLists}), thresholds moved, patterns spelled out as
 * lists. Patterns that no list can stand for are refused ({@link LayerPatterns}). Other unknown
 * settings stay as they are.
 */
final class Settings {
  /** Names of the number of layers, by model family. */
  private static final List<String> LAYER_COUNTS =
      List.of("num_hidden_layers", "n_layer", "num_layers", "n_layers", "num_transformer_layers");

  private static final String LAYER_TYPES = "layer_types";

  /** Models that have rotary positions in all layers but one in so many, unless a list says. */
  private static final ImmutableMap<String, Integer> USUAL_ROPE_INTERVALS =
      ImmutableMap.of("smollm3", 4, "llama4_text", 4);

  /** Heads that were pruned, by layer. */
  private static final String PRUNED_HEADS = "pruned_heads";

  private static final String MAX_WINDOW_LAYERS = "max_window_layers";

  /** Every that many layers one has full attention, as a setting says. */
  static final List<String> WINDOW_PATTERNS =
      List.of("sliding_window_pattern", "_sliding_window_pattern");

  /** Every that many layers one has full attention, where no setting says so. */
  private static final ImmutableMap<String, Integer> USUAL_PATTERNS =
      ImmutableMap.of("gemma2", 2, "gemma3", 6, "gemma3_text", 6, "cohere2", 4);

  private final Source source;
  private final ObjectNode settings;
  private final KeptLayers kept;

  private Settings(Source source, ObjectNode settings, KeptLayers kept) {
    this.source = source;
    this.settings = settings;
    this.kept = kept;
  }

  /**
   * Adjusts settings in place.
   *
   * @throws dev.tale.model.UnsupportedModelException if one of them cannot be adjusted
   */
  static void adjust(Source source, ObjectNode settings, KeptLayers kept) {
    Settings adjusted = new Settings(source, settings, kept);
    adjusted.spellOutWindowPattern();
    adjusted.spellOutRopeInterval();
    new LayerPatterns(source, settings).refuse();
    adjusted.layerCounts();
    new LayerLists(source, settings, kept).adjust();
    adjusted.maxWindowLayers();
    adjusted.prunedHeads();
  }

  /** Returns whether the number of layers is among the settings. */
  static boolean areIn(ObjectNode settings) {
    return LAYER_COUNTS.stream().anyMatch(settings::has);
  }

  /** Returns whether that number of layers is among the settings. */
  static boolean countIn(ObjectNode settings, int layers) {
    return LAYER_COUNTS.stream().anyMatch(key -> settings.path(key).asInt() == layers);
  }

  private void layerCounts() {
    List<String> present = LAYER_COUNTS.stream().filter(settings::has).toList();
    if (present.isEmpty()) {
      throw source.unsupported(
          "has none of "
              + LAYER_COUNTS
              + ", so clients could not know how many layers stay. Add num_hidden_layers");
    }
    List<String> counts =
        present.stream().filter(key -> settings.get(key).asText().equals(layers())).toList();
    if (counts.isEmpty()) {
      throw source.unsupported(
          present.get(0)
              + " is "
              + settings.get(present.get(0))
              + ", but the graph has "
              + layers()
              + " layers; graph and settings are not of one model. Put the right file there");
    }
    counts.forEach(key -> settings.put(key, kept.attention().size()));
  }

  private String layers() {
    return String.valueOf(kept.layers());
  }

  /** The first so many layers have full attention. */
  private void maxWindowLayers() {
    JsonNode threshold = settings.path(MAX_WINDOW_LAYERS);
    if (settings.path("use_sliding_window").asBoolean(false) && threshold.isInt()) {
      settings.put(
          MAX_WINDOW_LAYERS,
          (int) kept.attention().stream().filter(layer -> layer < threshold.intValue()).count());
    }
  }

  /** A pattern by position gives way to a list, unless every layer keeps its place in it. */
  private void spellOutWindowPattern() {
    int period = windowPattern().orElse(1);
    if (settings.hasNonNull(LAYER_TYPES) || kept.keepPlaces(period)) {
      return;
    }
    ArrayNode types = settings.putArray(LAYER_TYPES);
    for (int layer = 1; layer <= kept.layers(); layer++) {
      types.add(layer % period == 0 ? "full_attention" : "sliding_attention");
    }
  }

  private void spellOutRopeInterval() {
    Integer usual = USUAL_ROPE_INTERVALS.get(settings.path("model_type").asText());
    int interval = settings.path(LayerPatterns.ROPE_INTERVAL).asInt(usual == null ? 0 : usual);
    if (usual == null || interval < 1 || !settings.path(LayerLists.NO_ROPE_LAYERS).isEmpty()) {
      return;
    }
    ArrayNode flags = settings.putArray(LayerLists.NO_ROPE_LAYERS);
    for (int layer = 1; layer <= kept.layers(); layer++) {
      flags.add(layer % interval == 0 ? 0 : 1);
    }
  }

  private void prunedHeads() {
    if (!(settings.path(PRUNED_HEADS) instanceof ObjectNode heads) || heads.isEmpty()) {
      return;
    }
    ObjectNode renumbered = settings.putObject(PRUNED_HEADS);
    for (int place = 0; place < kept.attention().size(); place++) {
      JsonNode pruned = heads.get(String.valueOf(kept.attention().get(place)));
      if (pruned != null) {
        renumbered.set(String.valueOf(place), pruned);
      }
    }
  }

  private Optional<Integer> windowPattern() {
    if (!settings.hasNonNull("sliding_window")) {
      return Optional.empty();
    }
    return WINDOW_PATTERNS.stream()
        .map(settings::path)
        .filter(pattern -> pattern.isInt() && pattern.intValue() > 0)
        .map(JsonNode::intValue)
        .findFirst()
        .or(() -> Optional.ofNullable(USUAL_PATTERNS.get(settings.path("model_type").asText())));
  }
}
