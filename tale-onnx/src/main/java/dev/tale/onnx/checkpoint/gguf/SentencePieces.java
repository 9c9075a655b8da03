package dev.tale.onnx.checkpoint.gguf;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * SentencePiece's BPE in the terms of {@code tokenizer.json}: spaces are a character of their own,
 * unknown characters fall back to bytes, and two neighbours are merged first whose piece has the
 * highest score.
 */
final class SentencePieces {
  private static final String SPACE = "\u2581";

  private SentencePieces() {}

  /**
   * Two pieces that make another.
   *
   * @param left first piece
   * @param right second piece
   */
  record Merge(String left, String right) {}

  /** All merges within a vocabulary, by falling score of their result, then by its index. */
  static List<Merge> merges(List<String> tokens, List<Double> scores) {
    Map<String, Integer> places = new HashMap<>();
    for (int token = 0; token < tokens.size(); token++) {
      places.put(tokens.get(token), token);
    }
    List<Integer> order = new ArrayList<>(places.values());
    order.sort(
        Comparator.<Integer>comparingDouble(token -> -scores.get(token)).thenComparing(t -> t));
    List<Merge> merges = new ArrayList<>();
    for (int token : order) {
      String piece = tokens.get(token);
      for (int cut = 1; cut < piece.length(); cut++) {
        String left = piece.substring(0, cut);
        String right = piece.substring(cut);
        if (places.containsKey(left) && places.containsKey(right)) {
          merges.add(new Merge(left, right));
        }
      }
    }
    return merges;
  }

  /** The steps before and after the model. */
  static void putSteps(ObjectNode tokenizer, boolean spaceBefore) {
    ArrayNode normalizers =
        tokenizer.putObject("normalizer").put("type", "Sequence").putArray("normalizers");
    if (spaceBefore) {
      normalizers.addObject().put("type", "Prepend").put("prepend", SPACE);
    }
    replace(normalizers.addObject(), " ", SPACE);
    tokenizer.putNull("pre_tokenizer");
    ArrayNode decoders =
        tokenizer.putObject("decoder").put("type", "Sequence").putArray("decoders");
    replace(decoders.addObject(), SPACE, " ");
    decoders.addObject().put("type", "ByteFallback");
    decoders.addObject().put("type", "Fuse");
    if (spaceBefore) {
      decoders.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
    }
  }

  private static void replace(ObjectNode step, String from, String to) {
    step.put("type", "Replace").putObject("pattern").put("String", from);
    step.put("content", to);
  }
}
