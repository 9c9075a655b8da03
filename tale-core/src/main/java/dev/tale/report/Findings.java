package dev.tale.report;

import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import dev.tale.evaluate.Bounds;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.TaskScore;
import dev.tale.stats.SelectionBias;
import dev.tale.stats.WeightedMean;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Judges BEST, BSBA and FINAL against the baseline. */
final class Findings {
  private final Report report;
  private final Entry baseline;
  private final Looks looks;

  private Findings(Report report, Looks looks) {
    this.report = report;
    this.baseline = report.baseline();
    this.looks = looks;
  }

  static Looks looks(Report report) {
    return Looks.at(List.of(report.best(), report.bsba(), report.last()));
  }

  /**
   * Returns the number of comparisons on the rows that are reported on: on held-out rows those that
   * are shown, on selection rows those that the search chose from. 0 if there was no other
   * configuration.
   */
  static int lookCount(Report report) {
    if (!report.heldOut().isEmpty()) {
      return looks(report).count();
    }
    long scored =
        report.trajectory().rounds().stream()
            .flatMap(
                round ->
                    Stream.concat(
                        round.candidates().stream().map(Configuration::mask),
                        round.left().stream().map(Bounds::mask)))
            .filter(mask -> mask.removedCount() > 0)
            .distinct()
            .count();
    return (int) scored * report.provenance().selection().tasks().size();
  }

  static List<Finding> of(Report report) {
    Findings findings = new Findings(report, looks(report));
    return List.of(
        findings.of("BEST", report.best()),
        findings.of("BSBA", report.bsba()),
        findings.of("FINAL", report.last()));
  }

  private Finding of(String name, Entry entry) {
    if (entry.mask().removedCount() == 0) {
      return new Finding(name, entry, List.of(), Optional.empty());
    }
    return new Finding(name, entry, gains(entry), Optional.of(selectionBias(entry)));
  }

  private List<Gain> gains(Entry entry) {
    return IntStream.range(0, entry.score().byTask().size())
        .mapToObj(task -> gain(entry, task))
        .toList();
  }

  private Gain gain(Entry entry, int task) {
    TaskScore before = baseline.score().byTask().get(task);
    TaskScore after = entry.score().byTask().get(task);
    PairedComparison comparison = PairedComparison.of(before, after);
    return Gain.of(before.total(), comparison, looks.adjustedP(entry, task), lookCount(report));
  }

  private Estimate selectionBias(Entry entry) {
    double selected = entry.selection().accuracy() - baseline.selection().accuracy();
    return entry.heldOut().isPresent()
        ? SelectionBias.measured(selected, heldOutGain(entry), heldOutInterval(entry))
        : Choice.of(report, entry).bias();
  }

  private double heldOutGain(Entry entry) {
    return entry.score().accuracy() - baseline.score().accuracy();
  }

  /** Weighted means of [0, 1] have an interval; a difference in [-1, 1] is moved there and back. */
  private Interval heldOutInterval(Entry entry) {
    List<WeightedMean.Stratum> strata = new ArrayList<>();
    for (Gain gain : gains(entry)) {
      double weight = report.provenance().selection().weights().share(strata.size());
      Interval moved = new Interval(moved(gain.interval().low()), moved(gain.interval().high()));
      strata.add(new WeightedMean.Stratum(weight, moved(gain.difference()), moved));
    }
    Interval mean = WeightedMean.interval(moved(heldOutGain(entry)), strata);
    return new Interval(2 * mean.low() - 1, 2 * mean.high() - 1);
  }

  private static double moved(double difference) {
    return (1 + difference) / 2;
  }
}
