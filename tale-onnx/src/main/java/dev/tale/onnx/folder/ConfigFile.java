package dev.tale.onnx.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * The {@code config.json} of Hugging Face, as transformers, Optimum and transformers.js read it.
 */
final class ConfigFile {
  static final String NAME = "config.json";
  static final String GENERATION = "generation_config.json";

  private static final String TEXT = "text_config";
  private static final String EXTERNAL_FILES = "use_external_data_format";

  private static final String DOLA_LAYERS = "dola_layers";

  private ConfigFile() {}

  /**
   * Returns the file's new content.
   *
   * @param kept what stays of the model
   * @param graph name of the graph's file
   * @param weightFiles number of files with its external weights
   * @throws dev.tale.model.UnsupportedModelException if a setting cannot be adjusted
   */
  static ObjectNode adjusted(SideFile file, KeptLayers kept, String graph, int weightFiles)
      throws IOException {
    ObjectNode config = JsonFile.read(file);
    // Models of text and images keep the settings of the text model apart, some also beside.
    boolean hasText = config.path(TEXT) instanceof ObjectNode;
    if (Settings.areIn(config) || !hasText) {
      Settings.adjust(file.source(), config, kept);
    }
    if (config.path(TEXT) instanceof ObjectNode text
        && (!Settings.areIn(config) || Settings.countIn(text, kept.layers()))) {
      Settings.adjust(file.source(), text, kept);
    }
    countFiles(config, graph, weightFiles);
    return config;
  }

  /**
   * Refuses settings of generation that count layers: of decoding by contrasting layers, which ones
   * they are, from which end and whether the embedding counts, differs between versions.
   *
   * @throws dev.tale.model.UnsupportedModelException if there are any
   */
  static void refuseLayersOf(SideFile generationConfig) throws IOException {
    JsonNode layers = JsonFile.read(generationConfig).path(DOLA_LAYERS);
    if (layers.isArray()) {
      throw generationConfig
          .source()
          .unsupported(
              DOLA_LAYERS
                  + " is "
                  + layers
                  + ", layers by their index, of which a removal would make others. Delete the"
                  + " setting, or set it to \"low\" or \"high\"");
    }
  }

  /** transformers.js looks for that many files with weights, by the graph's name or by any. */
  private static void countFiles(ObjectNode config, String graph, int weightFiles) {
    if (!(config.path("transformers.js_config") instanceof ObjectNode js)
        || !js.has(EXTERNAL_FILES)) {
      return;
    }
    if (js.get(EXTERNAL_FILES).isObject()) {
      js.putObject(EXTERNAL_FILES).put(graph, weightFiles);
    } else {
      js.put(EXTERNAL_FILES, weightFiles);
    }
  }
}
