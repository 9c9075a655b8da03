package dev.tale.onnx.session.decode;

import com.google.common.collect.ImmutableSet;
import dev.tale.model.Response;
import dev.tale.model.Response.Stop;
import java.util.OptionalInt;

/**
 * What ends a draft, and what text it becomes.
 *
 * <p>Implementation note: stop strings may straddle tokens and begin within one, so they are looked
 * for in the text of all tokens so far, special tokens included. The text that is returned has no
 * special tokens, ends before the first stop string, and has no unfinished character at its end,
 * which a number of tokens may have cut. The token that ends a generation is not counted.
 *
 * @param text text of tokens
 * @param ends tokens that end a generation
 */
public record DraftRules(TokenText text, ImmutableSet<Long> ends) {
  private static final String UNFINISHED = "\uFFFD";

  /** A character has at most four bytes. */
  private static final int MOST_UNFINISHED = 3;

  /** Adds the next token, or ends the draft; not a number if the logits were none. */
  public void accept(Draft draft, long token, float logProbability) {
    if (Float.isNaN(logProbability)) {
      draft.stop(Stop.NOT_A_NUMBER);
    } else if (ends.contains(token)) {
      draft.stop(Stop.END_OF_SEQUENCE);
    } else {
      add(draft, token);
    }
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

  /** Returns the answer that a finished draft is. */
  public Response response(Draft draft) {
    String whole = text.decode(draft.tokens(), true);
    OptionalInt stop = firstStop(draft, whole);
    String kept = stop.isPresent() ? whole.substring(0, stop.getAsInt()) : finished(whole);
    return new Response.Generation(kept, draft.tokens().length(), draft.stop());
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
