package dev.tale.report.section;

import com.google.common.base.Ascii;
import dev.tale.analysis.BoundarySeries;
import dev.tale.analysis.LayerAnalysis;
import dev.tale.analysis.LayerAnalysis.Missing;
import dev.tale.analysis.RankAgreement;
import dev.tale.document.JsonFields;
import dev.tale.importance.LayerScore;
import dev.tale.importance.LayerScores;

/**
 * A result's JSON with all that the other files of a report hold: {@code chosenLayers} and {@code
 * flips}, and under {@code layerAnalysis}, if there is one, {@code importance}, {@code agreements},
 * {@code information} and {@code missing}.
 */
final class ContentJson {
  private ContentJson() {}

  static String write(ReportContent content) {
    JsonFields root =
        JsonFields.of(content.run().toJson())
            .put("chosenLayers", content.chosen().mask().removed())
            .put("flips", content.flips().stream().map(ContentJson::of).toList());
    if (!content.analysis().equals(LayerAnalysis.none())) {
      root.put("layerAnalysis", of(content.analysis()));
    }
    return root.text();
  }

  private static JsonFields of(Flip flip) {
    return new JsonFields()
        .put("rows", flip.rows())
        .put("task", flip.task())
        .put("row", flip.row())
        .put("change", flip.change())
        .put("target", flip.target())
        .put("before", flip.before())
        .put("after", flip.after());
  }

  private static JsonFields of(LayerAnalysis analysis) {
    return new JsonFields()
        .put("importance", analysis.importance().stream().map(ContentJson::of).toList())
        .put("agreements", analysis.agreements().stream().map(ContentJson::of).toList())
        .put("information", analysis.information().stream().map(ContentJson::of).toList())
        .put("missing", analysis.missing().stream().map(ContentJson::of).toList());
  }

  private static JsonFields of(LayerScores scores) {
    return new JsonFields()
        .put("measure", scores.measure())
        .put("unit", scores.unit())
        .put("layers", scores.layers().stream().map(ContentJson::of).toList());
  }

  private static JsonFields of(LayerScore score) {
    return new JsonFields()
        .put("layer", score.layer())
        .put("value", score.value())
        .put("interval95", score.interval());
  }

  private static JsonFields of(RankAgreement agreement) {
    return new JsonFields()
        .put("measure", agreement.measure())
        .put("lossMeasuredOn", agreement.rows())
        .put("kendallTau", agreement.tau())
        .put("interval95", agreement.interval());
  }

  private static JsonFields of(BoundarySeries series) {
    return new JsonFields()
        .put("name", series.name())
        .put("unit", series.unit())
        .put("boundaries", series.points().stream().map(ContentJson::of).toList())
        .put("falls", series.falls());
  }

  private static JsonFields of(BoundarySeries.Point point) {
    return new JsonFields()
        .put("boundary", point.boundary())
        .put("value", point.value())
        .put("interval95", point.interval());
  }

  private static JsonFields of(Missing missing) {
    return new JsonFields()
        .put("of", Ascii.toLowerCase(missing.kind().name()))
        .put("what", missing.what())
        .put("reason", missing.reason());
  }
}
