package dev.tale.report.section;

import dev.tale.analysis.LayerAnalysis;
import dev.tale.document.Document;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.report.Provenance;
import dev.tale.report.Report;
import dev.tale.report.SearchRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that a result is told from.
 *
 * @param run the search and its choice
 * @param selection the rows that chose the layers
 * @param heldOut the rows that chose nothing, if there were any
 * @param analysis measures of the layers
 */
public record ReportContent(
    SearchRun run,
    WeightedTasks selection,
    Optional<WeightedTasks> heldOut,
    LayerAnalysis analysis) {
  /** Returns the result as a document. The same result and analysis give the same one. */
  public Document document() {
    return new Document(
        report().provenance().title(),
        List.of(
            SummarySection.of(this),
            AnswersSection.of(this),
            TrajectorySection.of(this),
            RoundsSection.of(this),
            LatencySection.of(this),
            ImportanceSection.of(this),
            InformationSection.of(this),
            FlipsSection.of(this),
            ProvenanceSection.of(this)));
  }

  /** Returns the sections that fit a terminal, with the time that the run took. */
  public Document brief() {
    return new Document(
        report().provenance().title(),
        List.of(SummarySection.of(this), RunSection.of(run), LatencySection.of(this)));
  }

  Report report() {
    return run.report();
  }

  Provenance provenance() {
    return report().provenance();
  }

  Configuration chosen() {
    return run.chosen();
  }

  /** The name of a chosen configuration that has no other. */
  String word() {
    return run.isMet() ? "chosen" : "nearest";
  }

  /** Returns the rows that the chosen configuration has otherwise than the baseline. */
  List<Flip> flips() {
    List<Flip> flips = new ArrayList<>();
    heldOut.ifPresent(
        tasks ->
            flips.addAll(
                Flip.all("held-out", tasks, report().baseline().quoted(), chosen().quoted())));
    flips.addAll(Flip.all("selection", selection, report().baseline().score(), chosen().score()));
    return flips;
  }
}
