package dev.tale.onnx.session;

import com.google.common.collect.ImmutableSet;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import dev.tale.model.Response.Stop;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Greedy decoding of many drafts under one mask.
 *
 * <p>Implementation note: each step feeds every unfinished draft anew from its first token, in
 * batches like any other sequence; finished drafts leave. There is no key-value cache: a token
 * costs as much as its prompt. Stop strings may straddle tokens, so they are looked for in the
 * whole text after every token, special tokens included; the text that is returned has no special
 * tokens and ends before the first stop string. The token that ends a generation is not counted.
 */
final class Decoding {
  private final GatedSession session;
  private final TokenText text;
  private final ImmutableSet<Long> ends;

  Decoding(GatedSession session, TokenText text, ImmutableSet<Long> ends) {
    this.session = session;
    this.text = text;
    this.ends = ends;
  }

  /** Goes on until every draft is finished. */
  void finish(List<Draft> drafts, LayerMask mask) {
    List<Draft> open = open(drafts);
    while (!open.isEmpty()) {
      step(open, mask);
      open = open(open);
    }
  }

  private static List<Draft> open(List<Draft> drafts) {
    return drafts.stream().filter(Draft::isOpen).toList();
  }

  private void step(List<Draft> drafts, LayerMask mask) {
    List<TokenRequest.Generate> requests = new ArrayList<>();
    for (Draft draft : drafts) {
      requests.add(new TokenRequest.Generate(draft.input(), List.of(), 1));
    }
    RequestPlan plan = RequestPlan.of(requests);
    Readings readings = session.read(plan.sequences(), 1, Traversal.oneByOne(List.of(mask)));
    for (int i = 0; i < drafts.size(); i++) {
      accept(drafts.get(i), readings, 0, plan.sequenceOf(i), 0);
    }
  }

  /** Takes the next token of a draft from a reading. */
  void accept(Draft draft, Readings readings, int mask, int sequence, int probe) {
    long token = readings.argmax(mask, sequence, probe);
    if (Float.isNaN(readings.logProbability(mask, sequence, probe, 0))) {
      draft.stop(Stop.NOT_A_NUMBER);
    } else if (ends.contains(token)) {
      draft.stop(Stop.END_OF_SEQUENCE);
    } else {
      add(draft, token);
    }
  }

  private void add(Draft draft, long token) {
    draft.add(token);
    if (firstStop(draft, text.decode(draft.tokens(), false)).isPresent()) {
      draft.stop(Stop.STOP_STRING);
    } else if (draft.isFull()) {
      draft.stop(Stop.LENGTH);
    }
  }

  Response response(Draft draft) {
    String whole = text.decode(draft.tokens(), true);
    String kept = whole.substring(0, firstStop(draft, whole).orElse(whole.length()));
    return new Response.Generation(kept, draft.tokens().length(), draft.stop());
  }

  private static OptionalInt firstStop(Draft draft, String text) {
    return draft.request().stops().stream()
        .mapToInt(text::indexOf)
        .filter(index -> index >= 0)
        .min();
  }
}
