package dev.tale;

import dev.tale.evaluate.WeightedTasks;
import dev.tale.model.LayeredModel;
import dev.tale.policy.TradeOff;
import dev.tale.report.Entry;
import dev.tale.report.Report;
import java.time.Duration;

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

  PruneResult(
      LayeredModel model, WeightedTasks tasks, Report report, TradeOff tradeOff, Duration elapsed) {
    this.model = model;
    this.tasks = tasks;
    this.report = report;
    this.tradeOff = tradeOff;
    this.elapsed = elapsed;
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

  private PrunedModel pruned(Entry entry) {
    return new PrunedModel(model, tasks, report.provenance(), entry);
  }

  /** Returns the report as a table for people. */
  @Override
  public String toString() {
    return report.toString();
  }
}
