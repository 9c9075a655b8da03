package dev.tale.onnx.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import dev.tale.model.ModelFormatException;
import java.util.ArrayList;
import java.util.List;

/** The model of a tokenizer: its vocabulary and how words are made of it. */
final class ModelPart {
  private static final ImmutableSet<String> TYPES =
      ImmutableSet.of("BPE", "WordPiece", "WordLevel", "Unigram");

  /** The library keeps a tree of characters, and takes it down recursively. */
  private static final int MAX_PIECE = 1000;

  /** The library tries every part of a word. */
  private static final int MAX_WORD = 1000;

  private static final int MAX_AFFIX = 100;

  private ModelPart() {}

  /** Checks the part, and gives it its type if it has none, as the oldest files do not. */
  static Vocabulary read(Part part) throws ModelFormatException {
    if (part.value() instanceof ObjectNode object && part.get("type").value().isMissingNode()) {
      object.put("type", impliedType(part));
    }
    return switch (part.get("type").oneOf(TYPES)) {
      case "BPE" -> bytePairs(part);
      case "WordPiece" -> wordPieces(part);
      case "WordLevel" -> words(part);
      default -> unigrams(part);
    };
  }

  private static String impliedType(Part part) {
    if (!part.get("merges").value().isMissingNode()) {
      return "BPE";
    }
    if (part.get("vocab").value().isArray()) {
      return "Unigram";
    }
    return part.get("max_input_chars_per_word").value().isMissingNode() ? "WordLevel" : "WordPiece";
  }

  private static Vocabulary bytePairs(Part part) throws ModelFormatException {
    part.allow(
        "type",
        "dropout",
        "unk_token",
        "continuing_subword_prefix",
        "end_of_word_suffix",
        "fuse_unk",
        "byte_fallback",
        "ignore_merges",
        "vocab",
        "merges");
    for (String flag : List.of("fuse_unk", "byte_fallback", "ignore_merges")) {
      if (!part.get(flag).isAbsent()) {
        part.get(flag).flag();
      }
    }
    Part dropout = part.get("dropout");
    if (!dropout.isAbsent() && !(dropout.value().isNumber() && dropout.value().asDouble() == 0)) {
      throw dropout.malformed("is neither null nor 0, so that tokens would be drawn by chance");
    }
    Vocabulary vocabulary = Vocabulary.ofObject(part.get("vocab"));
    if (!part.get("unk_token").isAbsent()) {
      vocabulary.require(part.get("unk_token"));
    }
    affix(part.get("end_of_word_suffix"));
    String prefix = affix(part.get("continuing_subword_prefix"));
    for (Part merge : part.get("merges").elements()) {
      checkMerge(merge, vocabulary, prefix);
    }
    checkAlike(part.get("merges"));
    return vocabulary;
  }

  private static String affix(Part part) throws ModelFormatException {
    return part.isAbsent() ? "" : part.text(0, MAX_AFFIX);
  }

  private static void checkMerge(Part merge, Vocabulary vocabulary, String prefix)
      throws ModelFormatException {
    List<String> pair = new ArrayList<>();
    if (merge.value().isTextual()) {
      if (merge.text().startsWith("#version")) {
        return;
      }
      pair.addAll(List.of(merge.text().split(" ", -1)));
    } else {
      for (Part each : merge.elements()) {
        pair.add(each.text());
      }
    }
    if (pair.size() != 2) {
      throw merge.malformed("is not a pair of tokens");
    }
    String second = pair.get(1);
    if (!vocabulary.contains(pair.get(0))
        || !vocabulary.contains(second)
        || !second.startsWith(prefix)
        || !vocabulary.contains(pair.get(0) + second.substring(prefix.length()))) {
      throw merge.malformed("merges, or makes, a token that is not in the vocabulary");
    }
  }

  private static void checkAlike(Part merges) throws ModelFormatException {
    for (Part merge : merges.elements()) {
      if (merge.value().isTextual() != merges.value().get(0).isTextual()) {
        throw merge.malformed("is written otherwise than the first merge");
      }
    }
  }

  private static Vocabulary wordPieces(Part part) throws ModelFormatException {
    part.allow(
        "type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab");
    part.get("continuing_subword_prefix").text(0, MAX_AFFIX);
    part.get("max_input_chars_per_word").number(1, MAX_WORD);
    return withUnknown(part);
  }

  private static Vocabulary words(Part part) throws ModelFormatException {
    return withUnknown(part.allow("type", "unk_token", "vocab"));
  }

  private static Vocabulary withUnknown(Part part) throws ModelFormatException {
    Vocabulary vocabulary = Vocabulary.ofObject(part.get("vocab"));
    vocabulary.require(part.get("unk_token"));
    return vocabulary;
  }

  private static Vocabulary unigrams(Part part) throws ModelFormatException {
    part.allow("type", "unk_id", "vocab", "byte_fallback");
    if (!part.get("byte_fallback").value().isMissingNode()) {
      part.get("byte_fallback").flag();
    }
    List<String> tokens = new ArrayList<>();
    for (Part entry : part.get("vocab").elements()) {
      List<Part> pair = entry.elements();
      if (pair.size() != 2 || !pair.get(1).value().isNumber()) {
        throw entry.malformed("is not a token and its score");
      }
      if (!Double.isFinite(pair.get(1).value().doubleValue())) {
        throw pair.get(1).malformed("is too large for a score");
      }
      tokens.add(pair.get(0).text(0, MAX_PIECE));
    }
    if (tokens.isEmpty()) {
      throw part.get("vocab").malformed("is empty");
    }
    if (!part.get("unk_id").isAbsent()) {
      part.get("unk_id").number(0, tokens.size() - 1);
    }
    return Vocabulary.ofList(tokens);
  }
}
