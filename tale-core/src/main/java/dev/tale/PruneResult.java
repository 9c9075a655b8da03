package dev.tale;

import dev.tale.evaluate.WeightedTasks;
import dev.tale.model.LayeredModel;
import dev.tale.model.RunStatistics;
import dev.tale.policy.TradeOff;
import dev.tale.report.Entry;
import dev.tale.report.Measurements;
import dev.tale.report.Report;
import dev.tale.report.ReportContent;
import dev.tale.report.ReportFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The result of a search: the configurations that TALE reports, ready to be exported while the
 * model is open.
 */
public final class PruneResult {
  private final LayeredModel model;
  private final WeightedTasks tasks;
  private final Optional<WeightedTasks> heldOut;
  private final Report report;
  private final TradeOff tradeOff;
  private final Duration elapsed;
  private final Optional<RunStatistics> runStatistics;

  PruneResult(
      LayeredModel model,
      WeightedTasks tasks,
      Optional<WeightedTasks> heldOut,
      Report report,
      TradeOff tradeOff,
      Duration elapsed,
      Optional<RunStatistics> runStatistics) {
    this.model = model;
    this.tasks = tasks;
    this.heldOut = heldOut;
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

  /**
   * Writes the report for people and programs, without measurements besides the search.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the directory exists and is not empty
   * @throws IOException if the directory cannot be written
   * @see #report(Path, Measurements)
   */
  public Path report(Path directory) throws IOException {
    return report(directory, Measurements.none());
  }

  /**
   * Writes the report for people and programs: {@code index.html}, one page with its plots that
   * needs no network, {@code report.md}, {@code report.json} and {@code trajectory.csv}. The same
   * result and measurements give the same bytes; those of two runs of the same search differ in
   * {@code seconds} and {@code run} of {@code report.json}. There are all files or none.
   *
   * @param directory a directory that does not exist or is empty
   * @param measurements what was measured besides the search
   * @return the page
   * @throws java.nio.file.FileAlreadyExistsException if the directory exists and is not empty
   * @throws IOException if the directory cannot be written
   */
  public Path report(Path directory, Measurements measurements) throws IOException {
    Entry chosen = chosen().entry();
    return ReportFiles.write(
        directory, new ReportContent(report, chosen, tasks, heldOut, measurements, toJson()));
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
