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
  private static final int MISTRAL_WINDOW = 4096;

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

  /**
   * True or false; where the setting is missing or null, {@code otherwise}.
   *
   * @throws ModelFormatException if it is something else
   */
  boolean flag(String name, boolean otherwise) throws ModelFormatException {
    JsonNode value = config.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw source.malformed(name + " is " + value + "; true or false");
    }
    return value.booleanValue();
  }

  /** Tokens that a layer attends to, or 0 for all; which layers have a window differs by family. */
  int window(String family, int layer) throws ModelFormatException {
    JsonNode given = config.path("sliding_window");
    boolean none = given.isNull() || (given.isMissingNode() && !family.equals("mistral"));
    boolean chosen = family.startsWith("qwen") || family.equals("smollm3");
    boolean always = family.equals("mistral") || family.equals("phi3");
    if (none || !(always || (chosen && flag("use_sliding_window", false)))) {
      return 0;
    }
    int window = given.isMissingNode() ? MISTRAL_WINDOW : size("sliding_window");
    return always || isSliding(family, layer) ? window : 0;
  }

  private boolean isSliding(String family, int layer) throws ModelFormatException {
    JsonNode types = config.path("layer_types");
    if (types.isMissingNode() || types.isNull()) {
      return family.equals("smollm3")
          ? !rotary(layer)
          : layer >= config.path("max_window_layers").asInt(28);
    }
    return switch (types.path(layer).asText()) {
      case "sliding_attention" -> true;
      case "full_attention" -> false;
      default ->
          throw source.malformed(
              "layer_types has "
                  + types.path(layer)
                  + " for layer "
                  + layer
                  + "; sliding_attention or full_attention");
    };
  }

  /** Whether a layer of SmolLM3 has positions: a flag for each, or all but one in so many. */
  boolean rotary(int layer) throws ModelFormatException {
    JsonNode flags = config.path("no_rope_layers");
    if (flags.isMissingNode() || flags.isNull()) {
      return (layer + 1) % size("no_rope_layer_interval", 4) != 0;
    }
    JsonNode flag = flags.path(layer);
    if (!flag.isInt() && !flag.isBoolean()) {
      throw source.malformed("no_rope_layers has " + flag + " for layer " + layer + "; 1 or 0");
    }
    return flag.asInt() != 0 || flag.asBoolean();
  }
}
