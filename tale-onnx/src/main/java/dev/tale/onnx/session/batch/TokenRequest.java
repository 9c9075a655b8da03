package dev.tale.onnx.session.batch;

import com.google.common.collect.Iterables;
import com.google.common.collect.Lists;
import com.google.common.primitives.ImmutableLongArray;
import java.util.List;

/** A request in tokens. */
public sealed interface TokenRequest {

  /** Returns the tokens of the prompt, at least one: the last one predicts the answer. */
  ImmutableLongArray prompt();

  /** Returns the tokens that the model is fed before it has said anything. */
  ImmutableLongArray input();

  /** The requests for a log-likelihood among some. */
  static List<Score> scores(List<TokenRequest> requests) {
    return Lists.newArrayList(Iterables.filter(requests, Score.class));
  }

  /** The requests for greedy decoding among some. */
  static List<Generate> generations(List<TokenRequest> requests) {
    return Lists.newArrayList(Iterables.filter(requests, Generate.class));
  }

  /** Number of tokens that are fed for requests, each by itself. */
  static long tokens(List<? extends TokenRequest> requests) {
    return requests.stream().mapToLong(request -> request.input().length()).sum();
  }

  /**
   * Asks for the log-likelihood of the last tokens.
   *
   * @param tokens prompt and continuation
   * @param from where the continuation begins, 1 to the number of tokens, exclusive
   */
  record Score(ImmutableLongArray tokens, int from) implements TokenRequest {

    /**
     * Checks the place.
     *
     * @throws IllegalArgumentException if the prompt or the continuation has no tokens
     */
    public Score {
      if (from < 1 || from >= tokens.length()) {
        throw new IllegalArgumentException(
            "The continuation begins at " + from + " of " + tokens.length() + " tokens");
      }
    }

    @Override
    public ImmutableLongArray prompt() {
      return tokens.subArray(0, from);
    }

    /** All but the last token: nothing is read after that one. */
    @Override
    public ImmutableLongArray input() {
      return tokens.subArray(0, tokens.length() - 1);
    }
  }

  /**
   * Asks for greedy decoding.
   *
   * @param input the prompt, at least one token
   * @param stops strings that end the generation
   * @param maxNewTokens largest number of generated tokens, at least 1
   */
  record Generate(ImmutableLongArray input, List<String> stops, int maxNewTokens)
      implements TokenRequest {

    /** Copies the stop strings. */
    public Generate {
      stops = List.copyOf(stops);
    }

    @Override
    public ImmutableLongArray prompt() {
      return input;
    }
  }
}
