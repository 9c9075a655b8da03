package dev.tale.onnx.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tale.model.ModelFormatException;
import java.util.Map;

/** The patterns that split and replace, either a text or a regular expression. */
final class Patterns {
  private static final int MAX_TEXT = 100;
  private static final int MAX_EXPRESSION = 10_000;

  private Patterns() {}

  /**
   * Reads a pattern.
   *
   * @throws ModelFormatException if it is malformed, or an expression that {@link SafeExpression}
   *     does not know to be harmless
   */
  static SafeExpression read(Part part) throws ModelFormatException {
    part.allow("String", "Regex");
    if (part.value().size() != 1) {
      throw part.malformed("is neither a String nor a Regex");
    }
    Map.Entry<String, JsonNode> only = part.value().properties().iterator().next();
    Part pattern = part.get(only.getKey());
    if (only.getKey().equals("String")) {
      return SafeExpression.literal(pattern.text(1, MAX_TEXT));
    }
    String source = pattern.text(1, MAX_EXPRESSION);
    try {
      return SafeExpression.parse(source);
    } catch (UnsafeExpressionException e) {
      throw pattern.malformed(
          "is an expression that may end the process on some text, for " + e.getMessage());
    }
  }

  /**
   * Reads a replacement, of a normalizer or a decoder.
   *
   * @return how many times longer it can make a text
   */
  static double replacement(Part part, SafeExpression pattern) throws ModelFormatException {
    if (pattern.minWidth() == 0) {
      throw part.get("pattern").malformed("can match no text at all, which cannot be replaced");
    }
    String content = part.get("content").text(0, MAX_TEXT);
    return (double) content.codePointCount(0, content.length()) / pattern.minWidth();
  }
}
