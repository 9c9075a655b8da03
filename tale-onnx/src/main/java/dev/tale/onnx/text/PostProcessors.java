package dev.tale.onnx.text;

import com.google.common.collect.ImmutableSet;
import dev.tale.model.ModelFormatException;
import java.util.List;

/** The post-processor of a tokenizer: puts special tokens around a text. */
final class PostProcessors {
  private static final ImmutableSet<String> TYPES =
      ImmutableSet.of(
          "BertProcessing", "RobertaProcessing", "ByteLevel", "TemplateProcessing", "Sequence");

  private static final ImmutableSet<String> SEQUENCES = ImmutableSet.of("A", "B");

  private PostProcessors() {}

  static void check(Part part, Vocabulary vocabulary) throws ModelFormatException {
    if (!part.isAbsent()) {
      count(part, vocabulary);
    }
  }

  /** Returns how many of the parts add tokens, at most 1: the library can do no more. */
  private static int count(Part part, Vocabulary vocabulary) throws ModelFormatException {
    switch (part.get("type").oneOf(TYPES)) {
      case "Sequence" -> {
        int adding = 0;
        for (Part each : part.allow("type", "processors").get("processors").elements()) {
          adding += count(each, vocabulary);
        }
        if (adding > 1) {
          throw part.malformed("adds special tokens twice");
        }
        return adding;
      }
      case "ByteLevel" -> {
        PreTokenizers.byteLevel(part);
        return 0;
      }
      case "TemplateProcessing" -> template(part, vocabulary);
      case "BertProcessing" -> around(part.allow("type", "sep", "cls"), vocabulary);
      default -> {
        part.allow("type", "sep", "cls", "trim_offsets", "add_prefix_space");
        part.get("trim_offsets").flag();
        part.get("add_prefix_space").flag();
        around(part, vocabulary);
      }
    }
    return 1;
  }

  private static void around(Part part, Vocabulary vocabulary) throws ModelFormatException {
    for (String name : List.of("sep", "cls")) {
      List<Part> pair = part.get(name).elements();
      if (pair.size() != 2) {
        throw part.get(name).malformed("is not a token and its id");
      }
      vocabulary.require(pair.get(0), pair.get(1));
    }
  }

  private static void template(Part part, Vocabulary vocabulary) throws ModelFormatException {
    part.allow("type", "single", "pair", "special_tokens");
    Part tokens = part.get("special_tokens");
    if (!tokens.value().isObject()) {
      throw tokens.malformed("is not an object");
    }
    for (String name : ImmutableSet.copyOf(tokens.value().fieldNames())) {
      special(tokens.get(name), vocabulary);
    }
    int texts = 0;
    for (Part piece : part.get("single").elements()) {
      texts += piece(piece, tokens, ImmutableSet.of("A"));
    }
    if (texts != 1) {
      throw part.get("single").malformed("has the text " + texts + " times instead of once");
    }
    for (Part piece : part.get("pair").elements()) {
      piece(piece, tokens, SEQUENCES);
    }
  }

  private static void special(Part token, Vocabulary vocabulary) throws ModelFormatException {
    token.allow("id", "ids", "tokens").get("id").text();
    List<Part> ids = token.get("ids").elements();
    List<Part> texts = token.get("tokens").elements();
    if (ids.size() != texts.size()) {
      throw token.malformed("has " + ids.size() + " ids for " + texts.size() + " tokens");
    }
    for (int i = 0; i < ids.size(); i++) {
      vocabulary.require(texts.get(i), ids.get(i));
    }
  }

  /** Returns how often a piece is a text: 0 or 1. */
  private static int piece(Part piece, Part tokens, ImmutableSet<String> sequences)
      throws ModelFormatException {
    piece.allow("Sequence", "SpecialToken");
    if (piece.value().size() != 1) {
      throw piece.malformed("is neither a Sequence nor a SpecialToken");
    }
    boolean isText = piece.value().has("Sequence");
    Part only = piece.get(isText ? "Sequence" : "SpecialToken").allow("id", "type_id");
    only.get("type_id").number(0, Integer.MAX_VALUE);
    if (isText) {
      only.get("id").oneOf(sequences);
      return 1;
    }
    if (!tokens.value().has(only.get("id").text())) {
      throw only.get("id").malformed("is not in special_tokens");
    }
    return 0;
  }
}
