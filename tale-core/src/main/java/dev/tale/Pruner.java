package dev.tale;

import dev.tale.answers.AnswerFloor;
import dev.tale.evaluate.Guard;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.journal.Journal;
import dev.tale.model.LayeredModel;
import dev.tale.model.Timing;
import dev.tale.policy.Floor;
import dev.tale.policy.TradeOff;
import dev.tale.report.Difference;
import dev.tale.report.WrittenResult;
import dev.tale.search.SearchStrategy;
import dev.tale.task.DataSplit;
import dev.tale.task.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Builds and runs a search. Each setting may be given once; what is not given has the default that
 * its method states. Not thread-safe.
 */
public final class Pruner {
  private @Nullable SearchStrategy strategy;
  private @Nullable Floor floor;
  private @Nullable TradeOff tradeOff;
  private @Nullable List<Task> heldOut;
  private @Nullable Path journal;
  private @Nullable Progress listener;
  private final List<Guard> guards = new ArrayList<>();
  private @Nullable AnswerFloor answers;
  private boolean testSplitAllowed;
  private @Nullable Timing timing;
  private boolean withoutLatency;
  private long mostBytes = MeasuredPart.MOST_BYTES;

  Pruner() {}

  /**
   * Sets how candidates are explored; default {@link SearchStrategy#greedy}.
   *
   * @throws IllegalStateException if it is set already
   */
  public Pruner strategy(SearchStrategy strategy) {
    this.strategy = once("strategy", this.strategy, strategy);
    return this;
  }

  /**
   * Sets the lowest accuracy accepted; default {@link Floor#belowBaseline} with epsilon {@value
   * Floor#DEFAULT_EPSILON}.
   *
   * @throws IllegalStateException if it is set already
   */
  public Pruner floor(Floor floor) {
    this.floor = once("floor", this.floor, floor);
    return this;
  }

  /**
   * Sets which accepted configuration {@link PruneResult#chosen} is; default {@link TradeOff#best}.
   * One that goes by measured costs needs a model with a {@linkplain LayeredModel#latencyMeter
   * latency meter}.
   *
   * @throws IllegalStateException if it is set already
   */
  public Pruner tradeOff(TradeOff tradeOff) {
    this.tradeOff = once("tradeOff", this.tradeOff, tradeOff);
    return this;
  }

  /**
   * Sets rows that choose nothing: every accepted configuration is scored on them and compared with
   * the baseline. Default: none, and the result says so.
   *
   * @param heldOut the rows; for a weighted set those of each of its tasks, in its order
   * @throws IllegalStateException if they are set already
   */
  public Pruner heldOut(Task... heldOut) {
    this.heldOut = once("heldOut", this.heldOut, List.of(heldOut));
    return this;
  }

  /**
   * Adds a task that must not suffer: its accuracy may fall by at most {@code maxDrop} below that
   * of the unpruned model on the same rows. A candidate that breaks a guard wins no round; a round
   * without another candidate at or above the floor ends the search. May be called several times,
   * for several tasks. Default: none.
   *
   * <p>A guard's rows take part in the choice. They are asked only of candidates that would win
   * otherwise, from the best on, in the order in which the guards were added: the result is the
   * same as if every candidate had been asked.
   *
   * @param other the task
   * @param maxDrop accuracy that may be lost, absolute, in [0, 1]; exactly so much may be
   * @throws IllegalArgumentException if {@code maxDrop} is outside [0, 1], or a guard's task has
   *     the same name
   */
  public Pruner guard(Task other, double maxDrop) {
    for (Guard guard : guards) {
      if (guard.task().name().equals(other.name())) {
        throw new IllegalArgumentException(
            "Two guards are called " + other.name() + "; give each task its own name");
      }
    }
    guards.add(new Guard(other, maxDrop));
    return this;
  }

  /**
   * Sets a floor on answers: on the selection rows a configuration has to keep so large a share of
   * the unpruned model's answers that count, and of the mean probability that it gives to all
   * options together. A candidate that keeps less wins no round, as if it broke a guard. It keeps a
   * search from winning by better-formed answers alone, or from a model that no longer answers.
   * Default: none.
   *
   * @param share in [0, 1], such as 0.95
   * @throws IllegalArgumentException if it is outside [0, 1]
   * @throws IllegalStateException if it is set already
   */
  public Pruner keepingAnswers(double share) {
    this.answers = once("keepingAnswers", this.answers, new AnswerFloor(share));
    return this;
  }

  /**
   * Allows layers to be chosen by a data set's test split. Default: refused, because figures that
   * others report on those rows cannot be compared with figures of a model that was fitted to them.
   * The result says so beside each accuracy.
   */
  public Pruner allowTestSplit() {
    testSplitAllowed = true;
    return this;
  }

  /**
   * Sets how latency is measured, see {@link #withoutLatency}; default {@link Timing#DEFAULT}.
   *
   * @throws IllegalStateException if it is set already
   */
  public Pruner timing(Timing timing) {
    this.timing = once("timing", this.timing, timing);
    return this;
  }

  /**
   * Leaves out the measurement of latency and file sizes. Default: after the search, if the model
   * has a {@linkplain LayeredModel#latencyMeter latency meter}, the accepted configurations are
   * written to the directory of temporary files, loaded and timed on the first rows of the task,
   * and deleted; the result holds the figures and their Pareto front. That takes as long as it
   * takes to write and load each of these models, and {@link Timing}'s limit for each group of them
   * that fit into memory together, twice where generated tokens are timed too. If it fails, the
   * result says why, and has all the rest.
   *
   * <p>Where the files of all of them would have more than 32 GiB, only what is reported is
   * measured (the baseline, BEST, BSBA, FINAL and what the trade-off chooses), and the result says
   * so. A trade-off that goes by measured costs, or {@link #latencyOfAll}, has all of them
   * measured.
   */
  public Pruner withoutLatency() {
    withoutLatency = true;
    return this;
  }

  /**
   * Has every accepted configuration measured, however large the files are that are written for
   * that, see {@link #withoutLatency}. Default: at most 32 GiB, or what is reported.
   */
  public Pruner latencyOfAll() {
    return measuringAtMost(Long.MAX_VALUE);
  }

  Pruner measuringAtMost(long bytes) {
    mostBytes = bytes;
    return this;
  }

  /**
   * Sets the file that makes the search survive a crash: run the same search with the same file and
   * it goes on where it stopped; with a larger {@linkplain SearchStrategy#budget budget} too, or
   * another trade-off. Created if absent. Default: none.
   *
   * @throws IllegalStateException if it is set already
   */
  public Pruner journal(Path journal) {
    this.journal = once("journal", this.journal, journal);
    return this;
  }

  /**
   * Sets who hears of the progress of the search, of measuring, and of what the result is asked to
   * write; default {@link Progress#logged}.
   *
   * @throws IllegalStateException if it is set already
   */
  public Pruner listener(Progress listener) {
    this.listener = once("listener", this.listener, listener);
    return this;
  }

  private static <T> T once(String name, @Nullable T earlier, T value) {
    if (earlier != null) {
      throw new IllegalStateException(
          name + " is set already to " + earlier + "; use a new pruner for another value");
    }
    return Objects.requireNonNull(value, name);
  }

  /**
   * Prunes a model for a task.
   *
   * @param task the rows that choose the layers
   * @throws IllegalArgumentException if the model cannot answer a row, a row is held out and takes
   *     part in the choice too, the rows that choose are of a {@linkplain
   *     dev.tale.task.DataSplit#TEST test split} without {@link #allowTestSplit}, or the journal
   *     belongs to another run
   * @throws IllegalStateException if another search has the journal open, the trade-off goes by
   *     measured costs and they are not to be measured or the model has no latency meter, or an
   *     Error ended the search, which is the cause then
   * @throws dev.tale.journal.JournalFormatException if the journal is damaged
   * @throws IOException if the journal cannot be read or written
   * @throws dev.tale.model.ModelOutputException if the model's output is not numbers
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the journal
   *     can be resumed
   */
  public PruneResult prune(LayeredModel model, Task task) throws IOException {
    return prune(model, WeightedTasks.of(task, 1));
  }

  /**
   * Checks what needs no model, before one is opened: that rows are held out or take part in the
   * choice and not both, and that no test split chooses.
   *
   * @throws IllegalArgumentException as {@link #prune(LayeredModel, Task)} does
   */
  public void check(Task task) {
    WeightedTasks tasks = WeightedTasks.of(task, 1);
    requireNoTestSplit(tasks);
    Search.requireDisjoint(tasks, heldOut(tasks), guards);
  }

  /**
   * Prunes a model for several tasks at once: for the weighted mean of their accuracies. Floor,
   * ties and the reported configurations go by that mean.
   *
   * @param tasks the rows that choose the layers
   * @throws IllegalArgumentException as {@link #prune(LayeredModel, Task)} does, or if the held-out
   *     rows are not one task for each of the set
   * @throws IOException as {@link #prune(LayeredModel, Task)} does
   */
  public PruneResult prune(LayeredModel model, WeightedTasks tasks) throws IOException {
    try {
      return run(search(model, tasks));
    } catch (Error e) {
      throw new IllegalStateException(
          "The search ended by "
              + e
              + ", thrown by a function of the caller's, by the model's runtime or for want of"
              + " memory; mend that and run again, with the journal if there is one",
          e);
    }
  }

  private PruneResult run(Search search) throws IOException {
    if (journal == null) {
      return search.run(Journal.none());
    }
    try (Journal open = Journal.open(journal, search.provenance().identity())) {
      return search.run(open);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * Runs a search again, with the settings of this pruner, and says what differs from the earlier
   * result. A written result tells its model, rows and settings from others but does not hold them:
   * they are given here, and where they are not the same, {@link Rerun#inputs} says so. A journal
   * of the earlier run would only repeat what it holds; give none, or a new one.
   *
   * @param earlier the earlier result
   * @param tasks the rows that choose the layers
   * @throws IllegalArgumentException as {@link #prune(LayeredModel, WeightedTasks)} does
   * @throws IOException as {@link #prune(LayeredModel, WeightedTasks)} does
   */
  public Rerun rerun(WrittenResult earlier, LayeredModel model, WeightedTasks tasks)
      throws IOException {
    PruneResult result = prune(model, tasks);
    return new Rerun(
        result, earlier.inputs(result.report().provenance()), earlier.figures(result.report()));
  }

  /**
   * Runs a search for one task again, as {@link #rerun(WrittenResult, LayeredModel,
   * WeightedTasks)}.
   *
   * @throws IllegalArgumentException as {@link #prune(LayeredModel, Task)} does
   * @throws IOException as {@link #prune(LayeredModel, Task)} does
   */
  public Rerun rerun(WrittenResult earlier, LayeredModel model, Task task) throws IOException {
    return rerun(earlier, model, WeightedTasks.of(task, 1));
  }

  /**
   * The inputs of a search that differ from those of an earlier one, without running it.
   *
   * @throws IllegalArgumentException if the rows are of a test split, without {@link
   *     #allowTestSplit}
   */
  public List<Difference> compareInputs(
      WrittenResult earlier, LayeredModel model, WeightedTasks tasks) {
    return earlier.inputs(search(model, tasks).provenance());
  }

  Search search(LayeredModel model, WeightedTasks tasks) {
    requireNoTestSplit(tasks);
    TradeOff choosing = tradeOff == null ? TradeOff.best() : tradeOff;
    if (choosing.needsCosts()) {
      requireMeter(choosing, model);
    }
    return new Search(
        model,
        tasks,
        heldOut(tasks),
        List.copyOf(guards),
        strategy == null ? SearchStrategy.greedy() : strategy,
        floor == null ? Floor.belowBaseline(Floor.DEFAULT_EPSILON) : floor,
        Optional.ofNullable(answers),
        choosing,
        withoutLatency ? Optional.empty() : Optional.of(timing == null ? Timing.DEFAULT : timing),
        mostBytes,
        listener == null ? Progress.logged() : listener);
  }

  private void requireNoTestSplit(WeightedTasks tasks) {
    if (!testSplitAllowed) {
      tasks.tasks().forEach(task -> refuseTestSplit("chosen by", task));
      guards.forEach(guard -> refuseTestSplit("guarded on", guard.task()));
    }
  }

  private Optional<WeightedTasks> heldOut(WeightedTasks tasks) {
    return Optional.ofNullable(heldOut).map(rows -> tasks.withTasks(alike(rows, tasks)));
  }

  /** Held-out rows of a calibrated task are calibrated too. */
  private static List<Task> alike(List<Task> heldOut, WeightedTasks tasks) {
    return IntStream.range(0, heldOut.size())
        .mapToObj(
            i ->
                i < tasks.tasks().size() && tasks.tasks().get(i).isCalibrated()
                    ? heldOut.get(i).calibrated()
                    : heldOut.get(i))
        .toList();
  }

  private void requireMeter(TradeOff choosing, LayeredModel model) {
    if (withoutLatency || model.latencyMeter().isEmpty()) {
      throw new IllegalStateException(
          String.format(
              "Trade-off %s goes by measured costs, but %s; %s, or choose by accuracy and layers",
              choosing,
              withoutLatency
                  ? "withoutLatency() is set"
                  : "model " + model.info().name() + " has no latency meter",
              withoutLatency ? "leave that out" : "use a runtime that has one"));
    }
  }

  private static void refuseTestSplit(String use, Task task) {
    if (task.dataSplit() == DataSplit.TEST) {
      throw new IllegalArgumentException(
          String.format(
              "Task %s (%s to %s) has rows of a test split: layers %s them are fitted to them, and"
                  + " every figure reported on them is too high; give rows of the validation or"
                  + " training split, divided by task.split if they shall be held out too, or call"
                  + " allowTestSplit()",
              task.name(), task.rowName(0), task.rowName(task.size() - 1), use));
    }
  }
}
