package dev.tale.onnx.session;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import dev.tale.onnx.session.batch.PairPlan;
import dev.tale.onnx.session.batch.Sequence;
import dev.tale.onnx.session.batch.TokenPair;
import dev.tale.onnx.session.walk.Embeddings;
import dev.tale.onnx.session.walk.Pooling;
import dev.tale.onnx.session.walk.Traversal;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Answers an encoder's requests under many masks at once: one walk over the tree of masks embeds
 * every distinct text.
 */
public final class Comparer {
  private final GatedSession session;
  private final Pooling pooling;
  private final Function<List<LayerMask>, Traversal> traversal;

  /** Creates a comparer over an open session without a head, which stays the caller's to close. */
  public Comparer(GatedSession session, Pooling pooling) {
    this(session, pooling, session.plan()::traversal);
  }

  Comparer(GatedSession session, Pooling pooling, Function<List<LayerMask>, Traversal> traversal) {
    this.session = session;
    this.pooling = pooling;
    this.traversal = traversal;
  }

  /**
   * Answers requests under masks over the session's layers.
   *
   * @throws dev.tale.model.ModelOutputException if the runtime fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  public Replies answer(List<TokenPair> pairs, List<LayerMask> masks) {
    if (pairs.isEmpty() || masks.isEmpty()) {
      return Replies.none(masks);
    }
    PairPlan plan = PairPlan.of(pairs);
    Traversal walk = traversal.apply(masks);
    return new Replies(
        respond(pairs, plan, masks.size(), walk),
        SessionPlan.cost(plan.tokens(), plan.tokens(), walk.layerRuns(), masks));
  }

  /**
   * Answers requests under vectors of factors, as {@link Responder#respondScaled} does.
   *
   * @param gates finite factors by layer
   * @return answers by vector, then by pair
   * @throws dev.tale.model.ModelOutputException if the runtime fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  public List<List<Response>> respondScaled(
      List<TokenPair> pairs, List<ImmutableDoubleArray> gates) {
    return pairs.isEmpty() || gates.isEmpty()
        ? gates.stream().map(vector -> List.<Response>of()).toList()
        : respond(pairs, PairPlan.of(pairs), gates.size(), session.plan().gateTraversal(gates));
  }

  private List<List<Response>> respond(
      List<TokenPair> pairs, PairPlan plan, int masks, Traversal walk) {
    Embeddings embeddings = session.embed(plan.sequences(), masks, walk, pooling);
    return IntStream.range(0, masks)
        .mapToObj(mask -> responses(pairs, plan, embeddings, mask))
        .toList();
  }

  private static List<Response> responses(
      List<TokenPair> pairs, PairPlan plan, Embeddings embeddings, int mask) {
    return pairs.stream()
        .<Response>map(
            pair ->
                new Response.Similarity(
                    embeddings.cosine(mask, plan.indexOf(pair.text()), plan.indexOf(pair.other()))))
        .toList();
  }

  /** Returns the distinct texts. */
  public static List<ImmutableLongArray> sequences(List<TokenPair> pairs) {
    return PairPlan.of(pairs).sequences().stream().map(Sequence::tokens).toList();
  }
}
