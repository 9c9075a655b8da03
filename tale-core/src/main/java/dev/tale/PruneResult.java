package dev.tale;

import dev.tale.analysis.AnalysisPlan;
import dev.tale.analysis.LayerAnalysis;
import dev.tale.document.ConsoleText;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.model.LayeredModel;
import dev.tale.model.RunStatistics;
import dev.tale.policy.BudgetNotMetException;
import dev.tale.policy.TradeOff;
import dev.tale.policy.Verdict;
import dev.tale.report.PathCosts;
import dev.tale.report.Report;
import dev.tale.report.SearchRun;
import dev.tale.report.section.ReportContent;
import dev.tale.report.section.ReportFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The result of a search: the configurations that TALE reports, ready to be exported while the
 * model is open.
 */
public final class PruneResult {
  private final LayeredModel model;
  private final WeightedTasks tasks;
  private final Optional<WeightedTasks> heldOut;
  private final SearchRun run;
  private final Progress progress;

  PruneResult(
      LayeredModel model,
      WeightedTasks tasks,
      Optional<WeightedTasks> heldOut,
      SearchRun run,
      Progress progress) {
    this.model = model;
    this.tasks = tasks;
    this.heldOut = heldOut;
    this.run = run;
    this.progress = progress;
  }

  /** Returns the unpruned model. */
  public PrunedModel baseline() {
    return pruned(report().baseline());
  }

  /** Returns BEST: highest accuracy, fewest removed layers on a tie, baseline included. */
  public PrunedModel best() {
    return pruned(report().best());
  }

  /** Returns BSBA: the most layers removed at baseline accuracy or better. */
  public PrunedModel bsba() {
    return pruned(report().bsba());
  }

  /** Returns FINAL: the last accepted configuration. */
  public PrunedModel last() {
    return pruned(report().last());
  }

  /**
   * Returns the configuration that the pruner's trade-off chooses.
   *
   * @throws dev.tale.policy.BudgetNotMetException if none is what it demands; the message says
   *     which one is nearest, and {@link #at} returns it
   * @throws IllegalStateException if it goes by measured costs and measuring failed
   */
  public PrunedModel chosen() {
    Verdict choice = choice();
    if (!choice.met()) {
      throw new BudgetNotMetException(choice);
    }
    return at(choice.position());
  }

  /**
   * The verdict of the pruner's trade-off: its choice, or the configuration nearest to it.
   *
   * @throws IllegalStateException if it goes by measured costs and measuring failed
   */
  public Verdict choice() {
    return choice(run.tradeOff());
  }

  /**
   * Returns the verdict of another trade-off on the same path, without another search.
   *
   * @throws IllegalStateException if it goes by measured costs and nothing was measured, or not all
   */
  public Verdict choice(TradeOff other) {
    return run.verdict(other);
  }

  /**
   * Returns a configuration of the report's path.
   *
   * @param position position in {@link Report#path}; 0 is the baseline
   * @throws IndexOutOfBoundsException if there is no such position
   */
  public PrunedModel at(int position) {
    List<Configuration> path = path();
    if (position < 0 || position >= path.size()) {
      throw new IndexOutOfBoundsException(
          String.format(
              "There is no position %d: the path has the positions 0, the baseline, to %d",
              position, path.size() - 1));
    }
    return new PrunedModel(model, tasks, heldOut, report(), path.get(position), progress);
  }

  /**
   * Returns the baseline, then every accepted configuration, as {@link Report#path} does, with its
   * cost where that was measured.
   */
  public List<Configuration> path() {
    return run.path();
  }

  /**
   * Returns the costs of the accepted configurations, as measured after the search, and their
   * Pareto front; empty if nothing was measured, and {@link #toString} says why.
   */
  public Optional<PathCosts> pathCosts() {
    return run.costs();
  }

  /** Returns everything that was found, as a value. */
  public Report report() {
    return run.report();
  }

  /**
   * Writes the report for people and programs, with nothing measured besides the search and the
   * costs of its path.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the directory exists and is not empty
   * @throws IOException if the directory cannot be written
   * @see #writeReport(Path, AnalysisPlan)
   */
  public Path writeReport(Path directory) throws IOException {
    return writeReport(directory, LayerAnalysis.none());
  }

  /**
   * Writes the report with importance, rank agreement and information by layer, measured now on the
   * rows of this search: before and after removing what the trade-off chose, or what is nearest to
   * it. What cannot be measured is named in the report with its reason. {@link
   * AnalysisPlan#standard} is a good plan, and says what it costs.
   *
   * @param directory a directory that does not exist or is empty, which is checked first
   * @return the page
   * @throws java.nio.file.FileAlreadyExistsException if the directory exists and is not empty
   * @throws IOException if the directory cannot be written
   * @throws IllegalStateException if the model is closed
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public Path writeReport(Path directory, AnalysisPlan plan) throws IOException {
    ReportFiles.requireFree(directory);
    return writeReport(
        directory, plan.measure(model, tasks, heldOut, run.chosen().mask(), work(), progress));
  }

  /** Layer-forwards of the search and of the rows that were held out. */
  private long work() {
    return report().selectionWork().layerForwards() + report().heldOutWork().layerForwards();
  }

  /**
   * Writes the report for people and programs: {@code index.html}, one page with its plots that
   * needs no network, {@code report.md}, {@code report.json} and {@code trajectory.csv}. The same
   * result and analysis give the same bytes; those of two runs of the same search differ in what
   * {@link #toJson} says of the run, and in measured costs. There are all files or none.
   *
   * @param directory a directory that does not exist or is empty
   * @param analysis what was measured of the layers
   * @return the page
   * @throws java.nio.file.FileAlreadyExistsException if the directory exists and is not empty
   * @throws IOException if the directory cannot be written
   */
  public Path writeReport(Path directory, LayerAnalysis analysis) throws IOException {
    return ReportFiles.write(directory, content(analysis));
  }

  private ReportContent content(LayerAnalysis analysis) {
    return new ReportContent(run, tasks, heldOut, analysis);
  }

  /**
   * Returns the wall-clock time of the search in this run; what came from a journal cost nothing.
   * Measuring comes after it and has its own time, {@link PathCosts#elapsed}.
   */
  public Duration elapsed() {
    return run.elapsed();
  }

  /**
   * The counts of the model's runs in this run for this search, from its beginning; empty if the
   * model does not count it. What other threads had the same model run meanwhile is not in it, nor
   * what a strategy asked of the model in threads of its own.
   */
  public Optional<RunStatistics> runStatistics() {
    return run.statistics();
  }

  private PrunedModel pruned(Configuration configuration) {
    return at(report().path().indexOf(configuration));
  }

  /**
   * Returns the report as JSON with what depends on this run and machine: {@code seconds}, {@code
   * run} if the model counts it, {@code latency} if it was measured or else {@code latencyMissing},
   * and {@code chosen}. Without them, and the same byte for byte after every interruption, it is
   * {@link Report#toJson}.
   */
  public String toJson() {
    return run.toJson();
  }

  /**
   * Returns the summary of the report for a terminal, with the time of the run, the measured costs
   * and the choice of the trade-off.
   */
  @Override
  public String toString() {
    return ConsoleText.write(content(LayerAnalysis.none()).brief());
  }
}
