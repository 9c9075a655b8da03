package dev.tale.onnx.text;

import com.google.common.collect.ImmutableSet;
import dev.tale.model.ModelFormatException;

/** The pre-tokenizer of a tokenizer: splits a text into words. */
final class PreTokenizers {
  private static final ImmutableSet<String> TYPES =
      ImmutableSet.of(
          "BertPreTokenizer",
          "ByteLevel",
          "CharDelimiterSplit",
          "Metaspace",
          "Whitespace",
          "Sequence",
          "Split",
          "Punctuation",
          "WhitespaceSplit",
          "Digits",
          "UnicodeScripts",
          "FixedLength");

  private static final ImmutableSet<String> BEHAVIORS =
      ImmutableSet.of("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous");

  private static final ImmutableSet<String> SCHEMES = ImmutableSet.of("first", "never", "always");

  private PreTokenizers() {}

  static void check(Part part, Growth growth) throws ModelFormatException {
    if (part.isAbsent()) {
      return;
    }
    switch (part.get("type").oneOf(TYPES)) {
      case "Sequence" -> {
        for (Part each : part.allow("type", "pretokenizers").get("pretokenizers").elements()) {
          check(each, growth);
        }
      }
      case "ByteLevel" -> byteLevel(part, growth);
      case "Metaspace" -> {
        metaspace(part);
        growth.multiply(part, 2);
      }
      case "Split" -> {
        part.allow("type", "pattern", "behavior", "invert");
        part.get("behavior").oneOf(BEHAVIORS);
        part.get("invert").flag();
        growth.search(Patterns.read(part.get("pattern")));
      }
      case "Punctuation" -> {
        part.allow("type", "behavior");
        if (!part.get("behavior").value().isMissingNode()) {
          part.get("behavior").oneOf(BEHAVIORS);
        }
      }
      case "Digits" -> part.allow("type", "individual_digits").get("individual_digits").flag();
      case "CharDelimiterSplit" -> part.allow("type", "delimiter").get("delimiter").text(1, 1);
      case "FixedLength" -> {
        part.allow("type", "length");
        if (!part.get("length").value().isMissingNode()) {
          part.get("length").number(1, Integer.MAX_VALUE);
        }
      }
      default -> part.allow("type");
    }
  }

  private static void byteLevel(Part part, Growth growth) throws ModelFormatException {
    byteLevel(part);
    growth.multiply(part, 2);
    if (part.get("use_regex").value().asBoolean(true)) {
      growth.search(SafeExpression.BYTE_LEVEL);
    }
    growth.multiply(part, 4);
  }

  /** Checks the fields that pre-tokenizer, post-processor and decoder of this name share. */
  static void byteLevel(Part part) throws ModelFormatException {
    part.allow("type", "add_prefix_space", "trim_offsets", "use_regex");
    part.get("add_prefix_space").flag();
    part.get("trim_offsets").flag();
    if (!part.get("use_regex").value().isMissingNode()) {
      part.get("use_regex").flag();
    }
  }

  /** Checks the fields that pre-tokenizer and decoder of this name share. */
  static void metaspace(Part part) throws ModelFormatException {
    part.allow("type", "replacement", "str_rep", "add_prefix_space", "prepend_scheme", "split");
    part.get("replacement").text(1, 1);
    if (!part.get("prepend_scheme").value().isMissingNode()) {
      part.get("prepend_scheme").oneOf(SCHEMES);
    }
    for (String flag : new String[] {"add_prefix_space", "split"}) {
      if (!part.get(flag).isAbsent()) {
        part.get(flag).flag();
      }
    }
    if (!part.get("str_rep").isAbsent()) {
      part.get("str_rep").text();
    }
  }
}
