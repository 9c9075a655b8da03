package dev.tale.importance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.estimate.Interval;
import dev.tale.importance.InformationProfile.Bottleneck;
import dev.tale.importance.InformationProfile.BoundaryInformation;

/** Writes a bottleneck analysis as JSON, format {@value #FORMAT}. Field order is fixed. */
final class InformationJson {
  static final int FORMAT = 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  private InformationJson() {}

  static String write(BottleneckAnalysis analysis) {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT);
    root.put("estimator", analysis.full().estimator());
    root.put("unit", "bit");
    root.put("rows", analysis.full().rows());
    root.put("labels", analysis.full().labels());
    root.put("labelEntropy", analysis.full().labelEntropy());
    root.set("full", profile(analysis.full()));
    root.set("pruned", profile(analysis.pruned()));
    try {
      String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
      return json.replace("\r\n", "\n") + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An analysis cannot be written as JSON", e);
    }
  }

  private static ObjectNode profile(InformationProfile profile) {
    ObjectNode node = JSON.createObjectNode();
    ArrayNode removed = node.putArray("removed");
    profile.mask().removed().forEach(removed::add);
    ArrayNode boundaries = node.putArray("boundaries");
    for (BoundaryInformation each : profile.boundaries()) {
      ObjectNode boundary = boundaries.addObject();
      boundary.put("boundary", each.boundary());
      boundary.put("bits", each.bits());
      putInterval(boundary, "interval95", each.interval());
    }
    ArrayNode bottlenecks = node.putArray("bottlenecks");
    for (Bottleneck each : profile.bottlenecks()) {
      ObjectNode bottleneck = bottlenecks.addObject();
      bottleneck.put("layer", each.layer());
      bottleneck.put("change", each.change());
      putInterval(bottleneck, "interval95OfAll", each.interval());
    }
    return node;
  }

  private static void putInterval(ObjectNode node, String name, Interval interval) {
    node.putArray(name).add(interval.low()).add(interval.high());
  }
}
