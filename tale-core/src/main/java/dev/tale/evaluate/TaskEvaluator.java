package dev.tale.evaluate;

import static java.util.stream.Collectors.joining;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Scores masks on the rows of one task.
 *
 * <p>Implementation note. All masks of a call go to the model together, {@value #UNIT_ROWS} rows at
 * a time, so that the model can share what the masks have in common; each such unit is journaled as
 * one record. What has been scored once is never scored again. How rows are cut into units depends
 * on nothing but their number: a resumed search forms the same batches as an undisturbed one, and
 * so gets the same bits.
 */
final class TaskEvaluator {
  static final int UNIT_ROWS = 64;

  private final LayeredModel model;
  private final Task task;
  private final String rowSet;
  private final Journal journal;
  private final Progress progress;
  private final Map<LayerMask, TaskScore> scores = new HashMap<>();
  private Work work = Work.NONE;

  TaskEvaluator(LayeredModel model, Task task, String rowSet, Journal journal, Progress progress) {
    this.model = model;
    this.task = task;
    this.rowSet = rowSet;
    this.journal = journal;
    this.progress = progress;
    check();
  }

  int evaluations() {
    return scores.size();
  }

  Work work() {
    return work;
  }

  /** Returns one score per mask, in the order given. */
  List<TaskScore> evaluate(List<LayerMask> masks) {
    List<LayerMask> fresh =
        masks.stream().distinct().filter(mask -> !scores.containsKey(mask)).toList();
    if (!fresh.isEmpty()) {
      scores.putAll(score(fresh));
    }
    return masks.stream().map(this::scoreOf).toList();
  }

  private TaskScore scoreOf(LayerMask mask) {
    return Objects.requireNonNull(scores.get(mask));
  }

  private Map<LayerMask, TaskScore> score(List<LayerMask> masks) {
    List<List<Outcome>> outcomes = new ArrayList<>();
    masks.forEach(mask -> outcomes.add(new ArrayList<>(task.size())));
    for (int from = 0; from < task.size(); from += UNIT_ROWS) {
      int to = Math.min(task.size(), from + UNIT_ROWS);
      UnitResult result = journaled(new WorkUnit(rowSet, from, to, masks));
      work = work.plus(result.work());
      IntStream.range(0, masks.size())
          .forEach(mask -> outcomes.get(mask).addAll(result.outcomes().get(mask)));
    }
    Map<LayerMask, TaskScore> fresh = new HashMap<>();
    IntStream.range(0, masks.size())
        .forEach(mask -> fresh.put(masks.get(mask), new TaskScore(outcomes.get(mask))));
    return fresh;
  }

  private UnitResult journaled(WorkUnit unit) {
    UnitResult known = journal.find(unit).orElse(null);
    UnitResult result = known != null ? known : recorded(unit);
    progress.on(
        new Progress.Rows(rowSet, unit.masks().size(), unit.to(), task.size(), known != null));
    return result;
  }

  private UnitResult recorded(WorkUnit unit) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("Interrupted before " + describe(unit));
    }
    UnitResult result = run(unit);
    try {
      journal.append(result);
    } catch (IOException e) {
      throw new UncheckedIOException(
          new IOException("The journal cannot be written: " + e.getMessage(), e));
    }
    return result;
  }

  private UnitResult run(WorkUnit unit) {
    List<List<Request>> rows =
        IntStream.range(unit.from(), unit.to()).mapToObj(task::requests).toList();
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
      requireNumbers(mask, unit.from() + row, answers);
      outcomes.add(task.outcome(unit.from() + row, answers));
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
    long generated = Work.ofGenerated(unit.masks(), responses);
    long naive = model.naiveLayerForwards(requests, unit.masks());
    long rows = (long) unit.rows() * unit.masks().size();
    long shared = model.layerForwards(requests, unit.masks());
    return new Work(rows, shared + generated, naive + generated);
  }

  private String describe(WorkUnit unit) {
    return String.format(
        "rows %d to %d of task %s under %s",
        unit.from(),
        unit.to() - 1,
        task.name(),
        unit.masks().stream().map(LayerMask::toString).collect(joining(", ")));
  }

  private void check() {
    List<Request> requests = new ArrayList<>();
    List<Integer> rowOf = new ArrayList<>();
    for (int row = 0; row < task.size(); row++) {
      for (Request request : task.requests(row)) {
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
