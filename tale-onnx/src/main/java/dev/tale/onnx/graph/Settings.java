package dev.tale.onnx.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Optional;

/**
 * The settings of a model that speak of its layers, and how they change when layers go: counts are
 * lowered, known lists with an entry for each layer are cut, thresholds are moved. What is known to
 * speak of other layers afterwards is refused ({@link LayerIndexSettings}), and so is an unknown
 * list as long as there are layers, unless its entries are all the same ({@link UnknownLists}).
 * Other unknown settings stay as they are.
 */
final class Settings {
  /** Names of the number of layers, by model family. */
  private static final List<String> LAYER_COUNTS =
      List.of("num_hidden_layers", "n_layer", "num_layers", "n_layers", "num_transformer_layers");

  private static final String LAYER_TYPES = "layer_types";
  private static final String MLP_LAYER_TYPES = "mlp_layer_types";

  private static final ImmutableSet<String> KNOWN_LISTS =
      ImmutableSet.of(LAYER_TYPES, MLP_LAYER_TYPES, LayerIndexSettings.NO_ROPE_LAYERS);

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
    new LayerIndexSettings(source, settings, kept).refuse();
    adjusted.layerCounts();
    adjusted.cut(LAYER_TYPES, kept.attention());
    adjusted.cut(MLP_LAYER_TYPES, kept.feedForward());
    if (!settings.path(LayerIndexSettings.NO_ROPE_LAYERS).isEmpty()) {
      adjusted.cut(LayerIndexSettings.NO_ROPE_LAYERS, kept.attention());
    }
    new UnknownLists(source, settings, kept).adjust(KNOWN_LISTS);
    adjusted.maxWindowLayers();
  }

  /** Returns whether the number of layers is among the settings. */
  static boolean areIn(ObjectNode settings) {
    return LAYER_COUNTS.stream().anyMatch(settings::has);
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

  private void cut(String key, List<Integer> stay) {
    JsonNode list = settings.path(key);
    if (list.isMissingNode() || list.isNull()) {
      return;
    }
    if (!list.isArray() || list.size() != kept.layers()) {
      throw source.unsupported(
          key
              + " has "
              + list.size()
              + " entries, but the graph has "
              + layers()
              + " layers; graph and settings are not of one model. Put the right file there");
    }
    ArrayNode cut = settings.putArray(key);
    stay.forEach(layer -> cut.add(list.get(layer)));
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
