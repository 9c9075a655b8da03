package dev.tale.onnx.session;

import dev.tale.model.LayerMask;
import dev.tale.onnx.session.batch.RequestPlan;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.decode.Draft;
import dev.tale.onnx.session.decode.DraftRules;
import dev.tale.onnx.session.decode.Drafts;
import dev.tale.onnx.session.walk.Readings;
import dev.tale.onnx.session.walk.Traversal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The obvious way, for models without caches and as a reference for the other: each step feeds
 * every unfinished draft anew from its first token, in batches like any other sequence; finished
 * drafts leave. A token costs as much as its prompt. The first token of all masks comes from one
 * walk over the tree of masks.
 *
 * @param session what runs
 * @param rules what ends an answer
 * @param traversal how the first tokens are read
 */
record RecomputingGenerator(
    GatedSession session, DraftRules rules, Function<List<LayerMask>, Traversal> traversal)
    implements Generator {

  @Override
  public Drafts generate(List<TokenRequest.Generate> requests, List<LayerMask> masks) {
    List<List<Draft>> all = new ArrayList<>();
    masks.forEach(mask -> all.add(requests.stream().map(Draft::new).toList()));
    step(all, masks.size(), traversal.apply(masks));
    for (int mask = 0; mask < masks.size(); mask++) {
      Traversal alone = Traversal.oneByOne(List.of(masks.get(mask)));
      List<Draft> open = open(all.get(mask));
      while (!open.isEmpty()) {
        step(List.of(open), 1, alone);
        open = open(open);
      }
    }
    List<TokenRequest.Generate> distinct = requests.stream().distinct().toList();
    return new Drafts(all, session.plan().tokensToPrompt(distinct));
  }

  private static List<Draft> open(List<Draft> drafts) {
    return drafts.stream().filter(Draft::isOpen).toList();
  }

  /** Adds a token to every draft; the drafts of all masks have fed the same so far. */
  private void step(List<List<Draft>> drafts, int masks, Traversal traversal) {
    List<TokenRequest.Generate> requests = new ArrayList<>();
    for (Draft draft : drafts.get(0)) {
      requests.add(new TokenRequest.Generate(draft.input(), List.of(), 1));
    }
    RequestPlan plan = RequestPlan.of(requests);
    Readings readings = session.read(plan.sequences(), masks, traversal);
    for (int mask = 0; mask < masks; mask++) {
      for (int i = 0; i < requests.size(); i++) {
        int sequence = plan.sequenceOf(i);
        rules.accept(
            drafts.get(mask).get(i),
            readings.argmax(mask, sequence, 0),
            readings.logProbability(mask, sequence, 0, 0));
      }
    }
  }
}
