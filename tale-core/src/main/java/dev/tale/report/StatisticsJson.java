package dev.tale.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Ascii;
import dev.tale.estimate.Estimate;
import java.util.OptionalDouble;

/** Writes what the rows say of BEST, BSBA and FINAL against the baseline as JSON. */
final class StatisticsJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Report report;

  private StatisticsJson(Report report) {
    this.report = report;
  }

  static ObjectNode write(Report report) {
    return new StatisticsJson(report).write();
  }

  private ObjectNode write() {
    boolean heldOut = !report.heldOut().isEmpty();
    ObjectNode node = JSON.objectNode();
    node.put("rows", heldOut ? "heldOut" : "selection");
    node.put("looks", Findings.lookCount(report));
    node.put("level", Gain.POWER.level());
    node.put("power", Gain.POWER.power());
    node.put("selectionBiasFrom", heldOut ? "heldOut rows" : "bootstrap of the selection rows");
    report
        .findings()
        .forEach(finding -> node.set(Ascii.toLowerCase(finding.name()), finding(finding)));
    return node;
  }

  private ObjectNode finding(Finding finding) {
    ObjectNode node = JSON.objectNode();
    node.set("removedLayers", ReportJson.removed(finding.entry().mask()));
    ArrayNode gains = node.putArray("gains");
    finding.byTask().forEach(gain -> gains.add(gain(gains.size(), gain)));
    finding.selectionBias().ifPresent(bias -> put(node.putObject("selectionBias"), bias));
    return node;
  }

  private ObjectNode gain(int task, Gain gain) {
    ObjectNode node = JSON.objectNode();
    node.put("task", report.provenance().selection().tasks().get(task).name());
    node.put("rows", gain.rows());
    node.put("gained", gain.comparison().gained());
    node.put("lost", gain.comparison().lost());
    node.put("difference", gain.difference());
    ScoreJson.putInterval(node, "tango95", gain.interval());
    put(node, "smallestDetectableGain", gain.smallest());
    put(node, "smallestDetectableGainAfterLooks", gain.smallestOfLooks());
    node.put("withinNoise", gain.isWithinNoise());
    return node;
  }

  private static void put(ObjectNode node, String name, OptionalDouble value) {
    if (value.isPresent()) {
      node.put(name, value.getAsDouble());
    } else {
      node.putNull(name);
    }
  }

  private static void put(ObjectNode node, Estimate bias) {
    node.put("estimate", bias.value());
    ScoreJson.putInterval(node, "interval95", bias.interval());
  }
}
