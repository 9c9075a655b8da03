package dev.tale;

import dev.tale.evaluate.WeightedTasks;
import dev.tale.model.LayeredModel;
import dev.tale.model.RunStatistics;
import dev.tale.policy.TradeOff;
import dev.tale.report.Entry;
import dev.tale.report.Report;
import java.time.Duration;
import java.util.Optional;

/**
 * The result of a search: the configurations that TALE reports, ready to be exported while the
 * model is open.
 */
public final class PruneResult {
  private final LayeredModel model;
  private final WeightedTasks tasks;
  private final Report report;
  private final TradeOff tradeOff;
  private final Duration elapsed;
  private final Optional<RunStatistics> runStatistics;

  PruneResult(
      LayeredModel model,
      WeightedTasks tasks,
      Report report,
      TradeOff tradeOff,
      Duration elapsed,
      Optional<RunStatistics> runStatistics) {
    this.model = model;
    this.tasks = tasks;
    this.report = report;
    this.tradeOff = tradeOff;
    this.elapsed = elapsed;
    this.runStatistics = runStatistics;
  }

  /** Returns the unpruned model. */
  public PrunedModel baseline() {
    return pruned(report.baseline());
  }

  /** Returns BEST: highest accuracy, fewest removed layers on a tie, baseline included. */
  public PrunedModel best() {
    return pruned(report.best());
  }

  /** Returns BSBA: the last accepted configuration with at least baseline accuracy. */
  public PrunedModel bsba() {
    return pruned(report.bsba());
  }

  /** Returns FINAL: the last accepted configuration. */
  public PrunedModel last() {
    return pruned(report.last());
  }

  /** Returns the configuration that the pruner's trade-off chooses. */
  public PrunedModel chosen() {
    return pruned(report.choose(tradeOff));
  }

  /** Returns everything that was found, as a value. */
  public Report report() {
    return report;
  }

  /** Returns the wall-clock time of this run; what came from a journal cost nothing. */
  public Duration elapsed() {
    return elapsed;
  }

  /**
   * Returns what the model ran in this run, from the beginning of the search; empty if the model
   * does not count it.
   */
  public Optional<RunStatistics> runStatistics() {
    return runStatistics;
  }

  private PrunedModel pruned(Entry entry) {
    return new PrunedModel(model, tasks, report.provenance(), entry);
  }

  /**
   * Returns the report as JSON with what depends on this run and machine: {@code seconds} and, if
   * the model counts it, {@code run}. Without them, and the same byte for byte after every
   * interruption, it is {@link Report#toJson}.
   */
  public String toJson() {
    return RunFigures.json(this);
  }

  /** Returns the report as a table for people, with what the model ran if it counts it. */
  @Override
  public String toString() {
    return report + RunFigures.text(this);
  }
}
