package dev.tale.onnx.session;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import com.google.common.collect.Lists;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Answers token requests under many masks at once.
 *
 * <p>Implementation note: one walk over the tree of masks answers every log-likelihood, and one
 * gives every generation its prompt; from there on each mask goes on by itself, see {@link
 * Generator}. A log-likelihood is a sum in double precision over the runtime's float
 * log-probabilities, in the order of the tokens.
 */
public final class Responder {
  private final GatedSession session;
  private final Function<List<LayerMask>, Traversal> traversal;
  private final DraftRules rules;
  private final Generator generator;

  /**
   * Creates a responder over an open session, which stays the caller's to close.
   *
   * @param text text of tokens, special tokens included if so asked
   * @param ends tokens that end a generation
   */
  public Responder(GatedSession session, TokenText text, ImmutableSet<Long> ends) {
    this(
        session,
        new DraftRules(text, ends),
        session.sharing() ? Traversal::shared : Traversal::oneByOne,
        session.hasCaches());
  }

  Responder(
      GatedSession session,
      DraftRules rules,
      Function<List<LayerMask>, Traversal> traversal,
      boolean cached) {
    this.session = session;
    this.traversal = traversal;
    this.rules = rules;
    this.generator =
        cached
            ? new CachingGenerator(session, rules, traversal)
            : new RecomputingGenerator(session, rules, traversal);
  }

  /**
   * Answers requests under masks over the session's layers.
   *
   * @return answers by mask, then by request
   * @throws dev.tale.model.ModelOutputException if the runtime fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  public List<List<Response>> respond(List<TokenRequest> requests, List<LayerMask> masks) {
    List<TokenRequest.Score> scores = scores(requests);
    List<TokenRequest.Generate> generations = generations(requests);
    List<List<Response>> scored = all(scores, masks, this::score);
    List<List<Response>> generated = all(generations, masks, this::generate);
    return IntStream.range(0, masks.size())
        .mapToObj(mask -> inOrder(requests, scored.get(mask), generated.get(mask)))
        .toList();
  }

  private static List<TokenRequest.Score> scores(List<TokenRequest> requests) {
    return Lists.newArrayList(Iterables.filter(requests, TokenRequest.Score.class));
  }

  private static List<TokenRequest.Generate> generations(List<TokenRequest> requests) {
    return Lists.newArrayList(Iterables.filter(requests, TokenRequest.Generate.class));
  }

  private static <T> List<List<Response>> all(
      List<T> requests, List<LayerMask> masks, Answering<T> answering) {
    return requests.isEmpty() || masks.isEmpty()
        ? masks.stream().map(mask -> List.<Response>of()).toList()
        : answering.answer(requests, masks);
  }

  private static List<Response> inOrder(
      List<TokenRequest> requests, List<Response> scored, List<Response> generated) {
    Iterator<Response> scores = scored.iterator();
    Iterator<Response> generations = generated.iterator();
    return requests.stream()
        .map(request -> request instanceof TokenRequest.Score ? scores.next() : generations.next())
        .toList();
  }

  private List<List<Response>> generate(
      List<TokenRequest.Generate> requests, List<LayerMask> masks) {
    return generator.generate(requests, masks).stream()
        .map(drafts -> drafts.stream().map(rules::response).toList())
        .toList();
  }

  /**
   * Answers requests under vectors of factors on what the session's layers add to the residual
   * stream. In batches as {@link #respond} forms them, so that factors of 0 and 1 alone give the
   * answers of the mask, bit for bit.
   *
   * @param gates finite factors by layer
   * @return answers by vector, then by request
   * @throws dev.tale.model.ModelOutputException if the runtime fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  public List<List<Response>> respondScaled(
      List<TokenRequest.Score> requests, List<ImmutableDoubleArray> gates) {
    return requests.isEmpty() || gates.isEmpty()
        ? gates.stream().map(vector -> List.<Response>of()).toList()
        : score(requests, gates.size(), session.traversal(gates));
  }

  private List<List<Response>> score(List<TokenRequest.Score> requests, List<LayerMask> masks) {
    return score(requests, masks.size(), traversal.apply(masks));
  }

  private List<List<Response>> score(List<TokenRequest.Score> requests, int masks, Traversal walk) {
    RequestPlan plan = RequestPlan.of(requests);
    Readings readings = session.read(plan.sequences(), masks, walk);
    return IntStream.range(0, masks)
        .mapToObj(
            mask ->
                IntStream.range(0, requests.size())
                    .mapToObj(i -> likelihood(requests.get(i), plan, i, readings, mask))
                    .toList())
        .toList();
  }

  private static Response likelihood(
      TokenRequest.Score request, RequestPlan plan, int index, Readings readings, int mask) {
    int sequence = plan.sequenceOf(index);
    List<Probe> probes = plan.sequences().get(sequence).probes();
    int first = plan.sequences().get(sequence).probeAt(request.from() - 1);
    ImmutableLongArray tokens =
        request.tokens().subArray(request.from(), request.tokens().length());
    double sum = 0;
    boolean greedy = true;
    for (int i = 0; i < tokens.length(); i++) {
      int candidate = probes.get(first + i).candidates().indexOf(tokens.get(i));
      sum += readings.logProbability(mask, sequence, first + i, candidate);
      greedy &= readings.argmax(mask, sequence, first + i) == tokens.get(i);
    }
    return new Response.LogLikelihood(sum, tokens.length(), greedy && !Double.isNaN(sum));
  }

  /**
   * Returns tokens times layers that {@link #respond} runs: all of it for log-likelihoods; for
   * generations the prompts, since what follows depends on the answers.
   */
  public long layerForwards(List<TokenRequest> requests, List<LayerMask> masks) {
    if (masks.isEmpty()) {
      return 0;
    }
    long scored = session.tokensToRead(RequestPlan.of(scores(requests)).sequences());
    long prompted = session.tokensToPrompt(generations(requests).stream().distinct().toList());
    return (scored + prompted) * traversal.apply(masks).layerRuns();
  }

  /** Returns the distinct sequences that are fed before anything is generated. */
  public static List<ImmutableLongArray> sequences(List<TokenRequest> requests) {
    return RequestPlan.of(requests).sequences().stream().map(Sequence::tokens).toList();
  }

  /** As {@link #layerForwards} of a model that shares nothing between masks or prompts. */
  public static long naiveLayerForwards(List<TokenRequest> requests, List<LayerMask> masks) {
    long scored = RequestPlan.of(scores(requests)).tokens();
    long prompted =
        generations(requests).stream()
            .distinct()
            .mapToLong(request -> request.input().length())
            .sum();
    return (scored + prompted) * Traversal.oneByOne(masks).layerRuns();
  }

  /**
   * Answers requests of one kind.
   *
   * @param <T> kind of request
   */
  @FunctionalInterface
  private interface Answering<T> {
    List<List<Response>> answer(List<T> requests, List<LayerMask> masks);
  }
}
