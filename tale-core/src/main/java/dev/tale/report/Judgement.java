package dev.tale.report;

import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import dev.tale.evaluate.Bounds;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.TaskScore;
import dev.tale.model.LayerMask;
import dev.tale.stats.SelectionBias;
import dev.tale.stats.WeightedMean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Judges BEST, BSBA and FINAL against the baseline. */
final class Judgement {
  private final Report report;
  private final Configuration baseline;
  private final Looks looks;

  private Judgement(Report report, Looks looks) {
    this.report = report;
    this.baseline = report.baseline();
    this.looks = looks;
  }

  static Looks looks(Report report) {
    return Looks.at(List.copyOf(report.found().values()));
  }

  /**
   * Returns the number of comparisons on the rows that are reported on: on held-out rows those that
   * are shown, on selection rows those that the search chose from. 0 if there was no other
   * configuration.
   */
  static int lookCount(Report report) {
    if (report.isHeldOut()) {
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

  /** Judges each once, by its removed layers; there is nothing to say of the baseline itself. */
  static Map<LayerMask, Evidence> of(Report report) {
    Judgement judgement = new Judgement(report, looks(report));
    Map<LayerMask, Evidence> evidence = new LinkedHashMap<>();
    report.found().values().stream()
        .filter(configuration -> !configuration.isBaseline())
        .forEach(found -> evidence.computeIfAbsent(found.mask(), key -> judgement.of(found)));
    return evidence;
  }

  private Evidence of(Configuration configuration) {
    return new Evidence(gains(configuration), selectionBias(configuration));
  }

  private List<Gain> gains(Configuration configuration) {
    return IntStream.range(0, configuration.quoted().byTask().size())
        .mapToObj(task -> gain(configuration, task))
        .toList();
  }

  private Gain gain(Configuration configuration, int task) {
    TaskScore before = baseline.quoted().byTask().get(task);
    TaskScore after = configuration.quoted().byTask().get(task);
    PairedComparison comparison = PairedComparison.of(before, after);
    return Gain.of(
        before.total(), comparison, looks.adjustedP(configuration, task), lookCount(report));
  }

  private Estimate selectionBias(Configuration configuration) {
    double selected = configuration.score().accuracy() - baseline.score().accuracy();
    return configuration.heldOut().isPresent()
        ? SelectionBias.measured(
            selected, heldOutGain(configuration), heldOutInterval(configuration))
        : Candidates.of(report, configuration).bias();
  }

  private double heldOutGain(Configuration configuration) {
    return configuration.quoted().accuracy() - baseline.quoted().accuracy();
  }

  /** Weighted means of [0, 1] have an interval; a difference in [-1, 1] is moved there and back. */
  private Interval heldOutInterval(Configuration configuration) {
    List<WeightedMean.Stratum> strata = new ArrayList<>();
    for (Gain gain : gains(configuration)) {
      double weight = report.provenance().selection().weights().share(strata.size());
      Interval moved = new Interval(moved(gain.interval().low()), moved(gain.interval().high()));
      strata.add(new WeightedMean.Stratum(weight, moved(gain.difference()), moved));
    }
    Interval mean = WeightedMean.interval(moved(heldOutGain(configuration)), strata);
    return new Interval(2 * mean.low() - 1, 2 * mean.high() - 1);
  }

  private static double moved(double difference) {
    return (1 + difference) / 2;
  }
}
