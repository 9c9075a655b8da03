package dev.tale.onnx.session;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.PlannedWork;
import dev.tale.model.Response;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.onnx.session.batch.Probe;
import dev.tale.onnx.session.batch.RequestPlan;
import dev.tale.onnx.session.batch.Sequence;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.decode.DraftRules;
import dev.tale.onnx.session.decode.Drafts;
import dev.tale.onnx.session.decode.TokenChoice;
import dev.tale.onnx.session.decode.TokenText;
import dev.tale.onnx.session.walk.Readings;
import dev.tale.onnx.session.walk.Traversal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
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
  private final Map<Long, String> texts = new ConcurrentHashMap<>();

  /**
   * Creates a responder over an open session, which stays the caller's to close.
   *
   * @param text text of tokens, special tokens included if so asked
   * @param ends tokens that end a generation
   */
  public Responder(GatedSession session, TokenText text, ImmutableSet<Long> ends) {
    this(session, new DraftRules(text, ends), session.plan()::traversal, session.hasCaches());
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
   * Answers one request alone.
   *
   * @param choice of each token
   * @param listener told the text piece by piece
   * @throws UnanswerableRequestException if the choice needs logits, and the model has no caches
   * @throws dev.tale.model.ModelOutputException if the runtime fails
   * @throws IllegalStateException if the session is closed
   */
  public Response.Generation answer(
      TokenRequest.Generate request,
      LayerMask mask,
      TokenChoice choice,
      Consumer<String> listener) {
    if (choice.readsLogits() && !session.hasCaches()) {
      throw new UnanswerableRequestException(
          0,
          "answers are drawn from a model with key-value caches, and this one has none; ask"
              + " greedily, or export it with task text-generation-with-past");
    }
    DraftRules told = new DraftRules(rules.text(), rules.ends(), choice, Optional.of(listener));
    Responder alone = new Responder(session, told, traversal, session.hasCaches());
    return (Response.Generation)
        alone.generate(List.of(request), List.of(mask)).responses().get(0).get(0);
  }

  /**
   * Answers requests under masks over the session's layers.
   *
   * @throws dev.tale.model.ModelOutputException if the runtime fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  public Replies answer(List<TokenRequest> requests, List<LayerMask> masks) {
    if (requests.isEmpty() || masks.isEmpty()) {
      return Replies.none(masks);
    }
    Replies scored = score(TokenRequest.scores(requests), masks);
    Replies generated = generate(TokenRequest.generations(requests), masks);
    List<List<Response>> responses =
        IntStream.range(0, masks.size())
            .mapToObj(
                mask ->
                    inOrder(
                        requests, scored.responses().get(mask), generated.responses().get(mask)))
            .toList();
    return new Replies(responses, scored.cost().plus(generated.cost()));
  }

  private static List<Response> inOrder(
      List<TokenRequest> requests, List<Response> scored, List<Response> generated) {
    Iterator<Response> scores = scored.iterator();
    Iterator<Response> generations = generated.iterator();
    return requests.stream()
        .map(request -> request instanceof TokenRequest.Score ? scores.next() : generations.next())
        .toList();
  }

  private Replies generate(List<TokenRequest.Generate> requests, List<LayerMask> masks) {
    if (requests.isEmpty()) {
      return Replies.none(masks);
    }
    Drafts drafts = generator.generate(requests, masks);
    List<List<Response>> responses =
        drafts.byMask().stream()
            .map(ofMask -> ofMask.stream().map(rules::response).toList())
            .toList();
    long naive = TokenRequest.tokens(requests.stream().distinct().toList());
    return new Replies(responses, cost(drafts.promptTokens(), naive, masks));
  }

  private PlannedWork cost(long tokens, long naiveTokens, List<LayerMask> masks) {
    return SessionPlan.cost(tokens, naiveTokens, traversal.apply(masks).layerRuns(), masks);
  }

  /**
   * Answers requests under vectors of factors on what the session's layers add to the residual
   * stream. In batches as {@link #answer} forms them, so that factors of 0 and 1 alone give the
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
    if (requests.isEmpty() || gates.isEmpty()) {
      return gates.stream().map(vector -> List.<Response>of()).toList();
    }
    RequestPlan plan = RequestPlan.of(requests);
    Traversal walk = session.plan().gateTraversal(gates);
    return likelihoods(requests, plan, session.read(plan.sequences(), gates.size(), walk));
  }

  private Replies score(List<TokenRequest.Score> requests, List<LayerMask> masks) {
    if (requests.isEmpty()) {
      return Replies.none(masks);
    }
    RequestPlan plan = RequestPlan.of(requests);
    Readings readings = session.read(plan.sequences(), masks.size(), traversal.apply(masks));
    return new Replies(
        likelihoods(requests, plan, readings), cost(readings.tokens(), plan.tokens(), masks));
  }

  private List<List<Response>> likelihoods(
      List<TokenRequest.Score> requests, RequestPlan plan, Readings readings) {
    return IntStream.range(0, readings.masks())
        .mapToObj(
            mask ->
                IntStream.range(0, requests.size())
                    .mapToObj(i -> likelihood(requests.get(i), plan, i, readings, mask))
                    .toList())
        .toList();
  }

  private Response likelihood(
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
    return Double.isNaN(sum)
        ? new Response.LogLikelihood(sum, tokens.length(), false)
        : new Response.LogLikelihood(
            sum,
            tokens.length(),
            greedy,
            new Response.Top(
                texts.computeIfAbsent(readings.argmax(mask, sequence, first), this::text),
                readings.topLogProbability(mask, sequence, first)));
  }

  private String text(long token) {
    return rules.text().decode(ImmutableLongArray.of(token), /* skipSpecialTokens= */ false);
  }

  /** Returns the distinct sequences that are fed before anything is generated. */
  public static List<ImmutableLongArray> sequences(List<TokenRequest> requests) {
    return RequestPlan.of(requests).sequences().stream().map(Sequence::tokens).toList();
  }
}
