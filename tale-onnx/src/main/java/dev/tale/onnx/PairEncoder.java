package dev.tale.onnx;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Batch;
import dev.tale.model.PlannedWork;
import dev.tale.model.Request;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.onnx.session.SessionPlan;
import dev.tale.onnx.session.batch.TokenPair;
import dev.tale.onnx.session.runtime.RunCounter;
import dev.tale.onnx.text.TextTokenizer;
import dev.tale.onnx.text.UnencodableTextException;

/**
 * An encoder's requests to tokens, each text with what the tokenizer puts around it, within the
 * context. A search asks the same texts again under every mask: what was encoded is kept, up to a
 * bound.
 */
final class PairEncoder extends Tokenization<TokenPair> {
  private static final int SHOWN = 60;

  private final TextTokenizer tokenizer;
  private final RequestLimits limits;
  private final Cache<String, ImmutableLongArray> kept =
      CacheBuilder.newBuilder()
          .maximumWeight(RequestEncoder.KEPT_TOKENS)
          .weigher((String text, ImmutableLongArray tokens) -> tokens.length())
          .build();

  PairEncoder(TextTokenizer tokenizer, RequestLimits limits, RunCounter counter) {
    super(counter);
    this.tokenizer = tokenizer;
    this.limits = limits;
  }

  @Override
  PlannedWork cost(Batch batch, SessionPlan plan) {
    return plan.costOfPairs(encode(batch.requests()), batch.masks());
  }

  @Override
  TokenPair encode(Request request, int position) {
    if (request instanceof Request.Similarity similarity) {
      return new TokenPair(
          encode(similarity.text(), position), encode(similarity.other(), position));
    }
    throw new UnanswerableRequestException(
        position,
        "an encoder neither continues a text nor gives it a likelihood; ask for similarity, with"
            + " Task.similarity for example, or open a decoder");
  }

  private ImmutableLongArray encode(String text, int position) {
    ImmutableLongArray known = kept.getIfPresent(text);
    if (known != null) {
      return known;
    }
    limits.checkCharacters(position, text.length());
    ImmutableLongArray tokens = tokens(text, position);
    checkLength(text, tokens.length(), position);
    limits.checkTokens(
        position,
        tokens,
        tokens.length(),
        token -> tokenizer.decode(ImmutableLongArray.of(token), false));
    kept.put(text, tokens);
    return tokens;
  }

  private ImmutableLongArray tokens(String text, int position) {
    try {
      return tokenizer.encode(text, true);
    } catch (UnencodableTextException e) {
      throw new UnanswerableRequestException(position, String.valueOf(e.getMessage()));
    }
  }

  private void checkLength(String text, int tokens, int position) {
    if (tokens == 0) {
      throw new UnanswerableRequestException(
          position,
          "the text "
              + quote(text)
              + " gives no tokens and the tokenizer adds none; give a text of at least one token");
    }
    if (tokens > limits.contextLength()) {
      throw new UnanswerableRequestException(
          position,
          "the context of "
              + limits.contextLength()
              + " tokens cannot hold the "
              + tokens
              + " tokens of "
              + quote(text)
              + "; shorten the text");
    }
  }

  private static String quote(String text) {
    return '"' + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...") + '"';
  }
}
