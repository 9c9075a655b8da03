package dev.tale.onnx.session;

import dev.tale.onnx.graph.CacheLayout;
import dev.tale.onnx.graph.GatedGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Cuts sequences into groups of batches for one model. A function of the sequences, the model, the
 * configuration and the number of sequences that a batch may have, so that the same call forms the
 * same batches.
 */
final class Batching {
  /** Logits and log-probabilities are in memory at once: 2 x 128 MiB. */
  private static final int MAX_LOGITS = 1 << 25;

  /** Keys and values that a group may come to, but for a single row: 1 GiB. */
  private static final long MAX_CACHE_BYTES = 1L << 30;

  /**
   * Padding that a batch may have: what would cost more is another batch, since a run costs about
   * as much beside its tokens. Measured on nano-llama.
   */
  private static final int MAX_PADDING = 64;

  private final GatedGraph graph;
  private final GatedGraph cachingGraph;
  private final SessionConfig config;
  private final int lanes;

  Batching(GatedGraph graph, GatedGraph cachingGraph, SessionConfig config, int lanes) {
    this.graph = graph;
    this.cachingGraph = cachingGraph;
    this.config = config;
    this.lanes = lanes;
  }

  /** Returns how many sequences a batch may have at most. */
  int mostSequences() {
    boolean hidesPadding = graph.hasHead() || graph.hasAttentionMask();
    return hidesPadding && !graph.batchSensitive() ? config.maxSequences() : 1;
  }

  /** Returns groups in which the head reads sequences. */
  List<Group> forReading(List<Sequence> sequences, int most) {
    return groups(sequences, most, this::fitsWithPrefix);
  }

  /** Returns groups whose hidden states are wanted. */
  List<Group> forEmbedding(List<Sequence> sequences, int most) {
    return Batch.of(sequences, smallEnough(most)).stream()
        .map(batch -> new Group(List.of(batch)))
        .toList();
  }

  /** Returns groups that are decoded to the end. */
  List<Group> forGeneration(List<TokenRequest.Generate> requests, int most) {
    return groups(RequestPlan.prompts(requests), most, batch -> fits(batch, requests));
  }

  private List<Group> groups(List<Sequence> sequences, int most, Batch.Limit limit) {
    List<Group> groups = new ArrayList<>();
    for (Batch alike : alike(sequences)) {
      Batch.Limit both = limit.and(smallEnough(most(alike, most)));
      groups.addAll(inGroups(alike.cut(both)));
    }
    return groups;
  }

  private List<Batch> alike(List<Sequence> sequences) {
    if (sequences.isEmpty()) {
      return List.of();
    }
    boolean share = config.sharing() && hasCaches() && !graph.batchSensitive();
    return share
        ? SharedBeginnings.find(sequences)
        : List.of(Batch.whole(sequences, IntStream.range(0, sequences.size()).boxed().toList()));
  }

  private boolean hasCaches() {
    return cachingGraph.cacheLayout().isPresent();
  }

  /**
   * Rows that follow a shared beginning are short, so there may be more of them; behind {@code
   * GroupQueryAttention}, which takes several tokens after others in one row only, there is one.
   */
  private int most(Batch alike, int most) {
    if (alike.prefix() == 0) {
      return most;
    }
    return cachingGraph.cacheLayout().equals(Optional.of(CacheLayout.BY_ROW))
        ? 1
        : Math.toIntExact((long) most * alike.length() / (alike.length() - alike.prefix()));
  }

  private Batch.Limit smallEnough(int sequences) {
    Batch.Limit limit = Batch.Limit.sequences(sequences).and(Batch.Limit.padding(MAX_PADDING));
    return graph.hasHead()
        ? limit.and(Batch.Limit.probes(Math.max(1, MAX_LOGITS / graph.vocabularySize())))
        : limit;
  }

  private boolean fitsWithPrefix(Batch batch) {
    return batch.prefix() == 0 || fits((long) batch.size() * batch.length());
  }

  /** Whether the caches of a batch may become so large, and its rows may be padded at all. */
  private boolean fits(Batch batch, List<TokenRequest.Generate> requests) {
    boolean equal = batch.get(0).length() == batch.length();
    return (equal || mayPadCaches(batch)) && fits(batch.size() * longest(batch, requests));
  }

  private static long longest(Batch batch, List<TokenRequest.Generate> requests) {
    return batch.members().stream()
        .map(requests::get)
        .mapToLong(request -> request.input().length() + request.maxNewTokens())
        .max()
        .orElse(0);
  }

  private boolean fits(long cachedTokens) {
    return cachedTokens <= MAX_CACHE_BYTES / Math.max(1, cachingGraph.cacheBytesPerToken());
  }

  /**
   * Whether positions and mask say where a row's tokens are. Padding between a shared beginning and
   * what follows it would move the window of a sliding attention.
   */
  private boolean mayPadCaches(Batch batch) {
    boolean ownPositions = graph.hasPositionIds() || Padding.of(cachingGraph) == Padding.RIGHT;
    return graph.hasAttentionMask() && ownPositions && batch.prefix() == 0;
  }

  /** Batches that share a beginning go together, but for each lane has some, and caches fit. */
  private List<Group> inGroups(List<Batch> batches) {
    if (batches.get(0).prefix() == 0) {
      return batches.stream().map(batch -> new Group(List.of(batch))).toList();
    }
    List<Group> groups = new ArrayList<>();
    int perLane = (batches.size() + lanes - 1) / lanes;
    List<Batch> some = new ArrayList<>();
    for (Batch batch : batches) {
      if (some.size() == perLane || !(some.isEmpty() || fits(cachedTokens(some, batch)))) {
        groups.add(new Group(List.copyOf(some)));
        some.clear();
      }
      some.add(batch);
    }
    groups.add(new Group(List.copyOf(some)));
    return groups;
  }

  private static long cachedTokens(List<Batch> some, Batch more) {
    return more.size() * (long) more.length()
        + some.stream().mapToLong(batch -> batch.size() * (long) batch.length()).sum();
  }
}
