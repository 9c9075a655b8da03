package dev.tale.report.section;

import dev.tale.analysis.LayerAnalysis.Kind;
import dev.tale.analysis.RankAgreement;
import dev.tale.chart.BarChart;
import dev.tale.chart.Point;
import dev.tale.document.Block;
import dev.tale.document.Block.Chart;
import dev.tale.document.Block.Paragraph;
import dev.tale.document.DocumentSection;
import dev.tale.document.Table;
import dev.tale.importance.LayerScore;
import dev.tale.importance.LayerScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The importance of each layer, by each measure. */
final class ImportanceSection {
  private static final String NOTE =
      "The higher, the more the layer matters by that measure. Layers that the chosen configuration"
          + " removes are striped and bear a cross; whiskers are 95 % intervals.";

  private ImportanceSection() {}

  static DocumentSection of(ReportContent content) {
    List<Block> blocks = new ArrayList<>();
    List<LayerScores> measures = content.analysis().importance();
    if (measures.isEmpty()) {
      blocks.add(new Paragraph("No measure of importance was taken for this report."));
    }
    Set<Integer> removed = Set.copyOf(content.chosen().mask().removed());
    for (LayerScores scores : measures) {
      blocks.add(chart("importance-" + blocks.size() / 2, scores, removed));
      blocks.add(table(scores, removed));
    }
    List<RankAgreement> agreements = content.analysis().agreements();
    if (!agreements.isEmpty()) {
      blocks.add(agreements(agreements));
    }
    blocks.addAll(NotMeasured.of(content.analysis(), Kind.IMPORTANCE));
    return new DocumentSection("importance", "Importance by layer", blocks);
  }

  private static Chart chart(String id, LayerScores scores, Set<Integer> removed) {
    String unit = scores.unit();
    return new Chart(
        unit.isEmpty() ? scores.measure() : scores.measure() + ", " + unit,
        id.endsWith("-0") ? NOTE : "",
        BarChart.svg(
            id,
            scores.measure(),
            unit,
            scores.layers().stream().map(score -> point(score, unit)).toList(),
            removed));
  }

  private static Point point(LayerScore score, String unit) {
    String value = Figures.value(score.value(), score.interval());
    return new Point(
        score.layer(),
        score.value(),
        score.interval(),
        "layer " + score.layer() + ": " + value + " " + unit);
  }

  private static Table table(LayerScores scores, Set<Integer> removed) {
    return Table.ofChart(
        scores.measure(),
        List.of("layer", scores.unit().isEmpty() ? "value" : "value, " + scores.unit(), "removed"),
        scores.layers().stream()
            .map(
                score ->
                    List.of(
                        String.valueOf(score.layer()),
                        Figures.value(score.value(), score.interval()),
                        removed.contains(score.layer()) ? "yes" : "no"))
            .toList());
  }

  private static Table agreements(List<RankAgreement> agreements) {
    return Table.open(
        "Agreement with the loss of accuracy without each layer",
        List.of("measure", "loss measured on", "Kendall tau"),
        agreements.stream()
            .map(
                agreement ->
                    List.of(
                        agreement.measure(),
                        agreement.rows() + " rows",
                        Figures.value(agreement.tau(), agreement.interval())))
            .toList());
  }
}
