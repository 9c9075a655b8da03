package dev.tale.onnx.session;

import com.google.common.primitives.ImmutableDoubleArray;
import dev.tale.model.LayerMask;
import dev.tale.model.PlannedWork;
import dev.tale.onnx.graph.ConditionForm;
import dev.tale.onnx.graph.GatedGraph;
import dev.tale.onnx.graph.ResidualStream;
import dev.tale.onnx.session.BatchSize.Shares;
import java.util.List;

/**
 * A session before any weight is loaded: the gated graph in both of its forms, how requests are cut
 * into batches for it, and what they will cost. Immutable.
 */
public final class SessionPlan {
  private final GatedGraph graph;
  private final GatedGraph cachingGraph;
  private final SessionConfig config;
  private final int lanes;
  private final Batching batching;

  private SessionPlan(GatedGraph graph, GatedGraph cachingGraph, SessionConfig config) {
    this.graph = graph;
    this.cachingGraph = cachingGraph;
    this.lanes = config.lanes(graph.layers());
    this.config = config.inLanes(lanes);
    this.batching = new Batching(graph, cachingGraph, config, lanes);
  }

  /**
   * Plans a session of a model, gated in the form that the device needs, with and without caches.
   *
   * @throws dev.tale.model.UnsupportedModelException if the model cannot be gated
   */
  public static SessionPlan of(ResidualStream stream, SessionConfig config) {
    ConditionForm form = config.conditionForm();
    return new SessionPlan(
        GatedGraph.of(stream, form), GatedGraph.withCaches(stream, form), config);
  }

  /**
   * Plans a session of a gated model in this form alone.
   *
   * @throws IllegalArgumentException if the graph was gated for another kind of device
   */
  static SessionPlan of(GatedGraph graph, SessionConfig config) {
    if (graph.conditionForm() != config.conditionForm()) {
      throw new IllegalArgumentException(
          "The graph's gates are of form "
              + graph.conditionForm()
              + " but "
              + config.device()
              + " needs "
              + config.conditionForm());
    }
    return new SessionPlan(graph, graph, config);
  }

  GatedGraph graph() {
    return graph;
  }

  /** The form with key-value caches as inputs and outputs, where it is known how they go on. */
  GatedGraph cachingGraph() {
    return cachingGraph;
  }

  SessionConfig config() {
    return config;
  }

  /** Number of batches that run at once. */
  int lanes() {
    return lanes;
  }

  Batching batching() {
    return batching;
  }

  /** Whether requests can be decoded with key-value caches. */
  boolean hasCaches() {
    return cachingGraph.cacheLayout().isPresent();
  }

  /** The way that masks are walked. */
  Traversal traversal(List<LayerMask> masks) {
    return config.sharing() ? Traversal.shared(masks) : Traversal.oneByOne(masks);
  }

  /** The way that vectors of factors are walked; at least one. */
  Traversal gateTraversal(List<ImmutableDoubleArray> gates) {
    return config.sharing() ? Traversal.sharedGates(gates) : Traversal.gatesOneByOne(gates);
  }

  /**
   * Layer-forwards that a decoder's requests take: all of log-likelihoods; of generations the
   * prompts, since what follows depends on the answers.
   */
  public PlannedWork cost(List<TokenRequest> requests, List<LayerMask> masks) {
    if (masks.isEmpty()) {
      return PlannedWork.NONE;
    }
    List<TokenRequest.Generate> distinct =
        TokenRequest.generations(requests).stream().distinct().toList();
    RequestPlan plan = RequestPlan.of(TokenRequest.scores(requests));
    return cost(
        tokensToRead(plan.sequences()) + tokensToPrompt(distinct),
        plan.tokens() + TokenRequest.tokens(distinct),
        traversal(masks).layerRuns(),
        masks);
  }

  /** Layer-forwards that an encoder's requests take. */
  public PlannedWork costOfPairs(List<TokenPair> pairs, List<LayerMask> masks) {
    long tokens = PairPlan.of(pairs).tokens();
    return masks.isEmpty()
        ? PlannedWork.NONE
        : cost(tokens, tokens, traversal(masks).layerRuns(), masks);
  }

  /**
   * Layer-forwards under masks.
   *
   * @param tokens tokens that are fed under one mask
   * @param naiveTokens the same if prompts shared no beginning
   * @param layerRuns layers that are run for all masks
   */
  static PlannedWork cost(long tokens, long naiveTokens, long layerRuns, List<LayerMask> masks) {
    return new PlannedWork(tokens * layerRuns, naiveTokens * Traversal.oneByOne(masks).layerRuns());
  }

  /**
   * Tokens that reading these sequences feeds under one mask: of all sequences, but for what they
   * begin with alike. A function of the sequences and the configuration, whatever fails to be
   * allocated.
   */
  long tokensToRead(List<Sequence> sequences) {
    return Group.tokens(batching.forReading(sequences, Shares.ALL));
  }

  /** The same of the prompts that decoding these requests feeds. */
  long tokensToPrompt(List<TokenRequest.Generate> requests) {
    return Group.tokens(batching.forGeneration(requests, Shares.ALL));
  }
}
