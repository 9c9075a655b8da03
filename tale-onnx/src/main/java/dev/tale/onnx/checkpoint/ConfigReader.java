package dev.tale.onnx.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import dev.tale.model.ModelFormatException;
import dev.tale.onnx.graph.Source;
import java.util.Map;

/** Reads settings of an {@link Architecture}, as transformers understands them. */
record ConfigReader(Source source, JsonNode config) {
  private static final int MOST = 1 << 24;
  private static final int MOST_LAYERS = 10_000;

  /** Cosines and sines of so many positions take a gigabyte at heads of 128 components. */
  private static final int MOST_POSITIONS = 1 << 21;

  /** Settings of which only one value is understood. */
  private static final ImmutableMap<String, String> ONLY =
      ImmutableMap.of("hidden_act", "silu", "partial_rotary_factor", "1", "pretraining_tp", "1");

  /**
   * Refuses what would change the numbers unseen.
   *
   * @throws dev.tale.model.UnsupportedModelException with the setting
   */
  void refuseOthers() {
    JsonNode quantization = config.path("quantization_config");
    if (!quantization.isMissingNode() && !quantization.isNull()) {
      throw source.unsupported(
          "says that the weights are quantized by "
              + quantization.path("quant_method").asText("an unnamed method")
              + ", which is not read. Use the checkpoint that it was made of, or a GGUF file");
    }
    if (config.has("auto_map")) {
      throw source.unsupported(
          "has auto_map: the model needs code that comes with it (trust_remote_code), which Tale"
              + " does not run. "
              + Architecture.EXPORT);
    }
    for (Map.Entry<String, String> only : ONLY.entrySet()) {
      JsonNode value = config.path(only.getKey());
      boolean understood =
          value.isMissingNode()
              || value.isNull()
              || value.asText().equals(only.getValue())
              || (value.isNumber() && value.asDouble() == 1 && only.getValue().equals("1"));
      if (!understood) {
        throw source.unsupported(
            only.getKey()
                + " is "
                + value
                + "; known is "
                + only.getValue()
                + ". "
                + Architecture.EXPORT);
      }
    }
  }

  int size(String name) throws ModelFormatException {
    return size(name, 0);
  }

  /** A number of at least 1; where the setting is missing or null, {@code otherwise}. */
  int size(String name, int otherwise) throws ModelFormatException {
    JsonNode value = config.path(name);
    boolean given = !value.isMissingNode() && !value.isNull();
    int most =
        switch (name) {
          case "num_hidden_layers" -> MOST_LAYERS;
          case "max_position_embeddings" -> MOST_POSITIONS;
          default -> MOST;
        };
    int size = given ? value.asInt() : otherwise;
    if ((given && !value.isInt()) || size < 1 || size > most) {
      throw source.malformed(
          name + " is " + (given ? value.toString() : "missing") + "; a number of 1 to " + most);
    }
    return size;
  }

  /**
   * A finite number greater than 0; where the setting is missing or null, {@code otherwise}.
   *
   * @param settings in which it is
   * @throws ModelFormatException if it is another number, or none
   */
  double positive(JsonNode settings, String name, double otherwise) throws ModelFormatException {
    JsonNode value = settings.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    double number = value.asDouble();
    if (!value.isNumber() || !(number > 0) || !Double.isFinite(number)) {
      throw source.malformed(name + " is " + value + "; a finite number greater than 0");
    }
    return number;
  }

  void require(boolean holds, String name, int value, String rule) throws ModelFormatException {
    if (!holds) {
      throw source.malformed(name + " is " + value + ", which is not " + rule);
    }
  }

  /** Tokens that a layer attends to, or 0 for all. */
  int window(String family, int layer) throws ModelFormatException {
    JsonNode given = config.path("sliding_window");
    if (!given.isMissingNode() && !given.isNull() && !given.isInt()) {
      throw source.malformed("sliding_window is " + given + "; a whole number, or null");
    }
    boolean missing = !config.has("sliding_window") && family.equals("mistral");
    int window = missing ? 4096 : config.path("sliding_window").asInt(0);
    boolean used =
        family.equals("mistral")
            || family.equals("phi3")
            || config.path("use_sliding_window").asBoolean();
    if (family.equals("llama") || !used || window < 1) {
      return 0;
    }
    JsonNode type = config.path("layer_types").path(layer);
    if (type.isTextual()) {
      return type.asText().equals("sliding_attention") ? window : 0;
    }
    boolean full = family.startsWith("qwen") && layer < config.path("max_window_layers").asInt(28);
    return full ? 0 : window;
  }

  /** Whether a layer of SmolLM3 has positions: a flag for each, or all but one in so many. */
  boolean rotary(int layer) {
    JsonNode flag = config.path("no_rope_layers").path(layer);
    int interval = config.path("no_rope_layer_interval").asInt(4);
    return flag.isInt() ? flag.asInt() != 0 : (layer + 1) % Math.max(1, interval) != 0;
  }
}
