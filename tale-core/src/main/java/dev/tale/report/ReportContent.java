package dev.tale.report;

import dev.tale.analysis.LayerAnalysis;
import dev.tale.evaluate.WeightedTasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that the files of a report are made of.
 *
 * @param report what the search found
 * @param decision what the trade-off chose
 * @param selection the rows that chose the layers
 * @param heldOut the rows that chose nothing, if there were any
 * @param latencies what the configurations of the report's path cost, in its order; empty if that
 *     was not measured
 * @param analysis what was measured of the layers
 * @param json the result as JSON: the report's, and perhaps what the run cost on its machine
 */
public record ReportContent(
    Report report,
    Decision decision,
    WeightedTasks selection,
    Optional<WeightedTasks> heldOut,
    List<LatencyPoint> latencies,
    LayerAnalysis analysis,
    String json) {

  /** Returns the rows that the chosen configuration has otherwise than the baseline. */
  List<Flip> flips() {
    List<Flip> flips = new ArrayList<>();
    heldOut.ifPresent(
        tasks ->
            flips.addAll(
                Flip.all(
                    "held-out",
                    tasks,
                    report.baseline().heldOut().orElseThrow(),
                    chosen().heldOut().orElseThrow())));
    flips.addAll(
        Flip.all("selection", selection, report.baseline().selection(), chosen().selection()));
    return flips;
  }

  /** Returns what is chosen, or what comes nearest to that. */
  Entry chosen() {
    return decision.entry();
  }

  Provenance provenance() {
    return report.provenance();
  }

  List<String> removed(Entry entry) {
    return provenance().model().removedNames(entry.mask());
  }
}
