package dev.tale.onnx.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.graph.Source;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The {@code genai_config.json} of onnxruntime-genai.
 *
 * <p>A {@code custom_ops_library} is left out: it asks the client to load native code, which no
 * model needs whose operators are all of ONNX Runtime itself, and others are not read at all.
 */
final class GenaiConfigFile {
  static final String NAME = "genai_config.json";

  private static final String WINDOW = "sliding_window";
  private static final String LAYERS = "layers";

  private final Source source;
  private final KeptLayers kept;

  private GenaiConfigFile(Source source, KeptLayers kept) {
    this.source = source;
    this.kept = kept;
  }

  /**
   * Returns the file's new content.
   *
   * @param kept what stays of the model
   * @param graph path of the graph's file, relative to the model's directory
   * @throws UnsupportedModelException if a setting cannot be adjusted
   */
  static ObjectNode adjusted(SideFile file, KeptLayers kept, String graph) throws IOException {
    ObjectNode config = JsonFile.read(file);
    new GenaiConfigFile(file.source(), kept).adjust(config, graph);
    return config;
  }

  private void adjust(ObjectNode config, String graph) {
    if (!(config.at("/model/decoder") instanceof ObjectNode decoder)) {
      throw source.unsupported(
          "has no model.decoder, so its layers cannot be counted. Use a decoder of text");
    }
    refuseOtherGraphs(config.path("model"), decoder);
    Settings.adjust(source, decoder, kept);
    for (JsonNode parent : decoder.findParents(WINDOW)) {
      slidingWindow((ObjectNode) parent);
    }
    if (decoder.has("filename")) {
      decoder.put("filename", graph);
    }
    for (JsonNode options : config.findParents("custom_ops_library")) {
      ((ObjectNode) options).remove("custom_ops_library");
    }
  }

  private void refuseOtherGraphs(JsonNode model, ObjectNode decoder) {
    for (String key : List.of("pipeline", "state_groups")) {
      if (decoder.has(key)) {
        throw source.unsupported(
            "has model.decoder."
                + key
                + ", a decoder in several graphs or with several kinds of cache, which Tale cannot"
                + " adjust. Build the model as one graph");
      }
    }
    for (Map.Entry<String, JsonNode> part : model.properties()) {
      if (!part.getKey().equals("decoder") && part.getValue().has("filename")) {
        throw source.unsupported(
            "has model."
                + part.getKey()
                + " in a graph of its own, "
                + part.getValue().get("filename")
                + ", which a pruned model would lack. Use a model of text in one graph");
      }
    }
  }

  /** Without layers named, the window is for all: where none stays, the setting goes. */
  private void slidingWindow(ObjectNode parent) {
    if (!(parent.path(WINDOW) instanceof ObjectNode window)
        || !(window.path(LAYERS) instanceof ArrayNode layers)
        || layers.isEmpty()) {
      return;
    }
    ArrayNode remapped = window.putArray(LAYERS);
    for (JsonNode layer : layers) {
      refuseOutside(layer);
      int place = kept.attention().indexOf(layer.intValue());
      if (place >= 0) {
        remapped.add(place);
      }
    }
    if (remapped.isEmpty()) {
      parent.remove(WINDOW);
    }
  }

  private void refuseOutside(JsonNode layer) {
    if (!layer.isInt() || layer.intValue() < 0 || layer.intValue() >= kept.layers()) {
      throw source.unsupported(
          "sliding_window.layers has "
              + layer
              + ", but the graph has "
              + kept.layers()
              + " layers; graph and settings are not of one model. Put the right file there");
    }
  }
}
