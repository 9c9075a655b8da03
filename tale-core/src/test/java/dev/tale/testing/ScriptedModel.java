package dev.tale.testing;

import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.LatencyMeter;
import dev.tale.model.LayerInfo;
import dev.tale.model.LayerInfo.Part;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelExporter;
import dev.tale.model.ModelInfo;
import dev.tale.model.PlannedWork;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.RunStatistics;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.task.Task;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A model without weights: a {@link Script} decides which rows of its tasks it has right. It counts
 * the calls and can be told to fail. It knows a row by its requests, as a real model would, so that
 * a slice of its tasks, in any order, is answered alike. Not safe for use by several threads.
 */
public final class ScriptedModel implements LayeredModel {
  private final ModelInfo info;
  private final Script script;
  private final Map<Request, ScriptedAnswer> answers = new HashMap<>();
  private Predicate<LayerMask> notANumber = mask -> false;
  private @Nullable ModelExporter exporter;
  private @Nullable LatencyMeter meter;
  private @Nullable RuntimeException failure;
  private int failingCall;
  private int calls;
  private int bulkCalls;
  private int lookAhead;
  private long answered;
  private boolean closed;
  private boolean counting;

  private ScriptedModel(ModelInfo info, Script script) {
    this.info = info;
    this.script = script;
  }

  /**
   * Returns a model that is called "scripted".
   *
   * @param tasks tasks that the model can answer; the script counts their rows through
   * @throws IllegalArgumentException if two rows ask the same and have different answers, or there
   *     is no response that the task's metric takes for right
   */
  public static ScriptedModel of(int layers, Script script, Task... tasks) {
    return named("scripted", layers, script, tasks);
  }

  /**
   * Returns a model whose content hash depends on its name and its number of layers.
   *
   * @throws IllegalArgumentException as {@link #of} does
   */
  public static ScriptedModel named(String name, int layers, Script script, Task... tasks) {
    return of(info(name, layers, ScriptedModel::whole), script, tasks);
  }

  /**
   * Returns a model whose masks remove the attention and the feed-forward parts of its layers; its
   * content hash is that of {@link #of} with as many layers as this has parts.
   *
   * @throws IllegalArgumentException as {@link #of} does
   */
  public static ScriptedModel ofParts(int layers, Script script, Task... tasks) {
    return of(info("scripted", 2 * layers, ScriptedModel::part), script, tasks);
  }

  private static ScriptedModel of(ModelInfo info, Script script, Task... tasks) {
    ScriptedModel model = new ScriptedModel(info, script);
    int row = 0;
    for (Task task : tasks) {
      for (int i = 0; i < task.size(); i++) {
        model.learn(task, i, row++);
      }
    }
    return model;
  }

  private static LayerInfo whole(int index) {
    return new LayerInfo(index, Part.WHOLE, index, "layer " + index, 100, 400);
  }

  private static LayerInfo part(int index) {
    Part part = index % 2 == 0 ? Part.ATTENTION : Part.FEED_FORWARD;
    return new LayerInfo(index, part, index / 2, "part " + index, 50, 200);
  }

  private static ModelInfo info(String name, int layers, IntFunction<LayerInfo> layer) {
    List<LayerInfo> all = IntStream.range(0, layers).mapToObj(layer).toList();
    byte[] identity = (name + "/" + layers).getBytes(StandardCharsets.UTF_8);
    return new ModelInfo(
        name, UUID.nameUUIDFromBytes(identity).toString(), all, Integer.MAX_VALUE, "script");
  }

  private void learn(Task task, int row, int scriptRow) {
    ScriptedAnswer.of(task, row, scriptRow)
        .forEach(
            (request, answer) -> {
              ScriptedAnswer earlier = answers.putIfAbsent(request, answer);
              if (earlier != null && !earlier.agreesWith(answer)) {
                throw new IllegalArgumentException(
                    "Task "
                        + task.name()
                        + ", "
                        + task.rowName(row)
                        + " asks what row "
                        + earlier.row()
                        + " asks, but has another answer; leave one of them out: "
                        + request);
              }
            });
  }

  /** Makes the model answer NaN under some masks. */
  public ScriptedModel notANumberUnder(Predicate<LayerMask> masks) {
    notANumber = masks;
    return this;
  }

  /**
   * Makes the model count, for each of its calls, a run, four tokens, one padding place, a thousand
   * bytes in and ten out.
   */
  public ScriptedModel countingRuns() {
    counting = true;
    return this;
  }

  /** Makes the model ask to be asked ahead. */
  public ScriptedModel lookingAhead(int batches) {
    lookAhead = batches;
    return this;
  }

  /** Gives the model an exporter. */
  public ScriptedModel exportingWith(ModelExporter newExporter) {
    exporter = newExporter;
    return this;
  }

  /** Gives the model a latency meter. */
  public ScriptedModel measuredBy(LatencyMeter newMeter) {
    meter = newMeter;
    return this;
  }

  /**
   * Makes {@link #answer} throw at one batch instead of answering it; later ones are answered
   * again.
   *
   * @param call the batch, counted from 1 and from the creation of the model
   */
  public ScriptedModel failingAt(int call, RuntimeException newFailure) {
    failingCall = call;
    failure = newFailure;
    return this;
  }

  /**
   * Makes {@link #answer} interrupt the calling thread at one batch, and so throw
   * CancellationException.
   *
   * @param call the batch, counted from 1 and from the creation of the model
   */
  public ScriptedModel interruptedAt(int call) {
    failingCall = call;
    failure = null;
    return this;
  }

  /** Number of batches asked of {@link #answer}, failed ones included. */
  public int calls() {
    return calls;
  }

  /** Number of calls of {@link #answer}. */
  public int bulkCalls() {
    return bulkCalls;
  }

  @Override
  public int lookAhead() {
    return lookAhead;
  }

  /** Returns how many responses were given: requests times masks over all calls. */
  public long answered() {
    return answered;
  }

  /** Returns whether the model is closed. */
  public boolean closed() {
    return closed;
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public void check(List<Request> requests) {
    for (int i = 0; i < requests.size(); i++) {
      if (!answers.containsKey(requests.get(i))) {
        throw new UnanswerableRequestException(
            i, "not asked by any task of the script: " + requests.get(i));
      }
    }
  }

  @Override
  public void answer(List<Batch> batches, Consumer<Answer> answers) {
    bulkCalls++;
    for (Batch batch : batches) {
      answers.accept(Answer.of(batch, answers(batch.requests(), batch.masks()), cost(batch)));
    }
  }

  private List<List<Response>> answers(List<Request> requests, List<LayerMask> masks) {
    calls++;
    requireOpen();
    check(requests);
    masks.forEach(mask -> mask.requireLayers(info.layerCount()));
    fail();
    answered += (long) requests.size() * masks.size();
    return masks.stream().map(mask -> respond(requests, mask)).toList();
  }

  private List<Response> respond(List<Request> requests, LayerMask mask) {
    boolean broken = notANumber.test(mask);
    return requests.stream().map(request -> respond(request, mask, broken)).toList();
  }

  private Response respond(Request request, LayerMask mask, boolean broken) {
    ScriptedAnswer answer = answer(request);
    if (broken) {
      return answer.notANumber();
    }
    return script.correct(mask, answer.row()) ? answer.right() : answer.wrong();
  }

  private ScriptedAnswer answer(Request request) {
    ScriptedAnswer answer = answers.get(request);
    if (answer == null) {
      throw new AssertionError("Not checked: " + request);
    }
    return answer;
  }

  private void fail() {
    if (calls == failingCall) {
      if (failure != null) {
        throw failure;
      }
      Thread.currentThread().interrupt();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("Interrupted at call " + calls);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("Model " + info.name() + " is closed; open another one");
    }
  }

  /** A token is a character; masks share the layers up to the first on which they differ. */
  @Override
  public PlannedWork cost(Batch batch) {
    List<LayerMask> masks = batch.masks();
    masks.forEach(mask -> mask.requireLayers(info.layerCount()));
    Set<List<Integer>> runs = new HashSet<>();
    for (LayerMask mask : masks) {
      List<Integer> kept = mask.kept();
      IntStream.rangeClosed(1, kept.size()).forEach(n -> runs.add(List.copyOf(kept.subList(0, n))));
    }
    long tokens = batch.requests().stream().mapToLong(ScriptedModel::tokens).sum();
    return new PlannedWork(
        runs.size() * tokens, tokens * masks.stream().mapToLong(m -> m.kept().size()).sum());
  }

  private static int tokens(Request request) {
    if (request instanceof Request.LogLikelihood scored) {
      return length(scored.prompt()) + scored.continuation().length();
    }
    return request instanceof Request.Similarity similarity
        ? similarity.text().length() + similarity.other().length()
        : length(((Request.Generation) request).prompt());
  }

  private static int length(Prompt prompt) {
    return prompt instanceof Prompt.Chat chat
        ? chat.messages().stream().mapToInt(message -> message.content().length()).sum()
            + chat.answerStart().length()
        : ((Prompt.Text) prompt).text().length();
  }

  @Override
  public Optional<RunStatistics> runStatistics() {
    return counting
        ? Optional.of(
            new RunStatistics(
                calls,
                calls,
                4L * calls,
                calls,
                1000L * calls,
                10L * calls,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofMillis(calls),
                Duration.ZERO))
        : Optional.empty();
  }

  @Override
  public Optional<ModelExporter> exporter() {
    return Optional.ofNullable(exporter);
  }

  @Override
  public Optional<LatencyMeter> latencyMeter() {
    return Optional.ofNullable(meter);
  }

  @Override
  public void close() {
    closed = true;
  }
}
