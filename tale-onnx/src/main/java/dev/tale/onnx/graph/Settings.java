package dev.tale.onnx.graph;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.LayerMask;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The settings files that speak of layers, and how they change when layers go. What is not known to
 * stay true is refused.
 */
final class Settings {
  static final String CONFIG = "config.json";
  static final String GENAI_CONFIG = "genai_config.json";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  /** Names of the number of layers, by model family. */
  private static final List<String> LAYER_COUNTS =
      List.of("num_hidden_layers", "n_layer", "num_layers");

  /** Lists with one entry per layer. */
  private static final String LAYER_TYPES = "layer_types";

  private final Source source;
  private final LayerMask mask;

  private Settings(Source source, LayerMask mask) {
    this.source = source;
    this.mask = mask;
  }

  /** Returns a config.json for the layers that stay and the given number of weight files. */
  static byte[] config(Path file, LayerMask mask, int weightFiles) throws IOException {
    Settings settings = new Settings(new Source(file), mask);
    ObjectNode config = settings.read();
    settings.layerCount(config);
    settings.layerTypes(config);
    settings.refuseLayerIndices(config);
    weightFiles(config, weightFiles);
    return write(config);
  }

  /** Returns a genai_config.json for the layers that stay. */
  static byte[] genaiConfig(Path file, LayerMask mask) throws IOException {
    Settings settings = new Settings(new Source(file), mask);
    ObjectNode config = settings.read();
    if (!(config.at("/model/decoder") instanceof ObjectNode decoder)) {
      throw settings.source.unsupported("has no model.decoder, so its layers cannot be counted");
    }
    if (decoder.has("pipeline")) {
      throw settings.source.unsupported(
          "has model.decoder.pipeline, which Tale cannot adjust. Use a model of one graph");
    }
    settings.layerCount(decoder);
    settings.layerTypes(decoder);
    settings.slidingWindow(decoder);
    return write(config);
  }

  private ObjectNode read() throws IOException {
    try {
      if (JSON.readTree(Files.readAllBytes(source.file())) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw source.malformed("is not JSON: " + e.getOriginalMessage(), e);
    }
    throw source.malformed("is not a JSON object");
  }

  private static byte[] write(ObjectNode config) throws IOException {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator(""));
    printer.indentObjectsWith(lines);
    printer.indentArraysWith(lines);
    return (JSON.writer(printer).writeValueAsString(config) + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private void layerCount(ObjectNode config) {
    String key =
        LAYER_COUNTS.stream()
            .filter(config::has)
            .findFirst()
            .orElseThrow(
                () ->
                    source.unsupported(
                        "has none of "
                            + LAYER_COUNTS
                            + ", so clients could not know how many layers stay"));
    if (!config.path(key).isInt() || config.path(key).intValue() != mask.layers()) {
      throw source.unsupported(
          key
              + " is "
              + config.path(key)
              + ", but the graph has "
              + mask.layers()
              + " layers; graph and settings are not of one model");
    }
    config.put(key, mask.kept().size());
  }

  private void layerTypes(ObjectNode config) {
    JsonNode types = config.path(LAYER_TYPES);
    if (types.isMissingNode() || types.isNull()) {
      return;
    }
    if (!types.isArray() || types.size() != mask.layers()) {
      throw source.unsupported(
          LAYER_TYPES
              + " has "
              + types.size()
              + " entries, but the graph has "
              + mask.layers()
              + " layers");
    }
    ArrayNode kept = config.putArray(LAYER_TYPES);
    mask.kept().forEach(layer -> kept.add(types.get(layer)));
  }

  /** Lists and thresholds of layer indices would speak of other layers afterwards. */
  private void refuseLayerIndices(ObjectNode config) {
    if (config.path("use_sliding_window").asBoolean(false) && config.has("max_window_layers")) {
      throw source.unsupported(
          "max_window_layers is "
              + config.get("max_window_layers")
              + " with use_sliding_window, which depends on layer indices; Tale cannot adjust it");
    }
    for (Map.Entry<String, JsonNode> entry : config.properties()) {
      boolean indices = entry.getKey().endsWith("_layers") && entry.getValue().isArray();
      boolean step = entry.getKey().equals("decoder_sparse_step");
      if ((indices && !entry.getValue().isEmpty()) || (step && entry.getValue().asInt() > 1)) {
        throw source.unsupported(
            entry.getKey()
                + " is "
                + entry.getValue()
                + ", which depends on layer indices; Tale cannot adjust it");
      }
    }
  }

  /** transformers.js counts the files of weights. */
  private static void weightFiles(ObjectNode config, int files) {
    if (!(config.path("transformers.js_config") instanceof ObjectNode js)
        || js.path("use_external_data_format").isMissingNode()) {
      return;
    }
    JsonNode format = js.get("use_external_data_format");
    if (format instanceof ObjectNode byFile) {
      for (Map.Entry<String, JsonNode> entry : byFile.properties()) {
        entry.setValue(byFile.numberNode(files));
      }
    } else {
      js.put("use_external_data_format", files);
    }
  }

  private void slidingWindow(ObjectNode decoder) {
    if (!(decoder.at("/sliding_window/layers") instanceof ArrayNode layers)) {
      return;
    }
    ArrayNode remapped = decoder.withObject("/sliding_window").putArray("layers");
    for (JsonNode layer : layers) {
      if (!layer.isInt() || layer.intValue() < 0 || layer.intValue() >= mask.layers()) {
        throw source.unsupported(
            "sliding_window.layers has "
                + layer
                + ", but the graph has "
                + mask.layers()
                + " layers");
      }
      int place = mask.kept().indexOf(layer.intValue());
      if (place >= 0) {
        remapped.add(place);
      }
    }
  }
}
