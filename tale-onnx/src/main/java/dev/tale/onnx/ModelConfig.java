package dev.tale.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableSet;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.session.walk.Pooling;
import dev.tale.onnx.text.ChatTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What the files beside the graph say of it.
 *
 * @param contextLength largest number of tokens in one sequence, at least 1
 * @param ends tokens that end a generation, possibly none
 * @param pooling how an encoder makes one vector of a text; empty for a decoder
 * @param template how a decoder writes conversations; empty for an encoder, or if no file tells
 */
record ModelConfig(
    int contextLength,
    ImmutableSet<Long> ends,
    Optional<Pooling> pooling,
    Optional<ChatTemplate> template) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static final List<Setting> CONTEXT_LENGTH =
      List.of(
          new Setting("config.json", "/max_position_embeddings"),
          new Setting("config.json", "/text_config/max_position_embeddings"),
          new Setting("config.json", "/n_positions"),
          new Setting("config.json", "/max_seq_len"),
          new Setting("config.json", "/seq_length"),
          new Setting("genai_config.json", "/model/context_length"));

  private static final Setting MODEL_TYPE = new Setting("config.json", "/model_type");

  private static final Setting PADDING = new Setting("config.json", "/pad_token_id");

  private static final ImmutableSet<String> COUNT_FROM_PADDING =
      ImmutableSet.of(
          "camembert",
          "data2vec-text",
          "longformer",
          "mpnet",
          "roberta",
          "roberta-prelayernorm",
          "xlm-roberta",
          "xlm-roberta-xl");

  private static final List<Setting> ENDS =
      List.of(
          new Setting("generation_config.json", "/eos_token_id"),
          new Setting("config.json", "/eos_token_id"),
          new Setting("config.json", "/text_config/eos_token_id"),
          new Setting("genai_config.json", "/model/eos_token_id"));

  /**
   * Reads the configuration.
   *
   * @param date what chat templates are told for today
   * @throws ModelFormatException if a file is not JSON, or holds a malformed chat template
   * @throws UnsupportedModelException if no file tells the context length, or an encoder pools as
   *     {@link SentencePooling} does not know
   */
  static ModelConfig read(ModelDirectory directory, LocalDate date) throws IOException {
    boolean decoder = directory.stream().hasHead();
    return new ModelConfig(
        contextLength(directory),
        ends(directory),
        decoder ? Optional.empty() : Optional.of(SentencePooling.read(directory)),
        decoder ? ChatTemplate.find(directory.path(), date) : Optional.empty());
  }

  private static int contextLength(ModelDirectory directory) throws IOException {
    JsonNode value = first(directory, CONTEXT_LENGTH).orElse(JSON.missingNode());
    if (!value.canConvertToInt() || value.asInt() < 1) {
      throw new UnsupportedModelException(
          directory.path()
              + ": the context length is not known; set max_position_embeddings in config.json to"
              + " the largest number of tokens, at least 1");
    }
    int length = value.asInt() - unusedPositions(directory);
    int fixed = directory.stream().inputSizes().length();
    return fixed > 0 ? Math.min(length, fixed) : length;
  }

  /** RoBERTa and its kin begin to count positions after the padding token's number. */
  private static int unusedPositions(ModelDirectory directory) throws IOException {
    JsonNode type = first(directory, List.of(MODEL_TYPE)).orElse(JSON.missingNode());
    JsonNode padding = first(directory, List.of(PADDING)).orElse(JSON.missingNode());
    return COUNT_FROM_PADDING.contains(type.asText()) ? padding.asInt(1) + 1 : 0;
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
      JsonNode value = file.isEmpty() ? JSON.missingNode() : json(file.get()).at(setting.pointer());
      if (!value.isMissingNode() && !value.isNull()) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /**
   * Reads a file.
   *
   * @throws ModelFormatException if it is not JSON
   */
  static JsonNode json(Path file) throws IOException {
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
