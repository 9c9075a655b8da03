package dev.tale.bench.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.estimate.Interval;
import dev.tale.stats.MultipleTests;
import dev.tale.stats.Tango;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs of a study as tables: one row for each number of removed layers. P-values are adjusted by
 * Holm for all rows of all runs.
 */
final class RealTables {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double CONFIDENCE = 0.95;

  private final List<Row> rows = new ArrayList<>();
  private final double[] adjusted;

  /**
   * One configuration of one run, on held-out rows.
   *
   * @param selection gain in selection rows, of so many
   * @param parts gain in parts
   * @param other gain under the other prompt
   */
  private record Row(
      String task,
      String search,
      JsonNode removed,
      int baseline,
      int correct,
      int total,
      int gained,
      int lost,
      double pValue,
      int selection,
      int selectionRows,
      JsonNode parts,
      JsonNode unbiased,
      int free,
      JsonNode other) {}

  RealTables(List<JsonNode> runs) {
    runs.forEach(this::add);
    adjusted = MultipleTests.holm(rows.stream().mapToDouble(Row::pValue).toArray());
  }

  private void add(JsonNode run) {
    JsonNode result = run.get("result");
    JsonNode gain = result.at("/gains/0");
    int baseline = result.at("/baseline/heldOut/correct").asInt();
    int free = 0;
    for (JsonNode each : gain.path("free")) {
      free = Math.max(free, each.at("/heldOut/correct").asInt());
    }
    for (int i = 0; i < result.get("steps").size(); i++) {
      JsonNode step = result.get("steps").get(i);
      JsonNode versus = step.at("/heldOut/versusBaseline");
      JsonNode found = gain.path("path").get(i + 1);
      rows.add(
          new Row(
              run.get("task").asText(),
              run.get("search").asText(),
              step.get("removedLayers"),
              baseline,
              step.at("/heldOut/correct").asInt(),
              step.at("/heldOut/total").asInt(),
              versus.get("gained").asInt(),
              versus.get("lost").asInt(),
              versus.get("mcNemarExactP").asDouble(),
              step.get("correct").asInt() - result.at("/baseline/correct").asInt(),
              step.get("total").asInt(),
              found.get("parts"),
              found.path("lessFittedBias").path("correct"),
              free,
              run.get("otherPrompt").get(i + 1)));
    }
  }

  JsonNode json() {
    ArrayNode all = JSON.createArrayNode();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      ObjectNode node = all.addObject();
      node.put("task", row.task()).put("search", row.search());
      node.set("removedLayers", row.removed());
      node.put("baseline", row.baseline())
          .put("correct", row.correct())
          .put("total", row.total())
          .put("gained", row.gained())
          .put("lost", row.lost())
          .put("mcNemarExactP", row.pValue())
          .put("holmP", adjusted[i])
          .put("selectionGain", row.selection())
          .put("selectionRows", row.selectionRows())
          .put("bestFree", row.free());
      node.set("parts", row.parts());
      node.set("otherPrompt", row.other());
    }
    return all;
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("Rows right on held-out rows. ")
        .append("[ ] is Tango's 95 % interval in points, p is McNemar's, exact, adjusted by Holm ")
        .append("for the ")
        .append(rows.size())
        .append(" comparisons of this table. Free: the best of what removes nothing.\n\n");
    text.append(
        "| task | search | without layers | unpruned | pruned | difference, points | p | selection,"
            + " points | format, bias, rest, rows | free | other prompt, points, p alone |\n");
    text.append("|---|---|---|---|---|---|---|---|---|---|---|\n");
    for (int i = 0; i < rows.size(); i++) {
      text.append(line(rows.get(i), adjusted[i]));
    }
    return text.toString();
  }

  private static String line(Row row, double adjusted) {
    Interval interval = Tango.interval(row.gained(), row.lost(), row.total(), CONFIDENCE);
    int other = row.other().get("gained").asInt() - row.other().get("lost").asInt();
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %d/%d | %d | %+.1f [%+.1f, %+.1f] | %.2g | %+.1f | %+d, %+d, %+d | %d |"
            + " %+.1f, %.2g |%n",
        row.task(),
        row.search(),
        row.removed().toString().replaceAll("[\\[\\]]", ""),
        row.baseline(),
        row.total(),
        row.correct(),
        100.0 * (row.correct() - row.baseline()) / row.total(),
        100 * interval.low(),
        100 * interval.high(),
        adjusted,
        100.0 * row.selection() / row.selectionRows(),
        row.parts().get("format").asInt(),
        row.parts().get("bias").asInt(),
        row.parts().get("rest").asInt(),
        row.free(),
        100.0 * other / row.other().get("total").asInt(),
        row.other().get("mcNemarExactP").asDouble());
  }
}
