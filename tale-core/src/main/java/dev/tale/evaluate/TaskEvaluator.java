package dev.tale.evaluate;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.Lists;
import dev.tale.journal.Journal;
import dev.tale.journal.UnitResult;
import dev.tale.journal.Work;
import dev.tale.journal.WorkUnit;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelOutputException;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Asks one {@link Question} of the rows of one task under masks, and keeps the outcomes.
 *
 * <p>Implementation note. All masks that miss the same rows go to the model together, at most
 * {@value #UNIT_ROWS} rows at a time, so that the model can share what the masks have in common;
 * each such unit is journaled as one record. What has been scored once is never scored again. How
 * rows are cut into units depends on nothing but what was asked before: a resumed search forms the
 * same batches as an undisturbed one, and so gets the same bits.
 */
final class TaskEvaluator {
  static final int UNIT_ROWS = 64;

  private final LayeredModel model;
  private final Task task;
  private final Question question;
  private final String rowSet;
  private final Journal journal;
  private final Progress progress;
  private final KnownRows known;
  private Work work = Work.NONE;

  /** Creates an evaluator that scores masks by the task's own metric. */
  TaskEvaluator(LayeredModel model, Task task, String rowSet, Journal journal, Progress progress) {
    this(model, task, Question.answers(task), rowSet, journal, progress);
  }

  TaskEvaluator(
      LayeredModel model,
      Task task,
      Question question,
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
    List<Request> requests = requests(rows);
    long count = (long) rows.size() * masks.size();
    return new Work(0, count, 0, model.naiveLayerForwards(requests, masks));
  }

  private List<Request> requests(List<Integer> rows) {
    return rows.stream().flatMap(row -> question.requests(row).stream()).toList();
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
    long cost = 0;
    for (Map.Entry<List<LayerMask>, List<Integer>> missing :
        known.missing(distinct, rows).entrySet()) {
      for (List<Integer> unit : Lists.partition(missing.getValue(), UNIT_ROWS)) {
        List<Request> requests = requests(unit);
        cost += model.layerForwards(requests, missing.getKey());
        cost += longestGenerations(requests, missing.getKey());
      }
    }
    return cost;
  }

  List<Integer> allRows() {
    return IntStream.range(0, task.size()).boxed().toList();
  }

  /** Returns one score per mask, in the order given. */
  List<TaskScore> evaluate(List<LayerMask> masks) {
    score(masks, allRows());
    return masks.stream().map(known::score).toList();
  }

  /** Scores masks on some rows, in the order given; no rows are allowed. */
  void score(List<LayerMask> masks, List<Integer> rows) {
    List<LayerMask> distinct = masks.stream().distinct().toList();
    known.ask(distinct);
    known
        .missing(distinct, rows)
        .forEach((missing, of) -> Lists.partition(of, UNIT_ROWS).forEach(r -> unit(missing, r)));
  }

  /** Returns what became of a row that has been scored. */
  Outcome outcome(LayerMask mask, int row) {
    return known.outcome(mask, row);
  }

  private void unit(List<LayerMask> masks, List<Integer> rows) {
    WorkUnit unit = new WorkUnit(rowSet, rows, masks);
    UnitResult journaled = journal.find(unit).orElse(null);
    UnitResult result = journaled != null ? journaled : recorded(unit);
    known.put(result);
    work = work.plus(result.work());
    int done = known.count(masks.get(0));
    progress.on(new Progress.Rows(rowSet, masks.size(), done, task.size(), journaled != null));
  }

  private UnitResult recorded(WorkUnit unit) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("Interrupted before " + describe(unit));
    }
    UnitResult result = run(unit);
    try {
      journal.append(result);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return result;
  }

  private UnitResult run(WorkUnit unit) {
    List<List<Request>> rows = unit.rows().stream().map(question::requests).toList();
    List<Request> requests = rows.stream().flatMap(List::stream).toList();
    List<List<Response>> responses = model.respond(requests, unit.masks());
    List<List<Outcome>> outcomes = new ArrayList<>();
    for (int mask = 0; mask < unit.masks().size(); mask++) {
      outcomes.add(outcomes(unit, unit.masks().get(mask), rows, responses.get(mask)));
    }
    return new UnitResult(unit, outcomes, workOf(unit, requests, responses));
  }

  private List<Outcome> outcomes(
      WorkUnit unit, LayerMask mask, List<List<Request>> rows, List<Response> responses) {
    List<Outcome> outcomes = new ArrayList<>();
    int next = 0;
    for (int row = 0; row < rows.size(); row++) {
      List<Response> answers = responses.subList(next, next + rows.get(row).size());
      requireNumbers(mask, unit.rows().get(row), answers);
      outcomes.add(question.outcome(unit.rows().get(row), answers));
      next += answers.size();
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

  private Work workOf(WorkUnit unit, List<Request> requests, List<List<Response>> responses) {
    long generated = generated(unit.masks(), responses);
    long naive = model.naiveLayerForwards(requests, unit.masks());
    long rows = (long) unit.rows().size() * unit.masks().size();
    long shared = model.layerForwards(requests, unit.masks());
    return new Work(rows, rows, shared + generated, naive + generated);
  }

  /** Returns the layer-forwards of everything that was generated, by mask, after its prompt. */
  static long generated(List<LayerMask> masks, List<List<Response>> responses) {
    long layerForwards = 0;
    for (int mask = 0; mask < masks.size(); mask++) {
      long tokens = responses.get(mask).stream().mapToLong(TaskEvaluator::tokensFed).sum();
      layerForwards += tokens * masks.get(mask).kept().size();
    }
    return layerForwards;
  }

  /** Returns the most layer-forwards that generations can take after their prompts. */
  static long longestGenerations(List<Request> requests, List<LayerMask> masks) {
    long tokens =
        requests.stream()
            .mapToLong(r -> r instanceof Request.Generation asked ? asked.maxNewTokens() : 0)
            .sum();
    return tokens * masks.stream().mapToLong(mask -> mask.kept().size()).sum();
  }

  /** The prompt gives the first token, and the last is fed only to find that no other follows. */
  private static long tokensFed(Response response) {
    if (!(response instanceof Response.Generation generation)) {
      return 0;
    }
    return switch (generation.stop()) {
      case STOP_STRING, LENGTH -> generation.tokens() - 1L;
      case END_OF_SEQUENCE, NOT_A_NUMBER -> generation.tokens();
    };
  }

  private String describe(WorkUnit unit) {
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
