package dev.tale.onnx.folder;

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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** JSON from and to files. What is not touched keeps its value and its place. */
final class JsonFile {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

  private JsonFile() {}

  static ObjectNode read(SideFile file) throws IOException {
    if (tree(file) instanceof ObjectNode object) {
      return object;
    }
    throw file.source().malformed("is not a JSON object");
  }

  static ArrayNode readArray(SideFile file) throws IOException {
    if (tree(file) instanceof ArrayNode array) {
      return array;
    }
    throw file.source().malformed("is not a JSON array");
  }

  private static JsonNode tree(SideFile file) throws IOException {
    try {
      return JSON.readTree(file.content());
    } catch (JsonProcessingException e) {
      throw file.source().malformed("is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** The text of a JSON string, or nothing if it is none. */
  static Optional<String> text(String json) {
    try {
      return Optional.ofNullable(JSON.readTree(json).textValue());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  static ArrayNode array(Iterable<JsonNode> entries) {
    ArrayNode array = JSON.createArrayNode();
    entries.forEach(array::add);
    return array;
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** Returns the text, one entry of an array to a line, as Hugging Face writes it. */
  static byte[] bytes(ObjectNode object) {
    return bytes(object, LINES, Separators.Spacing.NONE);
  }

  /** Returns the text, an array to a line. */
  static byte[] compactBytes(ObjectNode object) {
    return bytes(object, DefaultPrettyPrinter.NopIndenter.instance, Separators.Spacing.AFTER);
  }

  private static byte[] bytes(
      ObjectNode object, DefaultPrettyPrinter.Indenter arrays, Separators.Spacing afterElement) {
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withArrayValueSpacing(afterElement)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator(""));
    printer.indentObjectsWith(LINES);
    printer.indentArraysWith(arrays);
    try {
      return (JSON.writer(printer).writeValueAsString(object) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree of JSON nodes can be written", e);
    }
  }
}
