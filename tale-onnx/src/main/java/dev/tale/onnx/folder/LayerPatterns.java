package dev.tale.onnx.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.graph.Source;
import java.util.Map;

/**
 * Settings that make layers differ by their place: after a removal others would. They are refused,
 * unless they are trivial, as an interval of one is, or a list stands for them. Some masks would
 * leave an interval true, but most would not, and a search should not find out at its end.
 *
 * @param source the file
 * @param settings in it
 */
record LayerPatterns(Source source, ObjectNode settings) {
  /** Every that many layers one has no rotary positions. */
  static final String ROPE_INTERVAL = "no_rope_layer_interval";

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
          ROPE_INTERVAL,
          "sliding_window_pattern");

  /** Lists that clients take in place of an interval where there is one. */
  private static final ImmutableMap<String, String> SUPERSEDED_BY =
      ImmutableMap.of(
          "full_attention_interval",
          "layer_types",
          "global_attn_every_n_layers",
          "layer_types",
          "sliding_window_pattern",
          "layer_types",
          ROPE_INTERVAL,
          LayerLists.NO_ROPE_LAYERS,
          "interleave_moe_layer_step",
          "moe_layers");

  /** So many layers, at one end, are different. */
  private static final ImmutableSet<String> THRESHOLDS =
      ImmutableSet.of("first_k_dense_replace", "moe_layer_start_index", "num_kv_shared_layers");

  void refuse() {
    for (Map.Entry<String, JsonNode> setting : settings.properties()) {
      refuse(setting.getKey(), setting.getValue());
    }
  }

  private void refuse(String key, JsonNode value) {
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

  private boolean isInterval(String key, JsonNode value) {
    JsonNode list = settings.path(SUPERSEDED_BY.getOrDefault(key, ""));
    boolean superseded = list.isArray() && !(list.isEmpty() && key.equals(ROPE_INTERVAL));
    boolean spelledOut = value.isInt() && Settings.WINDOW_PATTERNS.contains(key);
    int period = value.isTextual() ? value.textValue().length() : value.asInt();
    return INTERVALS.contains(key) && !superseded && !spelledOut && period > 1;
  }

  private UnsupportedModelException refused(String key, String why) {
    return source.unsupported(key + " is " + settings.get(key) + ", which " + why);
  }
}
