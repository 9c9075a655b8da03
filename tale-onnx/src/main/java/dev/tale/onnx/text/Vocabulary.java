package dev.tale.onnx.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import dev.tale.model.ModelFormatException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Tokens and their ids, as the tokenizer library numbers them.
 *
 * <p>Implementation note: the library takes the ids of the model's own tokens from the file, but
 * numbers added tokens itself, behind the tokens that there are, and passes over the id that the
 * file gives. A file whose ids differ from that is refused.
 */
final class Vocabulary {
  /** The library compares each with every other one. */
  private static final int MAX_ADDED = 20_000;

  private static final int MAX_LENGTH = 1000;

  private final Map<String, Integer> ids = new HashMap<>();
  private final Set<Integer> used = new HashSet<>();
  private final int modelSize;
  private int largestAdded = -1;

  private Vocabulary(int modelSize) {
    this.modelSize = modelSize;
  }

  /** Reads an object of tokens and ids. */
  static Vocabulary ofObject(Part part) throws ModelFormatException {
    if (!part.value().isObject() || part.value().isEmpty()) {
      throw part.malformed("is not an object of tokens and ids");
    }
    Vocabulary vocabulary = new Vocabulary(part.value().size());
    for (Map.Entry<String, JsonNode> entry : part.value().properties()) {
      Part id = new Part(part.file(), part.place() + "/" + entry.getKey(), entry.getValue());
      vocabulary.put(id, entry.getKey(), id.number(0, Integer.MAX_VALUE - 1));
    }
    return vocabulary;
  }

  /** Numbers tokens in their order. Of equal ones the last counts, as in the library. */
  static Vocabulary ofList(List<String> tokens) {
    Vocabulary vocabulary = new Vocabulary(tokens.size());
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.ids.put(tokens.get(id), id);
      vocabulary.used.add(id);
    }
    return vocabulary;
  }

  private void put(Part part, String token, int id) throws ModelFormatException {
    if (!used.add(id)) {
      throw part.malformed("has the id of another token");
    }
    ids.put(token, id);
  }

  boolean contains(String token) {
    return ids.containsKey(token);
  }

  OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /** Refuses a token that is not there. */
  void require(Part token) throws ModelFormatException {
    if (!contains(token.text())) {
      throw token.malformed("is not in the vocabulary");
    }
  }

  /** Refuses a token that is not there, or has another id. */
  void require(Part token, Part id) throws ModelFormatException {
    require(token);
    int known = id(token.text()).orElseThrow();
    if (id.number(0, Integer.MAX_VALUE - 1) != known) {
      throw id.malformed("is not " + known + ", the id of " + token.value());
    }
  }

  /** Reads tokens that are recognised wherever a text has them. */
  void add(Part added) throws ModelFormatException {
    if (added.isAbsent()) {
      return;
    }
    List<Part> tokens = added.elements();
    if (tokens.size() > MAX_ADDED) {
      throw added.malformed("has " + tokens.size() + " tokens, more than " + MAX_ADDED);
    }
    for (Part token : tokens) {
      token.allow("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
      for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized", "special")) {
        token.get(flag).flag();
      }
      add(token.get("content").text(1, MAX_LENGTH), token.get("id"));
    }
    checkStripping(tokens);
  }

  private void add(String content, Part id) throws ModelFormatException {
    int given = id.number(0, Integer.MAX_VALUE - 1);
    OptionalInt known = id(content);
    int assigned = known.orElse(Math.max(modelSize, largestAdded + 1));
    if (given != assigned) {
      throw id.malformed(
          "is not "
              + assigned
              + (known.isPresent()
                  ? ", the id that the vocabulary has for this token"
                  : ", the id that follows the tokens before this one"));
    }
    if (known.isEmpty()) {
      put(id, content, assigned);
    }
    largestAdded = Math.max(largestAdded, assigned);
  }

  /**
   * Where a token takes the white space after it, and another that is white space itself takes the
   * white space before it, the library's pieces of text run backwards, which ends the process. Of
   * tokens that are normalized it is not known whether they become white space.
   */
  private static void checkStripping(List<Part> tokens) throws ModelFormatException {
    ImmutableSet.Builder<Boolean> strippers = ImmutableSet.builder();
    for (Part token : tokens) {
      if (token.get("rstrip").flag()) {
        strippers.add(token.get("normalized").flag());
      }
    }
    ImmutableSet<Boolean> stripping = strippers.build();
    for (Part token : tokens) {
      boolean normalized = token.get("normalized").flag();
      boolean maybeBlank = normalized || token.get("content").text().isBlank();
      if (token.get("lstrip").flag() && maybeBlank && stripping.contains(normalized)) {
        throw token
            .get("lstrip")
            .malformed("is true for a token that may be white space, beside one with rstrip");
      }
    }
  }
}
