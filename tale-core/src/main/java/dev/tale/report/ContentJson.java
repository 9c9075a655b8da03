package dev.tale.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import dev.tale.analysis.BoundarySeries;
import dev.tale.analysis.LayerAnalysis;
import dev.tale.analysis.LayerAnalysis.Missing;
import dev.tale.analysis.RankAgreement;
import dev.tale.estimate.Interval;
import dev.tale.importance.LayerScore;
import java.util.List;

/**
 * Adds to a result's JSON what the other files of a report hold: {@code chosenLayers} and {@code
 * flips}, and under {@code layerAnalysis}, if there is one, {@code importance}, {@code agreements},
 * {@code information} and what is {@code missing} of them. Formats 5 and 6 called it {@code
 * measurements}.
 */
final class ContentJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ContentJson() {}

  static String write(ReportContent content) {
    try {
      ObjectNode root = (ObjectNode) JSON.readTree(content.json());
      root.putPOJO("chosenLayers", content.chosen().mask().removed());
      ArrayNode flips = root.putArray("flips");
      content.flips().forEach(flip -> put(flips.addObject(), flip));
      if (!content.analysis().equals(LayerAnalysis.none())) {
        put(root.putObject("layerAnalysis"), content.analysis());
      }
      String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
      return json.replace("\r\n", "\n") + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A report cannot be read back as JSON", e);
    }
  }

  private static void put(ObjectNode node, Flip flip) {
    node.put("rows", flip.rows());
    node.put("task", flip.task());
    node.put("row", flip.row());
    node.put("change", flip.change());
    node.put("target", flip.target());
    node.put("before", flip.before());
    node.put("after", flip.after());
  }

  private static void put(ObjectNode node, LayerAnalysis analysis) {
    ArrayNode importance = node.putArray("importance");
    analysis
        .importance()
        .forEach(
            scores ->
                put(
                    importance.addObject().put("measure", scores.measure()),
                    scores.unit(),
                    scores.layers()));
    ArrayNode agreements = node.putArray("agreements");
    analysis.agreements().forEach(agreement -> put(agreements.addObject(), agreement));
    ArrayNode information = node.putArray("information");
    analysis.information().forEach(series -> put(information.addObject(), series));
    ArrayNode missing = node.putArray("missing");
    analysis.missing().forEach(each -> put(missing.addObject(), each));
  }

  private static void put(ObjectNode node, Missing missing) {
    node.put("of", Ascii.toLowerCase(missing.kind().name()));
    node.put("what", missing.what());
    node.put("reason", missing.reason());
  }

  private static void put(ObjectNode node, BoundarySeries series) {
    node.put("name", series.name());
    node.put("unit", series.unit());
    ArrayNode boundaries = node.putArray("boundaries");
    for (BoundarySeries.Point point : series.points()) {
      ObjectNode boundary = boundaries.addObject();
      boundary.put("boundary", point.boundary());
      boundary.put("value", point.value());
      put(boundary, "interval95", point.interval());
    }
    series.falls().forEach(node.putArray("falls")::add);
  }

  private static void put(ObjectNode node, RankAgreement agreement) {
    node.put("measure", agreement.measure());
    node.put("lossMeasuredOn", agreement.rows());
    node.put("kendallTau", agreement.tau());
    put(node, "interval95", agreement.interval());
  }

  private static void put(ObjectNode node, String unit, List<LayerScore> scores) {
    node.put("unit", unit);
    ArrayNode layers = node.putArray("layers");
    for (LayerScore score : scores) {
      ObjectNode layer = layers.addObject();
      layer.put("layer", score.layer());
      layer.put("value", score.value());
      put(layer, "interval95", score.interval());
    }
  }

  private static void put(ObjectNode node, String name, Interval interval) {
    node.putArray(name).add(interval.low()).add(interval.high());
  }
}
