package dev.tale.onnx.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import dev.tale.model.ModelFormatException;
import java.util.List;

/** The normalizer of a tokenizer: changes to a text before it is split. */
final class Normalizers {
  private static final ImmutableSet<String> TYPES =
      ImmutableSet.of(
          "BertNormalizer",
          "Strip",
          "StripAccents",
          "NFC",
          "NFD",
          "NFKC",
          "NFKD",
          "Sequence",
          "Lowercase",
          "Nmt",
          "Precompiled",
          "Replace",
          "Prepend",
          "ByteLevel");

  private static final int MAX_PREFIX = 100;

  /** Spaces around it, the longest canonical decomposition, and the longest lower-case letter. */
  private static final double BERT = 3 * 4 * 3;

  /** The longest compatibility decomposition is that of U+FDFA. */
  private static final double COMPATIBILITY = 18;

  private Normalizers() {}

  static void check(Part part, Growth growth) throws ModelFormatException {
    if (part.isAbsent()) {
      return;
    }
    switch (part.get("type").oneOf(TYPES)) {
      case "Sequence" -> {
        for (Part each : part.allow("type", "normalizers").get("normalizers").elements()) {
          check(each, growth);
        }
      }
      case "BertNormalizer" -> bert(part, growth);
      case "Strip" -> {
        part.allow("type", "strip_left", "strip_right");
        part.get("strip_left").flag();
        part.get("strip_right").flag();
      }
      case "Precompiled" -> {
        part.allow("type", "precompiled_charsmap");
        CharacterMap map = CharacterMap.read(part.get("precompiled_charsmap"));
        if (part.value() instanceof ObjectNode object) {
          object.put("precompiled_charsmap", map.base64());
        }
        growth.multiply(part, map.longest());
      }
      case "Replace" -> {
        SafeExpression pattern =
            Patterns.read(part.allow("type", "pattern", "content").get("pattern"));
        growth.search(pattern);
        growth.multiply(part, Patterns.replacement(part, pattern));
      }
      case "Prepend" -> {
        String prefix = part.allow("type", "prepend").get("prepend").text(1, MAX_PREFIX);
        growth.multiply(part, 1 + prefix.length());
      }
      default -> growth.multiply(part.allow("type"), times(part.get("type").text()));
    }
  }

  private static void bert(Part part, Growth growth) throws ModelFormatException {
    part.allow("type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase");
    for (String flag : List.of("clean_text", "handle_chinese_chars", "lowercase")) {
      part.get(flag).flag();
    }
    if (!part.get("strip_accents").isAbsent()) {
      part.get("strip_accents").flag();
    }
    growth.multiply(part, BERT);
  }

  private static double times(String type) {
    return switch (type) {
      case "NFKC", "NFKD" -> COMPATIBILITY;
      case "NFD", "ByteLevel" -> 4;
      case "NFC", "Lowercase" -> 3;
      default -> 1;
    };
  }
}
