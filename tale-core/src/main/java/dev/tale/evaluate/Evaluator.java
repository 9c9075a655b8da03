package dev.tale.evaluate;

import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelInfo;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores masks on the rows of a task, or of a weighted set of tasks. What has been scored once is
 * never scored again.
 */
public final class Evaluator {
  private final ModelInfo model;
  private final WeightedTasks tasks;
  private final List<TaskEvaluator> evaluators = new ArrayList<>();
  private final Progress progress;

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
    this.model = model.info();
    this.tasks = tasks;
    this.progress = progress;
    for (Task task : tasks.tasks()) {
      String rows = tasks.tasks().size() == 1 ? rowSet : rowSet + " " + task.name();
      evaluators.add(new TaskEvaluator(model, task, rows, journal, progress));
    }
  }

  /** Returns the model that is scored. */
  public ModelInfo model() {
    return model;
  }

  /** Returns the number of layers, or of parts of layers, that a mask may remove from. */
  public int layers() {
    return model.layerCount();
  }

  /** Returns the number of masks scored so far, on all rows or on some. */
  public int evaluations() {
    return evaluators.get(0).evaluations();
  }

  /** Returns the work done so far, journaled work included. */
  public Work work() {
    return evaluators.stream().map(TaskEvaluator::work).reduce(Work.NONE, Work::plus);
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
    List<List<TaskScore>> scores =
        evaluators.stream().map(evaluator -> evaluator.evaluate(masks)).toList();
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

  /** Scores masks on some rows; the tasks one after the other. */
  void score(List<LayerMask> masks, List<TaskRow> rows) {
    for (int task = 0; task < evaluators.size(); task++) {
      int wanted = task;
      List<Integer> ofTask =
          rows.stream().filter(row -> row.task() == wanted).map(TaskRow::row).toList();
      evaluators.get(task).score(masks, ofTask);
    }
  }

  /** Returns what became of a row that has been scored. */
  Outcome outcome(LayerMask mask, TaskRow row) {
    return evaluators.get(row.task()).outcome(mask, row.row());
  }
}
