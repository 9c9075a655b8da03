package dev.tale.onnx.session;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
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
    this(session, pooling, session.sharing() ? Traversal::shared : Traversal::oneByOne);
  }

  Comparer(GatedSession session, Pooling pooling, Function<List<LayerMask>, Traversal> traversal) {
    this.session = session;
    this.pooling = pooling;
    this.traversal = traversal;
  }

  /**
   * Answers requests under masks over the session's layers.
   *
   * @return answers by mask, then by pair
   * @throws dev.tale.model.ModelOutputException if the runtime fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  public List<List<Response>> respond(List<TokenPair> pairs, List<LayerMask> masks) {
    return pairs.isEmpty() || masks.isEmpty()
        ? masks.stream().map(mask -> List.<Response>of()).toList()
        : respond(pairs, masks.size(), traversal.apply(masks));
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
        : respond(pairs, gates.size(), session.traversal(gates));
  }

  private List<List<Response>> respond(List<TokenPair> pairs, int masks, Traversal walk) {
    PairPlan plan = PairPlan.of(pairs);
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

  /** Returns tokens times layers that {@link #respond} runs. */
  public long layerForwards(List<TokenPair> pairs, List<LayerMask> masks) {
    return masks.isEmpty() ? 0 : PairPlan.of(pairs).tokens() * traversal.apply(masks).layerRuns();
  }

  /** Returns the distinct texts. */
  public static List<ImmutableLongArray> sequences(List<TokenPair> pairs) {
    return PairPlan.of(pairs).sequences().stream().map(Sequence::tokens).toList();
  }

  /** As {@link #layerForwards} of a model that shares nothing between masks. */
  public static long naiveLayerForwards(List<TokenPair> pairs, List<LayerMask> masks) {
    return PairPlan.of(pairs).tokens() * Traversal.oneByOne(masks).layerRuns();
  }
}
