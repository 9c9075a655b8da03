package dev.tale.onnx.session;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelOutputException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.graph.ConditionForm;
import dev.tale.onnx.graph.GatedGraph;
import dev.tale.onnx.graph.ResidualStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * One loaded model of which every subset of layers can be run. Owns the native session; for one
 * thread at a time.
 *
 * <p>Implementation note: sequences are sorted by length and run in batches; a batch is taken
 * through all masks before the next one begins, so that its hidden states are all that is kept.
 * Whenever the runtime cannot allocate memory, the batch is halved, and so are all that follow.
 *
 * <p>The graph has two forms, of which one is loaded. The runtime computes every output of a graph,
 * asked for or not, and frees none of them before the run ends; with the caches as outputs, reading
 * log-likelihoods gives the same bits in the same time, but holds the keys and values of all layers
 * that run: for 8 B parameters in float32, 256 KiB for each token of the batch. So the form with
 * caches is loaded, in place of the other, when something is to be generated for the first time;
 * two sessions at once would hold the weights twice.
 */
public final class GatedSession implements AutoCloseable {
  /** Logits and log-probabilities are in memory at once: 2 x 128 MiB. */
  private static final int MAX_LOGITS = 1 << 25;

  /** Keys and values that a batch may come to, but for a single row: 1 GiB. */
  private static final long MAX_CACHE_BYTES = 1L << 30;

  private final GatedGraph graph;
  private final GatedGraph cachingGraph;
  private final SessionConfig config;
  private Loaded loaded;
  private int maxSequences;
  private boolean closed;

  private GatedSession(GatedGraph graph, GatedGraph cachingGraph, SessionConfig config) {
    this.graph = graph;
    this.cachingGraph = cachingGraph;
    this.config = config;
    this.maxSequences = mayPad(graph) ? config.maxSequences() : 1;
    this.loaded = Loaded.of(graph, config);
  }

  /**
   * Loads a model, to be gated in the form that the device needs.
   *
   * @throws UnsupportedModelException if the model cannot be gated, the device is not there or ONNX
   *     Runtime refuses the model
   */
  public static GatedSession open(ResidualStream stream, SessionConfig config) {
    ConditionForm form = config.conditionForm();
    return new GatedSession(
        GatedGraph.of(stream, form), GatedGraph.withCaches(stream, form), config);
  }

  /**
   * Loads a gated model, in this form alone: without caches, whatever is generated is computed anew
   * for each token.
   *
   * @throws UnsupportedModelException if the device is not there or ONNX Runtime refuses the model
   * @throws IllegalArgumentException if the graph was gated for another kind of device
   */
  public static GatedSession open(GatedGraph graph, SessionConfig config) {
    if (graph.conditionForm() != config.conditionForm()) {
      throw new IllegalArgumentException(
          "The graph's gates are of form "
              + graph.conditionForm()
              + " but "
              + config.device()
              + " needs "
              + config.conditionForm());
    }
    return new GatedSession(graph, graph, config);
  }

  /** Whether what stands beside a sequence or after it, masked, leaves its answer as it is. */
  private static boolean mayPad(GatedGraph graph) {
    boolean hidesPadding = graph.hasHead() || graph.hasAttentionMask();
    return hidesPadding && !graph.batchSensitive();
  }

  /** Returns the number of layers that a mask must have. */
  public int layerCount() {
    return graph.layerCount();
  }

  /** Returns whether the model has a head, and so logits. */
  public boolean hasHead() {
    return graph.hasHead();
  }

  /**
   * Returns what the model computes at some positions of one sequence under a mask: all logits, or
   * the last hidden state where there is no head.
   *
   * @return rows by position as given
   * @throws ModelOutputException if the runtime fails
   * @throws IllegalStateException if the session is closed
   */
  public List<float[]> output(ImmutableLongArray tokens, List<Integer> positions, LayerMask mask) {
    checkOpen();
    List<Probe> probes =
        positions.stream().map(at -> new Probe(at, RequestPlan.ANY_TOKEN)).toList();
    Batch batch = new Batch(List.of(new Sequence(tokens, probes)), List.of(0));
    try (BatchRunner runner = runner(batch, Padding.RIGHT)) {
      return graph.hasHead()
          ? new Rows(runner.logits(mask.kept()), graph.vocabularySize()).all()
          : new Rows(runner.hidden(Hidden.START, mask.kept()), graph.hiddenSize()).at(positions);
    } catch (RuntimeFailure e) {
      throw failed(batch, e);
    }
  }

  /**
   * Reads all sequences under all masks of a traversal.
   *
   * @throws ModelOutputException if the runtime fails
   * @throws CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  Readings read(List<Sequence> sequences, int masks, Traversal traversal) {
    Readings readings = new Readings(masks, sequences.size());
    inBatches(
        Batch.of(sequences, smallEnough()),
        Padding.RIGHT,
        (runner, batch) ->
            traversal.run(
                new HeadRunner(runner), (mask, output) -> readings.put(mask, batch, output)));
    return readings;
  }

  /**
   * Embeds all sequences under all masks of a traversal.
   *
   * @throws ModelOutputException if the runtime fails
   * @throws CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  Embeddings embed(List<Sequence> sequences, int masks, Traversal traversal, Pooling pooling) {
    Embeddings embeddings = new Embeddings(masks, sequences.size());
    inBatches(
        Batch.of(sequences, smallEnough()),
        Padding.RIGHT,
        (runner, batch) ->
            traversal.run(
                new EmbeddingRunner(runner, batch, pooling, graph.hiddenSize()),
                (mask, output) -> embeddings.put(mask, batch, output)));
    return embeddings;
  }

  /**
   * Decodes greedily under all masks of a traversal, with key-value caches.
   *
   * @return finished drafts by mask, then by request
   * @throws ModelOutputException if the runtime fails
   * @throws CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  Draft[][] generate(
      List<TokenRequest.Generate> requests, int masks, Traversal traversal, DraftRules rules) {
    loadCaches();
    Draft[][] drafts = new Draft[masks][requests.size()];
    List<Sequence> prompts = RequestPlan.prompts(requests);
    Batch.Limit limit = smallEnough().and(batch -> fits(batch, requests));
    inBatches(
        Batch.of(prompts, limit),
        Padding.of(cachingGraph),
        (runner, batch) ->
            traversal.run(
                new GenerationRunner(loaded, runner, batch, requests, rules),
                (mask, answers) -> {
                  for (int member = 0; member < batch.size(); member++) {
                    drafts[mask][batch.members().get(member)] = answers.get(member);
                  }
                }));
    return drafts;
  }

  /** Replaces the form that is loaded, which must be gone first: the weights are in both. */
  private void loadCaches() {
    checkOpen();
    if (loaded.graph() != cachingGraph) {
      close();
      loaded = Loaded.of(cachingGraph, config);
      closed = false;
    }
  }

  /** Whether the caches of a batch may become so large, and its rows may be padded at all. */
  private boolean fits(Batch batch, List<TokenRequest.Generate> requests) {
    long longest =
        batch.members().stream()
            .map(requests::get)
            .mapToLong(request -> request.input().length() + request.maxNewTokens())
            .max()
            .orElse(0);
    boolean equal = batch.get(0).length() == batch.length();
    return (equal || mayPadCaches())
        && longest * batch.size() <= MAX_CACHE_BYTES / cachingGraph.cacheBytesPerToken();
  }

  /** Whether positions and mask say where a row's tokens are. */
  private boolean mayPadCaches() {
    boolean ownPositions = graph.hasPositionIds() || Padding.of(cachingGraph) == Padding.RIGHT;
    return graph.hasAttentionMask() && ownPositions;
  }

  private Batch.Limit smallEnough() {
    Batch.Limit limit = Batch.Limit.sequences(maxSequences);
    return graph.hasHead()
        ? limit.and(Batch.Limit.probes(Math.max(1, MAX_LOGITS / graph.vocabularySize())))
        : limit;
  }

  private BatchRunner runner(Batch batch, Padding padding) {
    return new BatchRunner(loaded.gates(), loaded.runs(), Feeds.of(loaded.graph(), batch, padding));
  }

  private void inBatches(List<Batch> all, Padding padding, BatchTask task) {
    checkOpen();
    Deque<Batch> batches = new ArrayDeque<>(all);
    while (!batches.isEmpty()) {
      Batch batch = batches.removeFirst();
      try (BatchRunner runner = runner(batch, padding)) {
        task.run(runner, batch);
      } catch (RuntimeFailure e) {
        halve(batch, e).forEach(batches::addFirst);
      }
    }
  }

  /** Returns the halves to try instead, if that may help. */
  private List<Batch> halve(Batch batch, RuntimeFailure failure) {
    if (!failure.outOfMemory() || batch.size() == 1) {
      throw failed(batch, failure);
    }
    maxSequences = Math.min(maxSequences, (batch.size() + 1) / 2);
    return batch.halves();
  }

  private static ModelOutputException failed(Batch batch, RuntimeFailure failure) {
    String remedy =
        failure.outOfMemory()
            ? "; use shorter prompts, a smaller model or a device with more memory"
            : "; check that this ONNX Runtime runs the original model on such input";
    ModelOutputException exception =
        new ModelOutputException(
            "ONNX Runtime failed on "
                + batch.size()
                + " sequences of at most "
                + batch.length()
                + " tokens: "
                + failure.getMessage()
                + remedy);
    exception.initCause(failure);
    return exception;
  }

  /** Returns the number of logits per position, 0 without a head. */
  int vocabularySize() {
    return graph.vocabularySize();
  }

  /** Returns whether {@link #generate} may be called. */
  boolean hasCaches() {
    return cachingGraph.cacheLayout().isPresent();
  }

  /** Returns what was run so far, for tests. */
  Runs runs() {
    return loaded.runs();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("The model is closed; open it again");
    }
  }

  /** Frees the session. Closing twice has no effect. */
  @Override
  public void close() {
    closed = true;
    loaded.close();
  }

  /** What is done with a batch; once more, from the beginning, on its halves. */
  @FunctionalInterface
  private interface BatchTask {
    void run(BatchRunner runner, Batch batch);
  }
}
