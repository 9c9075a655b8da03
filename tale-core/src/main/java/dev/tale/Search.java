package dev.tale;

import com.google.common.collect.Lists;
import dev.tale.answers.AnswerFloor;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Guard;
import dev.tale.evaluate.GuardEvaluator;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.Score;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.gain.GainAnalysis;
import dev.tale.gain.GainFinder;
import dev.tale.journal.Journal;
import dev.tale.journal.Work;
import dev.tale.model.LatencyMeter;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.RunStatistics;
import dev.tale.model.Timing;
import dev.tale.policy.Floor;
import dev.tale.policy.TradeOff;
import dev.tale.report.GuardScores;
import dev.tale.report.GuardSummary;
import dev.tale.report.Provenance;
import dev.tale.report.Report;
import dev.tale.report.SearchRun;
import dev.tale.report.TaskSetSummary;
import dev.tale.search.SearchStrategy;
import dev.tale.search.Trajectory;
import dev.tale.task.Task;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A search with all its settings, ready to run. */
record Search(
    LayeredModel model,
    WeightedTasks tasks,
    Optional<WeightedTasks> heldOut,
    List<Guard> guards,
    SearchStrategy strategy,
    Floor floor,
    Optional<AnswerFloor> answers,
    TradeOff tradeOff,
    Optional<Timing> timing,
    long mostBytes,
    Progress progress) {

  PruneResult run(Journal journal) {
    long start = System.nanoTime();
    Optional<RunStatistics> before = model.runStatistics();
    requireDisjoint(tasks, heldOut, guards);
    Evaluator selection = new Evaluator(model, tasks, "selection", journal, progress);
    Optional<Evaluator> rest =
        heldOut.map(rows -> new Evaluator(model, rows, "held-out", journal, progress));
    List<GuardEvaluator> guarding =
        guards.stream().map(guard -> new GuardEvaluator(model, guard, journal, progress)).toList();
    Objective unlimited = new Objective(selection, guarding);
    Objective objective = answers.map(unlimited::keeping).orElse(unlimited);
    Trajectory trajectory = strategy.search(objective, floor);
    List<LayerMask> path = trajectory.path().stream().map(Configuration::mask).toList();
    requireGuarded(objective, path);
    Report found =
        new Report(
            provenance(),
            trajectory,
            rest.map(evaluator -> scores(evaluator, path)).orElse(List.of()),
            guarding.stream().map(guard -> scores(guard, path)).toList(),
            selection.evaluations(),
            selection.work(),
            rest.map(Evaluator::work).orElse(Work.NONE));
    Report report = found.with(gains(found, journal));
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    Optional<RunStatistics> run =
        before.flatMap(earlier -> model.runStatistics().map(now -> now.since(earlier)));
    CostAttempt costs = measure(report);
    return new PruneResult(
        model,
        tasks,
        heldOut,
        new SearchRun(report, tradeOff, elapsed, run, costs.found(), costs.missing()),
        progress);
  }

  private GainAnalysis gains(Report report, Journal journal) {
    return GainFinder.find(
        model,
        tasks,
        heldOut,
        report.path(),
        report.heldOut(),
        report.found().values().stream().map(Configuration::mask).distinct().toList(),
        report.best().mask(),
        journal,
        progress);
  }

  private CostAttempt measure(Report report) {
    if (timing.isEmpty()) {
      return CostAttempt.none("the pruner was told not to");
    }
    return model
        .latencyMeter()
        .map(meter -> measure(meter, report, timing.get()))
        .orElse(CostAttempt.none("the model's runtime cannot"));
  }

  private CostAttempt measure(LatencyMeter meter, Report report, Timing how) {
    List<Configuration> path = report.trajectory().path();
    MeasuredPart part = MeasuredPart.of(meter, model.info(), path, tradeOff, mostBytes);
    int models = part.positions().size();
    progress.on(new Progress.Phase("measuring latency", 0, models, "models"));
    CostAttempt attempt = CostAttempt.of(meter, report, part, FirstRows.requests(tasks), how);
    progress.on(new Progress.Phase("measuring latency", models, models, "models"));
    return attempt;
  }

  /** A strategy may be the user's own; what it accepted has been asked already. */
  private void requireGuarded(Objective objective, List<LayerMask> path) {
    for (LayerMask mask : path) {
      objective
          .refusal(mask)
          .ifPresent(
              refusal -> {
                throw new IllegalStateException(
                    String.format(
                        "Strategy %s accepted %s, which breaks a guard: %s; let it hold its rounds"
                            + " with Round.hold",
                        strategy, mask, refusal));
              });
    }
  }

  /** Within a budget one by one, so that a larger budget finds them in the journal. */
  private List<Score> scores(Evaluator evaluator, List<LayerMask> path) {
    int together = strategy.layerForwardBudget().isPresent() ? 1 : path.size();
    return Lists.partition(path, together).stream()
        .flatMap(some -> evaluator.evaluate(some).stream())
        .map(Configuration::score)
        .toList();
  }

  private static GuardScores scores(GuardEvaluator evaluator, List<LayerMask> path) {
    return new GuardScores(
        GuardSummary.of(evaluator.guard()),
        evaluator.evaluate(path),
        evaluator.evaluations(),
        evaluator.work());
  }

  /** Checks that no row is held out and takes part in the choice too. */
  static void requireDisjoint(
      WeightedTasks tasks, Optional<WeightedTasks> heldOut, List<Guard> guards) {
    if (heldOut.isEmpty()) {
      return;
    }
    Map<Object, String> choosing = new HashMap<>();
    guards.forEach(guard -> put(choosing, "guard", guard.task()));
    tasks.tasks().forEach(task -> put(choosing, "selection", task));
    for (Task task : heldOut.get().tasks()) {
      for (int row = 0; row < task.size(); row++) {
        requireNew(choosing, task, row);
      }
    }
  }

  private static void put(Map<Object, String> rows, String kind, Task task) {
    for (int row = 0; row < task.size(); row++) {
      rows.put(task.requests(row), kind + " " + task.rowName(row));
    }
  }

  private static void requireNew(Map<Object, String> choosing, Task task, int row) {
    String same = choosing.get(task.requests(row));
    if (same != null) {
      throw new IllegalArgumentException(
          String.format(
              "Held-out %s asks the same as %s; remove it from one of them, or its held-out"
                  + " accuracy is not held out",
              task.rowName(row), same));
    }
  }

  Provenance provenance() {
    return new Provenance(
        Version.TALE,
        model.info(),
        TaskSetSummary.of(tasks),
        heldOut.map(TaskSetSummary::of),
        guards.stream().map(GuardSummary::of).toList(),
        strategy.withoutBudget().toString(),
        floor + answers.map(each -> ", " + each).orElse(""),
        strategy.layerForwardBudget(),
        tradeOff.toString(),
        System.getProperty("java.runtime.version", "unknown"),
        System.getProperty("os.name", "unknown") + " " + System.getProperty("os.arch", ""));
  }
}
