package dev.tale.report;

import dev.tale.analysis.LayerAnalysis.Kind;
import dev.tale.analysis.RankAgreement;
import dev.tale.chart.BarChart;
import dev.tale.chart.Point;
import dev.tale.importance.LayerScore;
import dev.tale.importance.LayerScores;
import java.util.List;
import java.util.Set;

/** How much each layer matters, by each measure. */
final class ImportanceSection {
  private ImportanceSection() {}

  static Section of(ReportContent content) {
    Section section = Section.of("importance", "Importance by layer");
    List<LayerScores> measures = content.analysis().importance();
    if (measures.isEmpty()) {
      section = section.say("No measure of importance was taken for this report.");
      return section.say(content.analysis().missing(Kind.IMPORTANCE));
    }
    section =
        section.say(
            "The higher, the more the layer matters by that measure. Layers that the chosen"
                + " configuration removes are striped and bear a cross; whiskers are 95 %"
                + " intervals.");
    Set<Integer> removed = Set.copyOf(content.chosen().mask().removed());
    for (int i = 0; i < measures.size(); i++) {
      LayerScores scores = measures.get(i);
      section =
          section
              .draw(
                  scores.unit().isEmpty()
                      ? scores.measure()
                      : scores.measure() + ", " + scores.unit(),
                  BarChart.svg(
                      "importance-" + i,
                      scores.measure(),
                      scores.unit(),
                      scores.layers().stream().map(s -> point(s, scores.unit())).toList(),
                      removed))
              .show(table(scores, removed));
    }
    List<RankAgreement> agreements = content.analysis().agreements();
    section = agreements.isEmpty() ? section : section.show(agreements(agreements));
    return section.say(content.analysis().missing(Kind.IMPORTANCE));
  }

  private static Point point(LayerScore score, String unit) {
    return new Point(
        score.layer(),
        score.value(),
        score.interval(),
        "layer "
            + score.layer()
            + ": "
            + Figures.value(score.value(), score.interval())
            + " "
            + unit);
  }

  private static Table table(LayerScores scores, Set<Integer> removed) {
    Table table =
        Table.of(
                scores.measure(),
                "layer",
                scores.unit().isEmpty() ? "value" : "value, " + scores.unit(),
                "removed")
            .fold();
    for (LayerScore score : scores.layers()) {
      table =
          table.row(
              String.valueOf(score.layer()),
              Figures.value(score.value(), score.interval()),
              removed.contains(score.layer()) ? "yes" : "no");
    }
    return table;
  }

  private static Table agreements(List<RankAgreement> agreements) {
    Table table =
        Table.of(
            "Agreement with the loss of accuracy without each layer",
            "measure",
            "loss measured on",
            "Kendall tau");
    for (RankAgreement agreement : agreements) {
      table =
          table.row(
              agreement.measure(),
              agreement.rows() + " rows",
              Figures.value(agreement.tau(), agreement.interval()));
    }
    return table;
  }
}
