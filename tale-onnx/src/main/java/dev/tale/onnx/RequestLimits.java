package dev.tale.onnx;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.onnx.layers.ResidualStream;
import java.util.function.LongFunction;

/**
 * What a model can be asked.
 *
 * @param contextLength largest number of tokens in one sequence
 * @param embedded number of tokens that the embedding knows
 * @param predicted number of tokens that the head predicts
 */
record RequestLimits(int contextLength, long embedded, long predicted) {
  /**
   * Characters of a text for each token of the context; 3 to 5 are usual, 1 to 2 in some scripts.
   */
  static final int CHARACTERS_PER_TOKEN = 32;

  /** Characters of a text that are let through to the tokenizer however short the context is. */
  static final int FEWEST_CHARACTERS = 10_000;

  static RequestLimits of(int contextLength, ResidualStream stream) {
    return new RequestLimits(
        contextLength,
        stream.embeddedTokens().orElse(Long.MAX_VALUE),
        stream.hasHead() ? stream.vocabularySize() : Long.MAX_VALUE);
  }

  /** Refuses a text that is too long for the context whatever its tokens are, before it has any. */
  void checkCharacters(int position, long characters) {
    long most = Math.max(FEWEST_CHARACTERS, (long) CHARACTERS_PER_TOKEN * contextLength);
    if (characters > most) {
      throw new UnanswerableRequestException(
          position,
          "the text has "
              + characters
              + " characters, more than the "
              + most
              + " that are encoded for a context of "
              + contextLength
              + " tokens; shorten it");
    }
  }

  /**
   * Refuses tokens that the model does not have.
   *
   * @param tokens prompt and continuation
   * @param from where the continuation begins
   * @param text text of a token, for the message
   */
  void checkTokens(int position, ImmutableLongArray tokens, int from, LongFunction<String> text) {
    for (int i = 0; i < tokens.length(); i++) {
      long token = tokens.get(i);
      boolean predicted = i >= from;
      // The last token of a continuation is predicted, but not looked up.
      boolean lookedUp = !predicted || i < tokens.length() - 1;
      if (lookedUp && token >= embedded) {
        throw unknown(position, i, token, text, "embedding matrix has " + embedded + " rows");
      }
      if (predicted && token >= this.predicted) {
        throw unknown(position, i, token, text, "head predicts " + this.predicted + " tokens");
      }
    }
  }

  private static UnanswerableRequestException unknown(
      int position, int place, long token, LongFunction<String> text, String limit) {
    return new UnanswerableRequestException(
        position,
        "its token "
            + place
            + ", \""
            + text.apply(token)
            + "\", has the id "
            + token
            + ", but the model's "
            + limit
            + "; leave it out of the text, or take the tokenizer.json that belongs to the model");
  }
}
