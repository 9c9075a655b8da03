package dev.tale.onnx.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableSortedMap;
import dev.tale.model.ModelFormatException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a model's chat template and the special tokens that it writes are kept. */
final class ChatTemplateFiles {
  private static final String TEMPLATE = "chat_template.jinja";
  private static final String CONFIG = "tokenizer_config.json";
  private static final String KEY = "chat_template";
  private static final String GRAPH_FOLDER = "onnx";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private ChatTemplateFiles() {}

  static Optional<Found> find(Path directory) throws IOException {
    Optional<Found> here = findIn(directory);
    Path above = directory.toAbsolutePath().normalize().getParent();
    return here.isEmpty() && above != null && directory.endsWith(GRAPH_FOLDER)
        ? findIn(above)
        : here;
  }

  private static Optional<Found> findIn(Path directory) throws IOException {
    Path template = directory.resolve(TEMPLATE);
    Path config = directory.resolve(CONFIG);
    JsonNode settings = Files.isRegularFile(config) ? json(config) : JSON.missingNode();
    if (Files.isRegularFile(template)) {
      return Optional.of(new Found(template, text(template), tokens(settings)));
    }
    JsonNode value = settings.path(KEY);
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : Optional.of(new Found(config, source(config, value), tokens(settings)));
  }

  private static String source(Path config, JsonNode value) throws ModelFormatException {
    if (value.isTextual()) {
      return value.textValue();
    }
    for (JsonNode each : value.isArray() ? value : JSON.createArrayNode()) {
      if (each.path("name").asText().equals("default") && each.path("template").isTextual()) {
        return each.path("template").textValue();
      }
    }
    throw malformed(
        config, KEY + " is neither a text nor a list with a template called default", null);
  }

  /** As {@code bos_token}: a text, or an object with its content. */
  private static Map<String, String> tokens(JsonNode settings) {
    ImmutableSortedMap.Builder<String, String> tokens = ImmutableSortedMap.naturalOrder();
    for (Map.Entry<String, JsonNode> setting : settings.properties()) {
      JsonNode value = setting.getValue();
      JsonNode content = value.isObject() ? value.path("content") : value;
      if (setting.getKey().endsWith("_token") && content.isTextual()) {
        tokens.put(setting.getKey(), content.textValue());
      }
    }
    return tokens.build();
  }

  private static JsonNode json(Path file) throws IOException {
    try {
      return JSON.readTree(text(file));
    } catch (JsonProcessingException e) {
      throw malformed(file, "is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw malformed(file, "is not UTF-8 text", e);
    }
  }

  private static ModelFormatException malformed(Path file, String what, @Nullable Throwable cause) {
    String message = file + ": " + what + "; fetch or export the model again";
    return cause == null
        ? new ModelFormatException(message)
        : new ModelFormatException(message, cause);
  }

  /**
   * A template.
   *
   * @param file where it stands
   * @param source the template itself
   * @param tokens special tokens by the name that templates use
   */
  record Found(Path file, String source, Map<String, String> tokens) {}
}
