package dev.tale.onnx.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Streams;
import dev.tale.model.UnsupportedModelException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Settings that name layers by their index: after a removal they would name others. They are
 * refused, unless they are trivial: an empty list, a flag that is the same for all layers, an
 * interval of one. Some masks would leave an interval true, but most would not, and a search should
 * not find out at its end.
 */
final class LayerIndexSettings {
  /** For each layer, whether it has rotary positions. */
  static final String NO_ROPE_LAYERS = "no_rope_layers";

  private static final Pattern LISTS =
      Pattern.compile(
          ".*_layers|.*_layers?_(ids|idx|indices)|.*_idxs"
              + "|layers_block_type|block_configs|attention_types");

  /** Every that many layers one is different. */
  private static final ImmutableSet<String> INTERVALS =
      ImmutableSet.of(
          "attn_layer_period",
          "cross_attn_every_n_layers",
          "cross_layer_interval",
          "decoder_sparse_step",
          "dense_attention_every_n_layers",
          "expert_layer_period",
          "full_attention_interval",
          "global_attn_every_n_layers",
          "interleave_moe_layer_step",
          "moe_layer_freq",
          "moe_layer_frequency",
          "moe_layer_interval",
          "no_rope_layer_interval",
          "sliding_window_pattern");

  /** Intervals that clients take only where there is no layer_types. */
  private static final ImmutableSet<String> WITHOUT_LAYER_TYPES =
      ImmutableSet.of(
          "full_attention_interval", "global_attn_every_n_layers", "sliding_window_pattern");

  /** So many layers, at one end, are different. */
  private static final ImmutableSet<String> THRESHOLDS =
      ImmutableSet.of("first_k_dense_replace", "moe_layer_start_index", "num_kv_shared_layers");

  private final Source source;
  private final ObjectNode settings;
  private final KeptLayers kept;

  LayerIndexSettings(Source source, ObjectNode settings, KeptLayers kept) {
    this.source = source;
    this.settings = settings;
    this.kept = kept;
  }

  void refuse() {
    for (Map.Entry<String, JsonNode> setting : settings.properties()) {
      refuse(setting.getKey(), setting.getValue());
    }
  }

  private void refuse(String key, JsonNode value) {
    if (isList(key, value)) {
      throw refused(
          key,
          "lists layers by their index; removal would make it name others. Use a model whose"
              + " layers are all alike, or delete the setting if no client reads it");
    }
    if (THRESHOLDS.contains(key) && value.asInt() > 0) {
      throw refused(
          key,
          "makes the layers at one end differ from the rest. Use a model whose layers are all"
              + " alike");
    }
    if (isInterval(key, value)) {
      throw refused(
          key,
          "makes layers differ by their place; without one of them others would change theirs. Use"
              + " a model whose layers are all alike, or delete the setting if no client reads it");
    }
  }

  private static boolean isSame(JsonNode flags) {
    return Streams.stream(flags).distinct().count() <= 1;
  }

  private boolean isList(String key, JsonNode value) {
    boolean sameForAll =
        key.equals(NO_ROPE_LAYERS) && value.size() == kept.layers() && isSame(value);
    return LISTS.matcher(key).matches() && value.isArray() && !value.isEmpty() && !sameForAll;
  }

  private boolean isInterval(String key, JsonNode value) {
    boolean superseded = settings.hasNonNull("layer_types") && WITHOUT_LAYER_TYPES.contains(key);
    boolean spelledOut = value.isInt() && Settings.WINDOW_PATTERNS.contains(key);
    int period = value.isTextual() ? value.textValue().length() : value.asInt();
    return INTERVALS.contains(key) && !superseded && !spelledOut && period > 1;
  }

  private UnsupportedModelException refused(String key, String why) {
    return source.unsupported(key + " is " + settings.get(key) + ", which " + why);
  }
}
