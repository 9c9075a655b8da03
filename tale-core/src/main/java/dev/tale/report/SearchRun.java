package dev.tale.report;

import dev.tale.evaluate.Configuration;
import dev.tale.model.RunStatistics;
import dev.tale.policy.TradeOff;
import dev.tale.policy.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A report, and what belongs to the run that found it: its time, the costs measured at its end, and
 * the choice that goes by them.
 *
 * @param report the same in every run of the search
 * @param tradeOff which configuration is chosen
 * @param elapsed wall-clock time of the search
 * @param statistics what the model ran, if it counts that
 * @param costs costs of the path, if they were measured
 * @param missing why they were not; empty if they were
 */
public record SearchRun(
    Report report,
    TradeOff tradeOff,
    Duration elapsed,
    Optional<RunStatistics> statistics,
    Optional<PathCosts> costs,
    String missing) {

  /** Returns the report's path, with costs where they were measured. */
  public List<Configuration> path() {
    List<Configuration> path = report.path();
    return IntStream.range(0, path.size())
        .mapToObj(i -> path.get(i).withCost(costs.flatMap(measured -> measured.costs().get(i))))
        .toList();
  }

  /**
   * Returns the verdict of a trade-off on the path.
   *
   * @throws IllegalStateException if it goes by measured costs and nothing was measured, or not all
   */
  public Verdict verdict(TradeOff other) {
    if (other.needsCosts() && costs.isEmpty()) {
      throw new IllegalStateException(
          String.format(
              "Trade-off %s goes by measured costs, but nothing was measured: %s; mend that and run"
                  + " again, with the journal if there is one, or choose by accuracy and layers",
              other, missing));
    }
    String rest = costs.map(PathCosts::rest).orElse("");
    if (other.needsCosts() && !rest.isEmpty()) {
      throw new IllegalStateException(
          String.format("Trade-off %s goes by measured costs; not measured: %s", other, rest));
    }
    return other.choose(path());
  }

  /** Returns the verdict of the run's own trade-off; empty if that needs what was not measured. */
  public Optional<Verdict> verdict() {
    return tradeOff.needsCosts() && costs.isEmpty()
        ? Optional.empty()
        : Optional.of(verdict(tradeOff));
  }

  /** Returns whether the trade-off chose what it demands. */
  public boolean isMet() {
    return verdict().map(Verdict::met).orElse(false);
  }

  /** The chosen configuration, the nearest one, or BEST where none can be chosen. */
  public Configuration chosen() {
    return verdict().map(made -> path().get(made.position())).orElseGet(report::best);
  }

  /** Returns {@link Report#toJson} with the fields of the run after it. */
  public String toJson() {
    return ReportJson.of(report).putAll(new RunJson(this).fields()).text();
  }
}
