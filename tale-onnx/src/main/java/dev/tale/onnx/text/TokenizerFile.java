package dev.tale.onnx.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code tokenizer.json} that the tokenizer library is known to bear, see the package's notes.
 *
 * @param json the file as the library is to read it: written anew from what was checked, without
 *     truncation and padding
 * @param maxCharacters largest number of characters of a text to encode
 * @param around the post-processor, if not the file but the settings beside it tell
 * @param warnings of settings beside it that say otherwise
 */
record TokenizerFile(
    String json, int maxCharacters, Optional<String> around, List<String> warnings) {
  /** The largest of published models have 40 MB. */
  private static final long MAX_BYTES = 1 << 28;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(50)
                          .maxNameLength(100_000)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads a file.
   *
   * @throws ModelFormatException if it is missing or malformed
   * @throws IOException if it cannot be read
   */
  static TokenizerFile read(Path file) throws IOException {
    Part root = new Part(file, "", tree(file));
    root.allow(
        "version",
        "truncation",
        "padding",
        "added_tokens",
        "normalizer",
        "pre_tokenizer",
        "post_processor",
        "decoder",
        "model");
    if (!root.get("version").value().isMissingNode() && !root.get("version").text().equals("1.0")) {
      throw root.get("version").malformed("is not 1.0");
    }
    Vocabulary vocabulary = ModelPart.read(root.get("model"));
    vocabulary.add(root.get("added_tokens"));
    Growth growth = new Growth();
    Normalizers.check(root.get("normalizer"), growth);
    PreTokenizers.check(root.get("pre_tokenizer"), growth);
    TokenizerSettings.Around read = TokenizerSettings.read(root, vocabulary);
    Optional<ObjectNode> around = read.postProcessor();
    PostProcessors.check(root.get("post_processor"), vocabulary);
    Decoders.check(root.get("decoder"), new Growth());
    ObjectNode object = (ObjectNode) root.value();
    object.putNull("truncation");
    object.putNull("padding");
    around.ifPresent(processor -> object.set("post_processor", processor));
    return new TokenizerFile(
        object.toString(),
        growth.maxCharacters(),
        around.map(ObjectNode::toString),
        read.warnings());
  }

  private static JsonNode tree(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw Part.malformed(file, "does not exist or is not a regular file");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw Part.malformed(file, "has " + Files.size(file) + " bytes, more than " + MAX_BYTES);
    }
    try {
      JsonNode tree = JSON.readTree(text(file, Files.readAllBytes(file)));
      if (!tree.isObject()) {
        throw Part.malformed(file, "is truncated or not a JSON object");
      }
      checkCharacters(file, tree);
      return tree;
    } catch (JsonProcessingException e) {
      throw Part.malformed(file, "is truncated or not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static String text(Path file, byte[] bytes) throws ModelFormatException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw Part.malformed(file, "is not UTF-8 text");
    }
  }

  /** Half a character can be written in JSON, but not passed on as UTF-8. */
  private static void checkCharacters(Path file, JsonNode tree) throws ModelFormatException {
    Deque<JsonNode> open = new ArrayDeque<>();
    open.push(tree);
    while (!open.isEmpty()) {
      JsonNode node = open.pop();
      node.forEach(open::push);
      checkCharacters(file, node.asText());
      for (Map.Entry<String, JsonNode> member : node.properties()) {
        checkCharacters(file, member.getKey());
      }
    }
  }

  private static void checkCharacters(Path file, String text) throws ModelFormatException {
    if (Surrogates.unpaired(text).isPresent()) {
      throw Part.malformed(file, "has an unpaired surrogate, half a character, in a text");
    }
  }
}
