package dev.tale.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Locale;

/** How JSON is read: nothing repeated, nothing rounded, nothing without bounds. */
final class StrictJson {
  /** Characters of one row, and of one string in it. */
  static final int MAX_LENGTH = 1 << 24;

  /** Arrays and objects inside one another. */
  static final int MAX_DEPTH = 64;

  /** Digits of one number. */
  static final int MAX_DIGITS = 1000;

  static final ObjectMapper MAPPER = mapper();

  private StrictJson() {}

  private static ObjectMapper mapper() {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_LENGTH)
                    .maxNumberLength(MAX_DIGITS)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    return JsonMapper.builder(factory)
        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // for CheckedNodes to refuse by name
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
        .nodeFactory(new CheckedNodes())
        .build();
  }

  /**
   * Reads the value at which the parser stands, or the next one.
   *
   * @throws JsonProcessingException also where the value is JSON and yet unusable
   */
  static JsonNode value(JsonParser json) throws IOException {
    try {
      return MAPPER.readTree(json);
    } catch (CheckedNodes.UnusableValueException e) {
      throw new JsonParseException(json, e.problem(), e);
    } catch (NumberFormatException e) {
      throw new JsonParseException(json, "A number has a decimal exponent beyond any limit", e);
    }
  }

  /** What is wrong with a text, for a message; without its line, which only the caller knows. */
  static String problem(JsonProcessingException e) {
    if (e instanceof JsonEOFException) {
      return "The JSON ends in the middle of a value; the file was cut short: fetch it again";
    }
    String problem = e.getOriginalMessage().replaceAll("\\s+", " ");
    if (e instanceof StreamConstraintsException) {
      return "Beyond a limit: " + problem + "; is this a file of text rows?";
    }
    return (e.getCause() == null ? "Not JSON" : "Unusable")
        + ", "
        + column(e.getLocation())
        + ": "
        + problem
        + "; mend the row";
  }

  static String column(JsonLocation location) {
    return "near column " + location.getColumnNr();
  }

  /** What a value is, for a message: {@code an array}, {@code a string}. */
  static String kind(JsonNode value) {
    String type = value.getNodeType().name().toLowerCase(Locale.ROOT);
    return switch (value.getNodeType()) {
      case ARRAY, OBJECT -> "an " + type;
      case NULL -> type;
      default -> "a " + type;
    };
  }
}
