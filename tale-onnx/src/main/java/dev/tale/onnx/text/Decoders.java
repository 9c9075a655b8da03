package dev.tale.onnx.text;

import com.google.common.collect.ImmutableSet;
import dev.tale.model.ModelFormatException;

/** The decoder of a tokenizer: makes a text of tokens. */
final class Decoders {
  private static final ImmutableSet<String> TYPES =
      ImmutableSet.of(
          "BPEDecoder",
          "ByteLevel",
          "WordPiece",
          "Metaspace",
          "CTC",
          "Sequence",
          "Replace",
          "Fuse",
          "Strip",
          "ByteFallback");

  private static final int MAX_TEXT = 100;

  private Decoders() {}

  static void check(Part part, Growth growth) throws ModelFormatException {
    if (part.isAbsent()) {
      return;
    }
    switch (part.get("type").oneOf(TYPES)) {
      case "Sequence" -> {
        for (Part each : part.allow("type", "decoders").get("decoders").elements()) {
          check(each, growth);
        }
      }
      case "ByteLevel" -> PreTokenizers.byteLevel(part);
      case "Metaspace" -> PreTokenizers.metaspace(part);
      case "BPEDecoder" -> {
        part.allow("type", "suffix").get("suffix").text(0, MAX_TEXT);
        growth.multiply(part, 2);
      }
      case "WordPiece" -> {
        part.allow("type", "prefix", "cleanup").get("prefix").text(0, MAX_TEXT);
        part.get("cleanup").flag();
        growth.multiply(part, 2);
      }
      case "CTC" -> {
        part.allow("type", "pad_token", "word_delimiter_token", "cleanup");
        part.get("pad_token").text(0, MAX_TEXT);
        part.get("word_delimiter_token").text(0, MAX_TEXT);
        part.get("cleanup").flag();
        growth.multiply(part, 2);
      }
      case "Replace" -> replace(part, growth);
      case "Strip" -> {
        part.allow("type", "content", "start", "stop").get("content").text(1, 1);
        part.get("start").number(0, Integer.MAX_VALUE);
        // The library reads before the beginning of a token that has fewer characters.
        part.get("stop").number(0, 0);
      }
      default -> part.allow("type");
    }
  }

  private static void replace(Part part, Growth growth) throws ModelFormatException {
    SafeExpression pattern = Patterns.read(part.allow("type", "pattern", "content").get("pattern"));
    if (pattern.maxCharacters() < SafeExpression.UNLIMITED) {
      throw part.get("pattern").malformed("may search a text again and again");
    }
    growth.multiply(part, Patterns.replacement(part, pattern));
  }
}
