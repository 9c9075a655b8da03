package dev.tale.evaluate;

import dev.tale.answers.Calibration;
import dev.tale.answers.RunningCalibration;
import dev.tale.model.LayerMask;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.numbers.fraction.BigFraction;

/** A candidate of a race and how it has done so far, on the first rows of the race's order. */
final class Contender {
  private final int position;
  private final LayerMask mask;
  private final WeightedTasks tasks;
  private final BitSet right = new BitSet();
  private final int[] correct;
  private final int[] open;
  private final Map<Integer, RunningCalibration> running = new HashMap<>();
  private final Map<TaskRow, Outcome> calibrated = new HashMap<>();
  private boolean isCertain = true;
  private int scored;
  private int notANumber;
  private BigFraction atLeast = BigFraction.ZERO;
  private BigFraction atMost = BigFraction.ONE;
  private boolean left;
  private boolean refused;

  Contender(int position, LayerMask mask, WeightedTasks tasks) {
    this.position = position;
    this.mask = mask;
    this.tasks = tasks;
    this.correct = new int[tasks.tasks().size()];
    this.open = tasks.tasks().stream().mapToInt(Task::size).toArray();
  }

  /**
   * Takes the next rows of the order. Those of a calibrated task count by the bias of the rows
   * before them until all are there, and then by that of each other.
   */
  void add(Evaluator evaluator, List<TaskRow> rows) {
    for (int task = 0; task < correct.length; task++) {
      int of = task;
      List<TaskRow> ofTask = rows.stream().filter(row -> row.task() == of).toList();
      Optional<Calibration> calibration = evaluator.calibration(task);
      if (calibration.isPresent()) {
        calibrate(evaluator, calibration.get(), task, ofTask);
      }
    }
    for (TaskRow row : rows) {
      Outcome outcome = evaluator.outcome(mask, row);
      add(row, calibrated.getOrDefault(row, outcome));
    }
    atLeast = ExactAccuracy.of(tasks, correct);
    atMost = atLeast.add(ExactAccuracy.of(tasks, open));
    if (!calibrated.isEmpty()) {
      bound(evaluator);
    }
  }

  private void calibrate(
      Evaluator evaluator, Calibration calibration, int task, List<TaskRow> rows) {
    Map<Integer, Outcome> portion = new LinkedHashMap<>();
    rows.forEach(row -> portion.put(row.row(), evaluator.outcome(mask, row)));
    List<Outcome> outcomes =
        running
            .computeIfAbsent(
                task, key -> new RunningCalibration(calibration, tasks.tasks().get(key).size()))
            .next(portion);
    for (int i = 0; i < rows.size(); i++) {
      calibrated.put(rows.get(i), outcomes.get(i));
    }
  }

  /** Nothing is certain of a calibrated task before all its rows are there. */
  private void bound(Evaluator evaluator) {
    if (Arrays.stream(open).sum() > 0) {
      isCertain = false;
      atMost = BigFraction.ONE;
      return;
    }
    isCertain = true;
    List<TaskScore> scores = evaluator.scores(mask);
    for (int task = 0; task < correct.length; task++) {
      correct[task] = scores.get(task).correct();
    }
    atLeast = ExactAccuracy.of(tasks, correct);
    atMost = atLeast;
  }

  private void add(TaskRow row, Outcome outcome) {
    right.set(scored++, outcome.correct());
    correct[row.task()] += outcome.correct() ? 1 : 0;
    open[row.task()]--;
    notANumber += TaskScore.isNotANumber(outcome) ? 1 : 0;
  }

  int position() {
    return position;
  }

  LayerMask mask() {
    return mask;
  }

  int scored() {
    return scored;
  }

  /** Returns the lowest accuracy that it can still have. */
  BigFraction atLeast() {
    return atLeast;
  }

  boolean isRight(int row) {
    return right.get(row);
  }

  /** Returns whether this wins against the other whatever the rows left. */
  boolean surelyBeats(Contender other) {
    int compared = atLeast.compareTo(other.atMost);
    return isCertain && (compared > 0 || (compared == 0 && position < other.position));
  }

  boolean isIn() {
    return !left && !refused;
  }

  boolean isOut() {
    return left && !refused;
  }

  void leave() {
    left = true;
  }

  void comeBack() {
    left = false;
  }

  void refuse() {
    refused = true;
  }

  Bounds bounds(int total) {
    return new Bounds(
        mask,
        right.cardinality(),
        notANumber,
        scored,
        total,
        atLeast.doubleValue(),
        atMost.doubleValue());
  }
}
