package dev.tale.evaluate;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.Lists;
import dev.tale.answers.Calibration;
import dev.tale.journal.Journal;
import dev.tale.journal.UnitResult;
import dev.tale.journal.Work;
import dev.tale.journal.WorkUnit;
import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelOutputException;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Asks one {@link RowQuestion} of the rows of one task under masks, and keeps the outcomes.
 *
 * <p>Implementation note. All masks that miss the same rows go to the model together, {@value
 * #UNIT_ROWS} rows a unit at most, so that the model can share what the masks have in common; all
 * units of a call go in one call of the model, and each is journaled as one record. What has been
 * scored once is never scored again. How rows are cut into units depends on nothing but what was
 * asked before: a resumed search forms the same batches as an undisturbed one, and so gets the same
 * bits.
 */
final class TaskEvaluator {
  static final int UNIT_ROWS = 64;

  private final LayeredModel model;
  private final Task task;
  private final RowQuestion question;
  private final String rowSet;
  private final Journal journal;
  private final Progress progress;
  private final KnownRows known;
  private final Optional<Calibration> calibration;
  private final AnswersAhead ahead = new AnswersAhead();
  private Work work = Work.NONE;

  /** Creates an evaluator that scores masks by the task's own metric. */
  TaskEvaluator(LayeredModel model, Task task, String rowSet, Journal journal, Progress progress) {
    this(model, task, RowQuestion.answers(task), rowSet, journal, progress);
  }

  TaskEvaluator(
      LayeredModel model,
      Task task,
      RowQuestion question,
      String rowSet,
      Journal journal,
      Progress progress) {
    this.model = model;
    this.task = task;
    this.question = question;
    this.rowSet = rowSet;
    this.journal = journal;
    this.progress = progress;
    this.known = new KnownRows(task.size());
    this.calibration = task.isCalibrated() ? Calibration.of(task) : Optional.empty();
    check();
  }

  /** Returns the number of masks that were asked, of any row or none. */
  int evaluations() {
    return known.masks().size();
  }

  /** Costs the tokens of the rows that were spared to be counted. */
  Work work() {
    return known.spared().entrySet().stream()
        .map(spared -> spared(spared.getKey(), spared.getValue()))
        .reduce(work, Work::plus);
  }

  private Work spared(List<Integer> rows, List<LayerMask> masks) {
    long count = (long) rows.size() * masks.size();
    Batch batch = batch(new WorkUnit(rowSet, rows, masks));
    return new Work(0, count, 0, model.cost(batch).naiveLayerForwards());
  }

  /** Returns the layer-forwards done so far, journaled ones included. */
  long layerForwards() {
    return work.layerForwards();
  }

  /**
   * Returns the layer-forwards that scoring these would take now; at most so many if text is
   * generated.
   */
  long cost(List<LayerMask> masks, List<Integer> rows) {
    List<LayerMask> distinct = masks.stream().distinct().toList();
    return units(known.missing(distinct, rows)).stream()
        .map(this::batch)
        .mapToLong(
            batch -> model.cost(batch).layerForwards() + UnitWork.ofLongestGenerations(batch))
        .sum();
  }

  List<Integer> allRows() {
    return IntStream.range(0, task.size()).boxed().toList();
  }

  /** Returns one score per mask, in the order given. */
  List<TaskScore> evaluate(List<LayerMask> masks) {
    score(masks, allRows());
    return scores(masks);
  }

  /** Returns one score per mask, each scored before, in the order given. */
  List<TaskScore> scores(List<LayerMask> masks) {
    return masks.stream().map(this::score).toList();
  }

  private TaskScore score(LayerMask mask) {
    TaskScore score = known.score(mask);
    return calibration.map(each -> new TaskScore(each.crossFitted(score.outcomes()))).orElse(score);
  }

  /** How a calibrated task's options are chosen again. */
  Optional<Calibration> calibration() {
    return calibration;
  }

  /** Scores masks on some rows, in the order given; no rows are allowed. */
  void score(List<LayerMask> masks, List<Integer> rows) {
    UnitQueue queue = new UnitQueue(model, journal);
    enqueue(queue, masks, rows);
    queue.run();
  }

  /** Queues what scoring masks on some rows takes. */
  void enqueue(UnitQueue queue, List<LayerMask> masks, List<Integer> rows) {
    List<LayerMask> distinct = masks.stream().distinct().toList();
    known.ask(distinct);
    units(known.missing(distinct, rows)).forEach(unit -> queue.add(this, unit));
  }

  /** Queues rows that a race may need next, as far as they are not known. */
  void enqueueAhead(UnitQueue queue, List<LayerMask> masks, List<Integer> rows) {
    List<LayerMask> unknown = masks.stream().filter(mask -> !ahead.has(mask, rows)).toList();
    units(known.missing(unknown, rows)).forEach(unit -> queue.addAhead(this, unit));
  }

  private List<WorkUnit> units(Map<List<LayerMask>, List<Integer>> missing) {
    List<WorkUnit> units = new ArrayList<>();
    missing.forEach(
        (masks, of) ->
            Lists.partition(of, UNIT_ROWS).forEach(r -> units.add(new WorkUnit(rowSet, r, masks))));
    return units;
  }

  AnswersAhead ahead() {
    return ahead;
  }

  /** The outcome of a row that has been scored. */
  Outcome outcome(LayerMask mask, int row) {
    return known.outcome(mask, row);
  }

  /** The requests of a unit, row by row. */
  Batch batch(WorkUnit unit) {
    return new Batch(unit.rows().stream().map(question::requests).toList(), unit.masks());
  }

  /** What the responses to a unit come to. */
  UnitResult result(WorkUnit unit, Answer answer) {
    List<List<Outcome>> outcomes = new ArrayList<>();
    for (int mask = 0; mask < unit.masks().size(); mask++) {
      outcomes.add(outcomes(unit, unit.masks().get(mask), answer.responses().get(mask)));
    }
    return new UnitResult(unit, outcomes, UnitWork.of(unit, answer));
  }

  /** Takes what a unit found. */
  void accept(UnitResult result, boolean journaled) {
    known.put(result);
    work = work.plus(result.work());
    List<LayerMask> masks = result.unit().masks();
    int done = known.count(masks.get(0));
    progress.on(new Progress.Rows(rowSet, masks.size(), done, task.size(), journaled));
  }

  private List<Outcome> outcomes(WorkUnit unit, LayerMask mask, List<List<Response>> responses) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int row = 0; row < unit.rows().size(); row++) {
      requireNumbers(mask, unit.rows().get(row), responses.get(row));
      outcomes.add(question.outcome(unit.rows().get(row), responses.get(row)));
    }
    return outcomes;
  }

  private void requireNumbers(LayerMask mask, int row, List<Response> answers) {
    if (mask.removedCount() == 0 && answers.stream().anyMatch(Response::isNotANumber)) {
      throw new ModelOutputException(
          String.format(
              "Model %s, task %s, %s: the output is NaN with no layer removed; the weights or"
                  + " the export are broken, export the model again",
              model.info().name(), task.name(), task.rowName(row)));
    }
  }

  /** The unit for people. */
  String describe(WorkUnit unit) {
    return String.format(
        "%d rows of task %s, the first of them row %d, under %s",
        unit.rows().size(),
        task.name(),
        unit.rows().get(0),
        unit.masks().stream().map(LayerMask::toString).collect(joining(", ")));
  }

  private void check() {
    List<Request> requests = new ArrayList<>();
    List<Integer> rowOf = new ArrayList<>();
    for (int row = 0; row < task.size(); row++) {
      for (Request request : question.requests(row)) {
        requests.add(request);
        rowOf.add(row);
      }
    }
    try {
      model.check(requests);
    } catch (UnanswerableRequestException e) {
      throw new IllegalArgumentException(
          "Task " + task.name() + ", " + task.rowName(rowOf.get(e.position())) + ": " + e.reason(),
          e);
    }
  }
}
