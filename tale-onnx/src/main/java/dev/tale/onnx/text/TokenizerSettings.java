package dev.tale.onnx.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import dev.tale.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Settings in {@code tokenizer_config.json} that say, as the post-processor in {@code
 * tokenizer.json} does, which tokens are put around a text.
 *
 * <p>Implementation note: where the two disagree, the class of the tokenizer decides, as it does in
 * Hugging Face transformers 4.57.6. The classes named here make the post-processor anew from {@code
 * add_bos_token} and {@code add_eos_token}, or from their own defaults, whatever {@code
 * tokenizer.json} says. All other classes, GPT-2's, Qwen's and the general one among them, take
 * {@code tokenizer.json} and pass over the settings; so does Tale, with a warning to the log where
 * they disagree.
 */
final class TokenizerSettings {
  private static final String NAME = "tokenizer_config.json";
  private static final System.Logger LOG = System.getLogger(TokenizerSettings.class.getName());

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private static final ImmutableMap<String, Defaults> DECIDING =
      ImmutableMap.of(
          "LlamaTokenizer", new Defaults(true, "<s>", "</s>"),
          "CodeLlamaTokenizer", new Defaults(true, "<s>", "</s>"),
          "GemmaTokenizer", new Defaults(true, "<bos>", "<eos>"),
          "CohereTokenizer", new Defaults(true, "<BOS_TOKEN>", "<|END_OF_TURN_TOKEN|>"),
          "GPTNeoXTokenizer", new Defaults(false, "<|endoftext|>", "<|endoftext|>"));

  private final Path file;
  private final JsonNode settings;
  private final Vocabulary vocabulary;

  private TokenizerSettings(Path file, JsonNode settings, Vocabulary vocabulary) {
    this.file = file;
    this.settings = settings;
    this.vocabulary = vocabulary;
  }

  /**
   * What the settings beside a tokenizer put around a text.
   *
   * @param postProcessor theirs, if it counts; empty if that of the tokenizer does
   * @param warnings of what they say otherwise than the tokenizer's, which counts
   */
  record Around(Optional<ObjectNode> postProcessor, List<String> warnings) {
    /** Nothing that the tokenizer does not say. */
    static final Around NONE = new Around(Optional.empty(), List.of());
  }

  /**
   * Reads the settings beside a tokenizer.
   *
   * @throws ModelFormatException if they are malformed or name a token that the tokenizer lacks
   */
  static Around read(Part tokenizer, Vocabulary vocabulary) throws IOException {
    Path file = tokenizer.file().resolveSibling(NAME);
    if (!Files.isRegularFile(file)) {
      return Around.NONE;
    }
    TokenizerSettings read = new TokenizerSettings(file, json(file), vocabulary);
    String type = read.settings.path("tokenizer_class").asText();
    Defaults defaults =
        DECIDING.get(type.endsWith("Fast") ? type.substring(0, type.length() - 4) : type);
    if (defaults == null) {
      return new Around(Optional.empty(), read.warnings(tokenizer.get("post_processor")));
    }
    return new Around(Optional.of(read.postProcessor(defaults)), List.of());
  }

  private static JsonNode json(Path file) throws IOException {
    try {
      return JSON.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new ModelFormatException(
          file + " is not JSON: " + e.getOriginalMessage() + "; fetch or export the model again",
          e);
    }
  }

  private ObjectNode postProcessor(Defaults defaults) throws ModelFormatException {
    ObjectNode tokens = JSON.createObjectNode();
    ArrayNode single = JSON.createArrayNode();
    ArrayNode pair = JSON.createArrayNode();
    Optional<String> bos =
        flag("add_bos_token", defaults.bosAdded())
            ? token("bos", defaults.bos())
            : Optional.empty();
    Optional<String> eos =
        flag("add_eos_token", false) ? token("eos", defaults.eos()) : Optional.empty();
    for (int text = 0; text < 2; text++) {
      ArrayNode whole = JSON.createArrayNode();
      if (bos.isPresent()) {
        whole.add(special(bos.get(), text, tokens));
      }
      ObjectNode piece = JSON.createObjectNode();
      piece.putObject("Sequence").put("id", text == 0 ? "A" : "B").put("type_id", text);
      whole.add(piece);
      if (eos.isPresent()) {
        whole.add(special(eos.get(), text, tokens));
      }
      pair.addAll(whole);
      if (text == 0) {
        single.addAll(whole);
      }
    }
    ObjectNode processor = JSON.createObjectNode().put("type", "TemplateProcessing");
    processor.set("single", single);
    processor.set("pair", pair);
    processor.set("special_tokens", tokens);
    return processor;
  }

  private boolean flag(String name, boolean unset) throws ModelFormatException {
    JsonNode value = settings.path(name);
    if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
      throw malformed(name + " is neither true nor false");
    }
    return value.isMissingNode() ? unset : value.asBoolean(false);
  }

  private Optional<String> token(String name, String unset) throws ModelFormatException {
    JsonNode value = settings.path(name + "_token");
    JsonNode content = value.isObject() ? value.path("content") : value;
    String token = content.isMissingNode() ? unset : content.textValue();
    if (token == null || !vocabulary.contains(token)) {
      throw malformed("add_" + name + "_token is true, but tokenizer.json has no token " + token);
    }
    return Optional.of(token);
  }

  private ObjectNode special(String token, int text, ObjectNode tokens) {
    OptionalInt id = vocabulary.id(token);
    ObjectNode entry = tokens.putObject(token).put("id", token);
    entry.putArray("ids").add(id.orElseThrow());
    entry.putArray("tokens").add(token);
    ObjectNode piece = JSON.createObjectNode();
    piece.putObject("SpecialToken").put("id", token).put("type_id", text);
    return piece;
  }

  /** Settings that say otherwise than the post-processor, which counts. */
  private List<String> warnings(Part postProcessor) {
    List<String> warnings = new ArrayList<>();
    for (String name : new String[] {"bos", "eos"}) {
      JsonNode value = settings.path("add_" + name + "_token");
      JsonNode token = settings.path(name + "_token");
      String text = (token.isObject() ? token.path("content") : token).asText();
      boolean added =
          !text.isEmpty() && postProcessor.value().findValuesAsText("id").contains(text);
      if (value.isBoolean() && value.booleanValue() != added) {
        warnings.add(
            "%s: add_%s_token is %s, but tokenizer.json %s it; tokenizer.json counts, as in"
                    .formatted(file, name, value, added ? "adds" : "does not add")
                + " transformers for this tokenizer_class");
      }
    }
    warnings.forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning));
    return warnings;
  }

  private ModelFormatException malformed(String what) {
    return new ModelFormatException(file + ": " + what + "; fetch or export the model again");
  }

  /**
   * What a class does where the settings do not say.
   *
   * @param bosAdded whether a text begins with BOS; none ends with EOS
   * @param bos the BOS token
   * @param eos the EOS token
   */
  private record Defaults(boolean bosAdded, String bos, String eos) {}
}
