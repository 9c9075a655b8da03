package dev.tale.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableSet;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.graph.ModelDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the files beside the graph say of it.
 *
 * @param contextLength largest number of tokens in one sequence, at least 1
 * @param ends tokens that end a generation, possibly none
 */
record ModelConfig(int contextLength, ImmutableSet<Long> ends) {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<Setting> CONTEXT_LENGTH =
      List.of(
          new Setting("config.json", "/max_position_embeddings"),
          new Setting("config.json", "/text_config/max_position_embeddings"),
          new Setting("config.json", "/n_positions"),
          new Setting("genai_config.json", "/model/context_length"));

  private static final List<Setting> ENDS =
      List.of(
          new Setting("generation_config.json", "/eos_token_id"),
          new Setting("config.json", "/eos_token_id"),
          new Setting("config.json", "/text_config/eos_token_id"),
          new Setting("genai_config.json", "/model/eos_token_id"));

  /**
   * Reads the configuration.
   *
   * @throws ModelFormatException if a file is not JSON
   * @throws UnsupportedModelException if no file tells the context length
   */
  static ModelConfig read(ModelDirectory directory) throws IOException {
    return new ModelConfig(contextLength(directory), ends(directory));
  }

  private static int contextLength(ModelDirectory directory) throws IOException {
    JsonNode value = first(directory, CONTEXT_LENGTH).orElse(JSON.missingNode());
    if (!value.canConvertToInt() || value.asInt() < 1) {
      throw new UnsupportedModelException(
          directory.path()
              + ": the context length is not known; set max_position_embeddings in config.json to"
              + " the largest number of tokens, at least 1");
    }
    return value.asInt();
  }

  /** One number or several. */
  private static ImmutableSet<Long> ends(ModelDirectory directory) throws IOException {
    JsonNode value = first(directory, ENDS).orElse(JSON.missingNode());
    ImmutableSet.Builder<Long> ends = ImmutableSet.builder();
    if (value.isIntegralNumber()) {
      ends.add(value.asLong());
    }
    value.forEach(end -> ends.add(end.asLong()));
    return ends.build();
  }

  private static Optional<JsonNode> first(ModelDirectory directory, List<Setting> settings)
      throws IOException {
    for (Setting setting : settings) {
      Optional<Path> file = directory.find(setting.file());
      JsonNode value = file.isEmpty() ? JSON.missingNode() : read(file.get()).at(setting.pointer());
      if (!value.isMissingNode() && !value.isNull()) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  private static JsonNode read(Path file) throws IOException {
    try {
      return JSON.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(
          file + " is not JSON: " + e.getOriginalMessage() + "; fetch or export the model again",
          e);
    }
  }

  /**
   * Where a value may be.
   *
   * @param file name of the file
   * @param pointer JSON pointer
   */
  private record Setting(String file, String pointer) {}
}
