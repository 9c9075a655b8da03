package dev.tale.evaluate;

import dev.tale.answers.Calibration;
import dev.tale.journal.Journal;
import dev.tale.journal.Work;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelInfo;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Scores masks on the rows of a task, or of a weighted set of tasks. What has been scored once is
 * never scored again.
 */
public final class Evaluator {
  private static final int HASH_DIGITS = 16;

  private final LayeredModel model;
  private final WeightedTasks tasks;
  private final String rowSet;
  private final Journal journal;
  private final Progress progress;
  private final List<TaskEvaluator> evaluators = new ArrayList<>();
  private final Map<Task, TaskLoss> losses = new LinkedHashMap<>();

  /**
   * Creates an evaluator of one task and checks that the model can answer every row.
   *
   * @param rowSet name of the rows, unique within the journal
   * @throws IllegalArgumentException if a row cannot be answered; the message names the row
   */
  public Evaluator(
      LayeredModel model, Task task, String rowSet, Journal journal, Progress progress) {
    this(model, WeightedTasks.of(task, 1), rowSet, journal, progress);
  }

  /**
   * Creates an evaluator of several tasks and checks that the model can answer every row.
   *
   * @param rowSet name of the rows, unique within the journal; where there are several tasks, a
   *     task's rows are called by this and the task's name
   * @throws IllegalArgumentException if a row cannot be answered; the message names the row
   */
  public Evaluator(
      LayeredModel model, WeightedTasks tasks, String rowSet, Journal journal, Progress progress) {
    this.model = model;
    this.tasks = tasks;
    this.rowSet = rowSet;
    this.journal = journal;
    this.progress = progress;
    for (Task task : tasks.tasks()) {
      evaluators.add(new TaskEvaluator(model, task, rowSet(task), journal, progress));
    }
  }

  private String rowSet(Task task) {
    return tasks.tasks().size() == 1 ? rowSet : rowSet + " " + task.name();
  }

  /** Returns the model that is scored. */
  public ModelInfo model() {
    return model.info();
  }

  /** Returns the number of layers, or of parts of layers, that a mask may remove from. */
  public int layers() {
    return model.info().layerCount();
  }

  /** Returns the number of masks scored so far, on all rows or on some. */
  public int evaluations() {
    return evaluators.get(0).evaluations();
  }

  /** Returns the work done so far, journaled work included. */
  public Work work() {
    return everyEvaluator().map(TaskEvaluator::work).reduce(Work.NONE, Work::plus);
  }

  private Stream<TaskEvaluator> everyEvaluator() {
    return Stream.concat(evaluators.stream(), losses.values().stream().map(TaskLoss::evaluator));
  }

  /** Returns the layer-forwards done so far, journaled ones included. */
  long layerForwards() {
    return everyEvaluator().mapToLong(TaskEvaluator::layerForwards).sum();
  }

  /** Returns where this evaluator reports its progress. */
  public Progress progress() {
    return progress;
  }

  /**
   * Scores masks on every row. Costs one pass over the rows for the masks that are new.
   *
   * @return one configuration per mask, in the order given
   * @throws dev.tale.model.ModelOutputException if the unpruned model's output is not numbers
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the journal
   *     can be resumed
   * @throws java.io.UncheckedIOException if the journal cannot be written
   */
  public List<Configuration> evaluate(List<LayerMask> masks) {
    score(masks, ShuffledRows.inOrder(tasks), List.of());
    List<List<TaskScore>> scores =
        evaluators.stream().map(evaluator -> evaluator.scores(masks)).toList();
    return IntStream.range(0, masks.size())
        .mapToObj(i -> new Configuration(masks.get(i), tasks.score(at(scores, i))))
        .toList();
  }

  private static List<TaskScore> at(List<List<TaskScore>> byTask, int mask) {
    return byTask.stream().map(scores -> scores.get(mask)).toList();
  }

  WeightedTasks tasks() {
    return tasks;
  }

  /**
   * Scores masks on some rows, the tasks one after the other, in one call of the model.
   *
   * @param later rows that may be asked next, in the order and the portions in which they would be:
   *     a model that looks ahead answers them in the same call
   */
  void score(List<LayerMask> masks, List<TaskRow> rows, List<List<TaskRow>> later) {
    UnitQueue queue = new UnitQueue(model, journal);
    for (int task = 0; task < evaluators.size(); task++) {
      evaluators.get(task).enqueue(queue, masks, ofTask(task, rows));
    }
    if (queue.isWaiting()) {
      later.forEach(portion -> enqueueAhead(queue, masks, portion));
    }
    queue.run();
  }

  /** Scores masks by losses, in one call of the model. */
  void scoreLosses(List<TaskLoss> wanted, List<LayerMask> masks) {
    UnitQueue queue = new UnitQueue(model, journal);
    wanted.forEach(loss -> loss.enqueue(queue, masks));
    queue.run();
  }

  private void enqueueAhead(UnitQueue queue, List<LayerMask> masks, List<TaskRow> rows) {
    for (int task = 0; task < evaluators.size(); task++) {
      evaluators.get(task).enqueueAhead(queue, masks, ofTask(task, rows));
    }
  }

  /** Number of portions of a race to ask ahead. */
  int lookAhead() {
    return model.lookAhead();
  }

  /** Layer-forwards that were spent ahead and not needed; in no {@link Work}. */
  long surplusLayerForwards() {
    return evaluators.stream().mapToLong(evaluator -> evaluator.ahead().surplus()).sum();
  }

  private static List<Integer> ofTask(int task, List<TaskRow> rows) {
    return rows.stream().filter(row -> row.task() == task).map(TaskRow::row).toList();
  }

  /** Returns the most layer-forwards that {@link #score} would take now. */
  long cost(List<LayerMask> masks, List<TaskRow> rows) {
    return IntStream.range(0, evaluators.size())
        .mapToLong(task -> evaluators.get(task).cost(masks, ofTask(task, rows)))
        .sum();
  }

  /** Returns the most layer-forwards that {@link #evaluate} would take now. */
  long cost(List<LayerMask> masks) {
    return evaluators.stream().mapToLong(e -> e.cost(masks, e.allRows())).sum();
  }

  /** Returns the loss on a task's own rows. */
  TaskLoss loss(Task task) {
    return losses.computeIfAbsent(
        task, key -> new TaskLoss(model, key, "loss of " + lossRows(key), journal, progress));
  }

  private String lossRows(Task task) {
    return tasks.tasks().contains(task)
        ? rowSet(task)
        : task.name() + " " + task.contentHash().substring(0, HASH_DIGITS);
  }

  /** The outcome of a row that has been scored. */
  Optional<Calibration> calibration(int task) {
    return evaluators.get(task).calibration();
  }

  /** The scores of the tasks under a mask that was scored on every row. */
  List<TaskScore> scores(LayerMask mask) {
    return evaluators.stream().map(each -> each.scores(List.of(mask)).get(0)).toList();
  }

  Outcome outcome(LayerMask mask, TaskRow row) {
    return evaluators.get(row.task()).outcome(mask, row.row());
  }
}
