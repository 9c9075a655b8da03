package dev.tale.onnx.session.decode;

import com.google.common.collect.ImmutableSet;
import dev.tale.model.Response;
import dev.tale.model.Response.Stop;
import dev.tale.onnx.session.walk.HeadOutput;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Which token a draft gets next, what ends it, and what text it becomes.
 *
 * <p>Implementation note: stop strings may straddle tokens and begin within one, so they are looked
 * for in the text of all tokens so far, special tokens included. The text that is returned has no
 * special tokens, ends before the first stop string, and has no unfinished character at its end,
 * which a number of tokens may have cut. The token that ends a generation is not counted.
 *
 * @param text text of tokens
 * @param ends tokens that end a generation
 * @param choice of the next token
 * @param listener told the text piece by piece, if there is one
 */
public record DraftRules(
    TokenText text,
    ImmutableSet<Long> ends,
    TokenChoice choice,
    Optional<Consumer<String>> listener) {
  private static final String UNFINISHED = "\uFFFD";

  /** A character has at most four bytes. */
  private static final int MOST_UNFINISHED = 3;

  /** Greedy decoding of which nobody is told before its end. */
  public DraftRules(TokenText text, ImmutableSet<Long> ends) {
    this(text, ends, TokenChoice.GREEDY, Optional.empty());
  }

  /** Chooses the next token from the head's output, and adds it or ends the draft. */
  void accept(Draft draft, HeadOutput output, int row) {
    float logProbability = output.logProbability(row, 0);
    long token = Float.isNaN(logProbability) ? 0 : choice.next(output, row);
    accept(draft, token, logProbability);
  }

  /** Adds the next token, or ends the draft; not a number if the logits were none. */
  public void accept(Draft draft, long token, float logProbability) {
    if (Float.isNaN(logProbability)) {
      draft.stop(Stop.NOT_A_NUMBER);
    } else if (ends.contains(token)) {
      draft.stop(Stop.END_OF_SEQUENCE);
    } else {
      add(draft, token);
    }
    listener.ifPresent(told -> draft.pieces(told).tell(settled(draft)));
  }

  /** The text that no later token changes: without what may be the beginning of a stop string. */
  private String settled(Draft draft) {
    if (!draft.isOpen()) {
      return text(draft);
    }
    String whole = finished(text.decode(draft.tokens(), true));
    int held =
        draft.request().stops().stream().mapToInt(stop -> overlap(whole, stop)).max().orElse(0);
    return whole.substring(0, whole.length() - held);
  }

  /** Length of the longest end of a text that a stop string begins with. */
  private static int overlap(String text, String stop) {
    int length = Math.min(text.length(), stop.length());
    while (!text.endsWith(stop.substring(0, length))) {
      length--;
    }
    return length;
  }

  private void add(Draft draft, long token) {
    draft.add(token);
    if (hasStop(draft)) {
      draft.stop(Stop.STOP_STRING);
    } else if (draft.isFull()) {
      draft.stop(Stop.LENGTH);
    }
  }

  private boolean hasStop(Draft draft) {
    return !draft.request().stops().isEmpty()
        && firstStop(draft, text.decode(draft.tokens(), false)).isPresent();
  }

  /** The answer that a finished draft is. */
  public Response response(Draft draft) {
    return new Response.Generation(text(draft), draft.tokens().length(), draft.stop());
  }

  private String text(Draft draft) {
    String whole = text.decode(draft.tokens(), true);
    OptionalInt stop = firstStop(draft, whole);
    return stop.isPresent() ? whole.substring(0, stop.getAsInt()) : finished(whole);
  }

  private static String finished(String text) {
    String kept = text;
    for (int i = 0; i < MOST_UNFINISHED && kept.endsWith(UNFINISHED); i++) {
      kept = kept.substring(0, kept.length() - 1);
    }
    return kept;
  }

  private static OptionalInt firstStop(Draft draft, String text) {
    return draft.request().stops().stream()
        .mapToInt(text::indexOf)
        .filter(index -> index >= 0)
        .min();
  }
}
