package dev.tale.onnx.session;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatch;
import dev.tale.model.LinearPatches.StateSink;
import dev.tale.model.ModelOutputException;
import dev.tale.model.RunStatistics;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.ResidualStream;
import dev.tale.onnx.session.batch.BatchSize;
import dev.tale.onnx.session.batch.BatchSize.Shares;
import dev.tale.onnx.session.batch.Group;
import dev.tale.onnx.session.batch.PaddedBatch;
import dev.tale.onnx.session.batch.Probe;
import dev.tale.onnx.session.batch.RequestPlan;
import dev.tale.onnx.session.batch.Rows;
import dev.tale.onnx.session.batch.Sequence;
import dev.tale.onnx.session.batch.SharedBeginnings;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.decode.Draft;
import dev.tale.onnx.session.decode.DraftRules;
import dev.tale.onnx.session.decode.Drafts;
import dev.tale.onnx.session.decode.GenerationRunner;
import dev.tale.onnx.session.runtime.KeyValues;
import dev.tale.onnx.session.runtime.Loaded;
import dev.tale.onnx.session.runtime.LoadedForm;
import dev.tale.onnx.session.runtime.Padding;
import dev.tale.onnx.session.runtime.RunCounter;
import dev.tale.onnx.session.runtime.Runs;
import dev.tale.onnx.session.runtime.RuntimeFailure;
import dev.tale.onnx.session.runtime.SessionConfig;
import dev.tale.onnx.session.runtime.Tuning;
import dev.tale.onnx.session.walk.BatchRunner;
import dev.tale.onnx.session.walk.Embeddings;
import dev.tale.onnx.session.walk.FinishingRunner;
import dev.tale.onnx.session.walk.GroupRunner;
import dev.tale.onnx.session.walk.Lanes;
import dev.tale.onnx.session.walk.PartRunner;
import dev.tale.onnx.session.walk.Pooling;
import dev.tale.onnx.session.walk.Readings;
import dev.tale.onnx.session.walk.Runners;
import dev.tale.onnx.session.walk.Traversal;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.IntStream;

/**
 * One model of which every subset of layers can be run. Owns the native session; for one calling
 * thread at a time.
 *
 * <p>Implementation note: sequences that begin alike are grouped, see {@link SharedBeginnings},
 * sorted by length and run in batches; a batch is taken through all masks before the next one
 * begins, so that its hidden states are all that is kept. Of a small model several batches run at
 * once, see {@link Lanes}. Whenever the runtime cannot allocate memory, the batch is halved, and so
 * are those of later calls, see {@link BatchSize}.
 *
 * <p>The graph has two forms, of which one is loaded. The runtime computes every output of a graph,
 * asked for or not, and frees none of them before the run ends; with the caches as outputs, reading
 * log-likelihoods gives the same bits in the same time, but holds the keys and values of all layers
 * that run: for 8 B parameters in float32, 256 KiB for each token of the batch. So the form with
 * caches is loaded, in place of the other, when something is to be generated or prompts begin alike
 * for the first time, and stays; two sessions at once would hold the weights twice, see {@link
 * LoadedForm}. If it cannot be loaded, that call fails, and later ones load what they need.
 */
public final class GatedSession implements AutoCloseable {
  private final SessionPlan plan;
  private final GatedGraph graph;
  private final RunCounter counter;
  private final BatchSize batchSize = new BatchSize();
  private final LoadedForm form;

  private GatedSession(SessionPlan plan, RunCounter counter, Tuning tuning) {
    this.plan = plan;
    this.counter = counter;
    this.graph = plan.graph();
    this.form =
        new LoadedForm(
            graph, plan.cachingGraph(), each -> Loaded.of(each, plan.config(), counter, tuning));
  }

  /**
   * A session of what was planned, to be loaded by {@link #load} or by whatever is asked first.
   *
   * @param counter told of every run
   */
  public static GatedSession of(SessionPlan plan, RunCounter counter) {
    return new GatedSession(plan, counter, Tuning.NONE);
  }

  /**
   * Loads a model, to be gated in the form that the device needs.
   *
   * @throws UnsupportedModelException if the model cannot be gated, the device is not there or ONNX
   *     Runtime refuses the model
   */
  public static GatedSession open(ResidualStream stream, SessionConfig config) {
    return open(stream, config, Tuning.NONE);
  }

  /** Loads a model as {@link #open(ResidualStream, SessionConfig)} does, tuned, for tests. */
  public static GatedSession open(ResidualStream stream, SessionConfig config, Tuning tuning) {
    return new GatedSession(SessionPlan.of(stream, config), new RunCounter(), tuning).load();
  }

  /**
   * Loads a gated model, in this form alone: without caches, whatever is generated is computed anew
   * for each token.
   *
   * @throws UnsupportedModelException if the device is not there or ONNX Runtime refuses the model
   * @throws IllegalArgumentException if the graph was gated for another kind of device
   */
  public static GatedSession open(GatedGraph graph, SessionConfig config) {
    return of(SessionPlan.of(graph, config), new RunCounter()).load();
  }

  /**
   * Loads the model, unless it is loaded. Takes ONNX Runtime 25 ms for each layer of a small model,
   * and a large one the time to read its weights.
   *
   * @return this
   * @throws UnsupportedModelException if the device is not there or ONNX Runtime refuses the model
   * @throws IllegalStateException if the session is closed
   */
  public GatedSession load() {
    form.get();
    return this;
  }

  /** The session before its weights were loaded. */
  public SessionPlan plan() {
    return plan;
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
   * The model's output at some positions of one sequence under a mask: all logits, or the last
   * hidden state where there is no head.
   *
   * @return rows by position as given
   * @throws ModelOutputException if the runtime fails
   * @throws IllegalStateException if the session is closed
   */
  public List<float[]> output(ImmutableLongArray tokens, List<Integer> positions, LayerMask mask) {
    return output(tokens, positions, mask, List.of());
  }

  /**
   * The same with maps in the place of spans of the removed layers.
   *
   * @param patches by ascending layers
   * @throws ModelOutputException if the runtime fails
   * @throws IllegalStateException if the session is closed
   */
  List<float[]> output(
      ImmutableLongArray tokens,
      List<Integer> positions,
      LayerMask mask,
      List<LinearPatch> patches) {
    List<Probe> probes =
        positions.stream().map(at -> new Probe(at, RequestPlan.ANY_TOKEN)).toList();
    PaddedBatch batch =
        PaddedBatch.whole(List.of(new Sequence(tokens, probes)), List.of(0))
            .atLeast(graph.inputSizes().length());
    try (BatchRunner runner = BatchRunner.of(form.get(), batch, Padding.RIGHT);
        PatchedBody body = PatchedBody.run(runner, mask, patches)) {
      return graph.hasHead()
          ? new Rows(runner.logits(body.state(), body.rest()), graph.vocabularySize()).all()
          : new Rows(runner.hidden(body.state(), body.rest(), KeyValues.none()), graph.hiddenSize())
              .at(positions);
    } catch (RuntimeFailure e) {
      throw failed(batch.size(), batch.length(), e);
    }
  }

  /**
   * Reads all sequences under all masks of a traversal.
   *
   * @throws ModelOutputException if the runtime fails
   * @throws UnsupportedModelException if the form that this needs cannot be loaded
   * @throws CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  Readings read(List<Sequence> sequences, int masks, Traversal traversal) {
    Shares shares = batchSize.now();
    List<Group> groups = groupsToRead(sequences, shares);
    long tokens = shares.equals(Shares.ALL) ? Group.tokens(groups) : plan.tokensToRead(sequences);
    Readings readings = new Readings(masks, sequences.size(), tokens);
    walk(
        groups,
        Padding.RIGHT,
        traversal,
        (runner, batch) -> FinishingRunner.head(runner),
        readings::put);
    return readings;
  }

  private List<Group> groupsToRead(List<Sequence> sequences, Shares shares) {
    List<Group> groups = plan.batching().forReading(sequences, shares);
    if (groups.stream().anyMatch(group -> group.prefix() > 0)) {
      form.withCaches();
    }
    return groups;
  }

  /**
   * Reads the hidden states at the first probe of all sequences of a decoder, at every boundary.
   *
   * @return states by sequence, boundary and component
   * @throws ModelOutputException if the runtime fails
   * @throws UnsupportedModelException if the form that this needs cannot be loaded
   * @throws CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  float[][][] states(List<Sequence> sequences, LayerMask mask) {
    float[][][] states = new float[sequences.size()][mask.layers() + 1][];
    walk(
        groupsToRead(sequences, batchSize.now()),
        Padding.RIGHT,
        Traversal.everyBoundary(mask),
        (runner, batch) -> FinishingRunner.states(runner, batch, graph.hiddenSize()),
        (boundary, batch, output) -> {
          for (int member = 0; member < batch.size(); member++) {
            states[batch.members().get(member)][boundary] = output[member];
          }
        });
    return states;
  }

  /**
   * Reads the hidden states of all sequences of a decoder at every token, at some boundaries, batch
   * after batch: in the same order for the same sequences, unless memory runs out.
   *
   * @param boundaries ascending, at least one
   * @param sink takes a sequence's states by boundary as given, each [tokens, width]
   * @throws ModelOutputException if the runtime fails
   * @throws CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  void everyState(
      List<Sequence> sequences, LayerMask mask, List<Integer> boundaries, StateSink sink) {
    for (Group group : plan.batching().forEmbedding(sequences, batchSize.now())) {
      walk(
          List.of(group),
          Padding.RIGHT,
          Traversal.atBoundaries(mask, boundaries),
          (runner, batch) -> FinishingRunner.everyState(runner, batch, graph.hiddenSize()),
          new StatesOfBatch(boundaries.size(), sink)::put);
    }
  }

  /** Returns the number of components of a hidden state. */
  int hiddenSize() {
    return graph.hiddenSize();
  }

  /**
   * Embeds all sequences under all masks of a traversal.
   *
   * @throws ModelOutputException if the runtime fails
   * @throws UnsupportedModelException if the form that this needs cannot be loaded
   * @throws CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  Embeddings embed(List<Sequence> sequences, int masks, Traversal traversal, Pooling pooling) {
    Embeddings embeddings = new Embeddings(masks, sequences.size());
    walk(
        plan.batching().forEmbedding(sequences, batchSize.now()),
        Padding.RIGHT,
        traversal,
        (runner, batch) -> FinishingRunner.embeddings(runner, batch, pooling, graph.hiddenSize()),
        embeddings::put);
    return embeddings;
  }

  /**
   * Decodes greedily under all masks of a traversal, with key-value caches.
   *
   * @throws ModelOutputException if the runtime fails
   * @throws UnsupportedModelException if the form that this needs cannot be loaded
   * @throws CancellationException if the thread is interrupted
   * @throws IllegalStateException if the session is closed
   */
  Drafts generate(
      List<TokenRequest.Generate> requests, int masks, Traversal traversal, DraftRules rules) {
    form.withCaches();
    Shares shares = batchSize.now();
    List<Group> groups = plan.batching().forGeneration(requests, shares);
    Draft[][] drafts = new Draft[masks][requests.size()];
    walk(
        groups,
        Padding.of(plan.cachingGraph()),
        traversal,
        (runner, batch) -> new GenerationRunner(runner, batch, requests, rules),
        (mask, batch, answers) -> {
          for (int member = 0; member < batch.size(); member++) {
            drafts[mask][batch.members().get(member)] = answers.get(member);
          }
        });
    long tokens = shares.equals(Shares.ALL) ? Group.tokens(groups) : plan.tokensToPrompt(requests);
    return new Drafts(Arrays.stream(drafts).map(List::of).toList(), tokens);
  }

  /** Loads the form with caches, which is otherwise loaded when it is needed first. */
  void loadCaches() {
    form.withCaches();
  }

  private <O> void walk(
      List<Group> all, Padding padding, Traversal traversal, Part<O> part, Answered<O> answered) {
    Loaded loaded = form.get();
    Deque<Group> groups = new ConcurrentLinkedDeque<>(all);
    Lanes.work(
        Math.min(plan.lanes(), all.size()),
        () -> {
          for (Group next = groups.pollFirst(); next != null; next = groups.pollFirst()) {
            walk(loaded, next, padding, traversal, part, answered).forEach(groups::addFirst);
          }
        });
  }

  /**
   * Returns the halves to try instead, if the group was too large. What follows a shared beginning
   * is padded behind, see {@link GenerationRunner}.
   */
  private <O> List<Group> walk(
      Loaded loaded,
      Group group,
      Padding padding,
      Traversal traversal,
      Part<O> part,
      Answered<O> answered) {
    Padding side = group.prefix() > 0 ? Padding.RIGHT : padding;
    try (Runners runners = Runners.of(loaded, group, side)) {
      List<PartRunner<O>> parts =
          IntStream.range(0, group.batches().size())
              .mapToObj(i -> part.of(runners.of(i), group.batches().get(i)))
              .toList();
      traversal.run(
          new GroupRunner<O>(runners.beginning(), parts),
          (mask, outputs) -> {
            for (int i = 0; i < outputs.size(); i++) {
              answered.put(mask, group.batches().get(i), outputs.get(i));
            }
          });
      batchSize.succeeded();
      return List.of();
    } catch (RuntimeFailure e) {
      if (!e.outOfMemory() || !group.isDivisible()) {
        throw failed(group.size(), group.length(), e);
      }
      batchSize.failed(group);
      return group.halves();
    }
  }

  private static ModelOutputException failed(int sequences, int length, RuntimeFailure failure) {
    String remedy =
        failure.outOfMemory()
            ? "; use shorter prompts, a smaller model or a device with more memory"
            : "; check that this ONNX Runtime runs the original model on such input";
    ModelOutputException exception =
        new ModelOutputException(
            "ONNX Runtime failed on "
                + sequences
                + " sequences of at most "
                + length
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
    return plan.hasCaches();
  }

  /** The counts of the runs so far. */
  public RunStatistics statistics() {
    return counter.statistics();
  }

  /** The loaded form, for tests. */
  Loaded loaded() {
    return form.get();
  }

  /** The runs' counter, for tests. */
  public Runs runs() {
    return form.get().runs();
  }

  /** Frees the session. Closing twice has no effect. */
  @Override
  public void close() {
    form.close();
  }

  /** Makes what runs a batch to its answers. */
  @FunctionalInterface
  private interface Part<O> {
    PartRunner<O> of(BatchRunner runner, PaddedBatch batch);
  }

  /**
   * Takes the answers of a batch under a mask; once more, if its group is tried again in halves.
   */
  @FunctionalInterface
  private interface Answered<O> {
    void put(int mask, PaddedBatch batch, O output);
  }
}
