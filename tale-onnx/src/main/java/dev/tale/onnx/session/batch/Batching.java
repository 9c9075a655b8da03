package dev.tale.onnx.session.batch;

import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.CacheLayout;
import dev.tale.onnx.session.batch.BatchSize.Shares;
import dev.tale.onnx.session.runtime.Padding;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Cuts sequences into groups of batches for one model. A function of the sequences, the model, the
 * configuration and the shares of the most that fit, so that the same call forms the same batches.
 */
public final class Batching {
  /** Logits and log-probabilities are in memory at once: 2 x 128 MiB. */
  private static final int MAX_LOGITS = 1 << 25;

  /** Keys and values that a group may come to, but for a single row: 1 GiB. */
  private static final long MAX_CACHE_BYTES = 1L << 30;

  /**
   * Padding that a batch may have: what would cost more is another batch, since a run costs about
   * as much beside its tokens. Measured on nano-llama.
   */
  private static final int MAX_PADDING = 64;

  /**
   * Rows that a lane decodes at least before others get some. Measured on 2 M parameters and 2
   * processors: 16 rows in one batch take as long as 32 in two.
   */
  private static final int LEAST_DECODED = 8;

  private final GatedGraph graph;
  private final GatedGraph cachingGraph;
  private final SessionConfig config;
  private final int lanes;
  private final BatchMemory memory;

  public Batching(GatedGraph graph, GatedGraph cachingGraph, SessionConfig config, int lanes) {
    this.graph = graph;
    this.cachingGraph = cachingGraph;
    this.config = config;
    this.lanes = lanes;
    this.memory = BatchMemory.of(graph, cachingGraph, config.batchBytes() / lanes);
  }

  /** Returns groups in which the head reads sequences. */
  public List<Group> forReading(List<Sequence> sequences, Shares shares) {
    PaddedBatch.Limit limit = padding().and(this::fitsWithPrefix);
    return alike(sequences).stream()
        .flatMap(batch -> groups(batch, most(batch), shares, limit).stream())
        .toList();
  }

  /** Returns groups whose hidden states are wanted. */
  public List<Group> forEmbedding(List<Sequence> sequences, Shares shares) {
    return sequences.isEmpty()
        ? List.of()
        : groups(whole(sequences), mostSequences(), shares, padding());
  }

  /**
   * Returns groups that are decoded to the end. Prompts that begin alike are run whole where that
   * costs less: where their rows cannot go on in one batch, every batch costs runs for each token.
   */
  public List<Group> forGeneration(List<TokenRequest.Generate> requests, Shares shares) {
    DecodingCost cost = new DecodingCost(requests);
    PaddedBatch.Limit limit = batch -> fitsDecoding(batch, cost);
    List<Group> groups = new ArrayList<>();
    List<Integer> rest = new ArrayList<>();
    int decoded = mostDecoded(requests.size());
    int whole = Math.min(mostSequences(), decoded);
    for (PaddedBatch alike : alike(RequestPlan.prompts(requests))) {
      List<Group> together = groups(alike, Math.min(most(alike), decoded), shares, limit);
      List<Group> apart = groups(alike.whole(), whole, shares, limit);
      if (alike.prefix() > 0 && cost.of(together) <= cost.of(apart)) {
        groups.addAll(together);
      } else {
        rest.addAll(alike.members());
      }
    }
    if (!rest.isEmpty()) {
      PaddedBatch all =
          PaddedBatch.whole(RequestPlan.prompts(requests), rest.stream().sorted().toList());
      groups.addAll(groups(all, whole, shares, limit));
    }
    return groups;
  }

  private List<Group> groups(
      PaddedBatch alike, int sequences, Shares shares, PaddedBatch.Limit limit) {
    Group.Most most = new Group.Most(sequences, mostCachedTokens());
    PaddedBatch.Limit small = PaddedBatch.Limit.sequences(shares.sequences(sequences));
    return inGroups(alike.cut(small.and(smallEnough()).and(limit)), most, shares);
  }

  private List<PaddedBatch> alike(List<Sequence> sequences) {
    if (sequences.isEmpty()) {
      return List.of();
    }
    boolean share = config.sharing() && hasCaches() && !graph.batchSensitive();
    return share ? SharedBeginnings.find(sequences) : List.of(whole(sequences));
  }

  private PaddedBatch whole(List<Sequence> sequences) {
    return PaddedBatch.whole(sequences, IntStream.range(0, sequences.size()).boxed().toList())
        .atLeast(graph.inputSizes().length());
  }

  private boolean hasCaches() {
    return cachingGraph.cacheLayout().isPresent();
  }

  /** Returns how many whole sequences a batch may have at most. */
  private int mostSequences() {
    boolean hidesPadding = graph.hasHead() || graph.hasAttentionMask();
    boolean several = !graph.inputSizes().singleRow() && !graph.batchSensitive();
    return hidesPadding && several ? config.maxSequences() : 1;
  }

  /**
   * Rows that follow a shared beginning are short, so there may be more of them; behind {@code
   * GroupQueryAttention}, which takes several tokens after others in one row only, there is one.
   */
  private int most(PaddedBatch alike) {
    if (alike.prefix() == 0) {
      return mostSequences();
    }
    boolean one =
        graph.inputSizes().singleRow()
            || cachingGraph.cacheLayout().equals(Optional.of(CacheLayout.BY_ROW));
    return one
        ? 1
        : Math.toIntExact(
            (long) mostSequences() * alike.length() / (alike.length() - alike.prefix()));
  }

  /** Returns how many rows of so many a batch may have, so that every lane decodes some. */
  private int mostDecoded(int rows) {
    int perLane = (rows + lanes - 1) / lanes;
    return lanes == 1 ? rows : Math.max(LEAST_DECODED, perLane);
  }

  private PaddedBatch.Limit smallEnough() {
    PaddedBatch.Limit limit = memory::fits;
    return graph.hasHead()
        ? limit.and(PaddedBatch.Limit.probes(Math.max(1, MAX_LOGITS / graph.vocabularySize())))
        : limit;
  }

  /** Where every row has the same length, there is as much padding in every batch. */
  private PaddedBatch.Limit padding() {
    return graph.inputSizes().length() > 0 ? batch -> true : PaddedBatch.Limit.padding(MAX_PADDING);
  }

  private boolean fitsWithPrefix(PaddedBatch batch) {
    return batch.prefix() == 0 || fits((long) batch.size() * batch.length());
  }

  /** Whether the caches of a batch may become so large, and its rows may be padded so much. */
  private boolean fitsDecoding(PaddedBatch batch, DecodingCost cost) {
    boolean equal = batch.get(0).length() == batch.length();
    return (equal || (mayPadCaches() && cost.isWorthPadding(batch)))
        && fits(cost.cachedTokens(batch));
  }

  private boolean fits(long cachedTokens) {
    return cachedTokens <= mostCachedTokens();
  }

  private long mostCachedTokens() {
    return Math.max(1, MAX_CACHE_BYTES / Math.max(1, cachingGraph.cacheBytesPerToken()));
  }

  /** Whether positions and mask say where a row's tokens are. */
  private boolean mayPadCaches() {
    boolean ownPositions = graph.hasPositionIds() || Padding.of(cachingGraph) == Padding.RIGHT;
    return graph.hasAttentionMask() && ownPositions;
  }

  /** Batches that share a beginning go together, but for each lane has some, and caches fit. */
  private List<Group> inGroups(List<PaddedBatch> batches, Group.Most most, Shares shares) {
    if (batches.get(0).prefix() == 0) {
      return batches.stream().map(batch -> new Group(List.of(batch), most)).toList();
    }
    List<Group> groups = new ArrayList<>();
    int perLane = (batches.size() + lanes - 1) / lanes;
    long cachedTokens = shares.cachedTokens(most.cachedTokens());
    List<PaddedBatch> some = new ArrayList<>();
    for (PaddedBatch batch : batches) {
      some.add(batch);
      boolean fits = new Group(some, most).cachedTokens() <= cachedTokens;
      if (some.size() > 1 && (some.size() > perLane || !fits)) {
        groups.add(new Group(List.copyOf(some.subList(0, some.size() - 1)), most));
        some = new ArrayList<>(List.of(batch));
      }
    }
    groups.add(new Group(List.copyOf(some), most));
    return groups;
  }
}
