package dev.tale.bench.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A study as tables for people, in Markdown. */
final class StudyText {
  private final JsonNode study;
  private final JsonNode summary;
  private final StringBuilder text = new StringBuilder();

  StudyText(JsonNode study) {
    this.study = study;
    this.summary = study.get("summary");
  }

  String write() {
    say("# Every strategy on every task of nano-llama");
    say(
        "%d of %d runs (task and seed); %s selection rows and %s held-out rows, or as many as there"
            + " are. A strategy's configuration at n removed layers is the best that it saw on the"
            + " selection rows; all accuracies below are of the held-out rows. Searches went on to"
            + " %d removed layers, whatever the accuracy (exhaustive search to %d); layer-forwards"
            + " are those of a whole search on the selection rows, without those of the measure of"
            + " importance that it goes by.",
        study.get("runs").asInt(),
        study.get("runsPlanned").asInt(),
        study.get("settings").get("selectionRows").asText(),
        study.get("settings").get("heldOutRows").asText(),
        StudySearches.MOST_REMOVED,
        StudySearches.MOST_REMOVED_EXHAUSTIVELY);
    say(
        "%s Left out of all means, because the whole model does no better than the commonest answer:"
            + " %s.",
        intervals(),
        summary.get("tasksAtChance").isEmpty()
            ? "none"
            : String.join("; ", texts(summary.get("tasksAtChance"))));
    for (String group : List.of("in distribution", "out of distribution")) {
      strategies(group);
    }
    greedy();
    scores();
    gates();
    baselines();
    summary.get("baselines").forEach(each -> task(each.get("task").asText()));
    return text.toString();
  }

  private String intervals() {
    return summary.get("strategies").findValue("changeInterval") == null
        ? String.format(
            "Means over tasks have no interval: too few tasks, fewer than %d.",
            TaskMeans.LEAST_TASKS)
        : String.format(
            "Intervals are 95 %% over the choice of tasks; means of fewer than %d tasks have none:"
                + " too few tasks.",
            TaskMeans.LEAST_TASKS);
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private void say(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append("\n\n");
  }

  private void row(List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private void header(String... cells) {
    row(List.of(cells));
    text.append("|---".repeat(cells.length)).append("|\n");
  }

  /** By strategy, then by number of removed layers. */
  private static Map<String, Map<Integer, JsonNode>> table(JsonNode rows, String group) {
    Map<String, Map<Integer, JsonNode>> table = new LinkedHashMap<>();
    for (JsonNode row : rows) {
      if (row.get("group").asText().equals(group)) {
        table
            .computeIfAbsent(row.get("strategy").asText(), key -> new LinkedHashMap<>())
            .put(row.get("removed").asInt(), row);
      }
    }
    return table;
  }

  private void strategies(String group) {
    Map<String, Map<Integer, JsonNode>> table = table(summary.get("strategies"), group);
    if (table.isEmpty()) {
      return;
    }
    say("## Change of accuracy against the whole model, in points: tasks %s", group);
    header(
        "strategy",
        "1 removed",
        "2",
        "3",
        "4",
        "runs",
        "layer-forwards, millions",
        "share of naive");
    table.forEach(
        (strategy, byRemoved) -> {
          JsonNode first = byRemoved.values().iterator().next();
          double work = first.get("layerForwards").asDouble();
          List<String> cells = cells(strategy, byRemoved, StudyText::change);
          cells.add(first.get("runs").asText());
          cells.add(number("%.2f", work / 1e6));
          cells.add(number("%.2f", work / first.get("naiveLayerForwards").asDouble()));
          row(cells);
        });
    row(
        cells(
            "measured speed-up, of greedy",
            table.getOrDefault(StudySearches.GREEDY, Map.of()),
            StudyText::speedup));
    text.append('\n');
  }

  private static List<String> cells(
      String name, Map<Integer, JsonNode> byRemoved, Function<JsonNode, String> cell) {
    List<String> cells = new ArrayList<>(List.of(name));
    IntStream.rangeClosed(1, StudySearches.MOST_REMOVED)
        .forEach(
            removed -> cells.add(Optional.ofNullable(byRemoved.get(removed)).map(cell).orElse("")));
    return cells;
  }

  private static String change(JsonNode row) {
    return mean(row, "change", 100, "%+.1f");
  }

  private static String speedup(JsonNode row) {
    return mean(row, "speedup", 1, "%.2f");
  }

  /** The mean with its interval, if it has one. */
  private static String mean(JsonNode row, String name, double unit, String format) {
    String mean = number(format, row.get(name).asDouble() * unit);
    return mean + bracketed(row.path(name + "Interval"), unit, format);
  }

  private static String bracketed(JsonNode interval, double unit, String format) {
    return interval.isMissingNode()
        ? ""
        : number(" [" + format, interval.get(0).asDouble() * unit)
            + number(", " + format + "]", interval.get(1).asDouble() * unit);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private void greedy() {
    if (summary.get("greedyAgainstExhaustive").isEmpty()) {
      return;
    }
    say("## What exhaustive search finds better than greedy search, in points of accuracy");
    header(
        "removed",
        "runs",
        "none better",
        "on selection rows",
        "largest",
        "on held-out rows",
        "smallest",
        "largest");
    for (JsonNode row : summary.get("greedyAgainstExhaustive")) {
      row(
          List.of(
              row.get("removed").asText(),
              row.get("runs").asText(),
              row.get("runsWithEqualSelectionAccuracy").asText(),
              mean(row, "selectionGap", 100, "%+.1f"),
              number("%+.1f", row.get("largestSelectionGap").asDouble() * 100),
              mean(row, "heldOutGap", 100, "%+.1f"),
              number("%+.1f", row.get("smallestHeldOutGap").asDouble() * 100),
              number("%+.1f", row.get("largestHeldOutGap").asDouble() * 100)));
    }
    text.append('\n');
  }

  private void scores() {
    say(
        "## Kendall's tau of measures on the selection rows against the loss of accuracy without"
            + " each layer on held-out rows");
    header("measure", "tasks", "runs", "tau", "lowest", "highest", "layer-forwards, millions");
    for (JsonNode row : summary.get("importance")) {
      if (!row.get("group").asText().equals("all")) {
        continue;
      }
      row(
          List.of(
              row.get("score").asText(),
              row.get("tasks").asText(),
              row.get("runs").asText(),
              mean(row, "tau", 1, "%+.2f"),
              number("%+.2f", row.get("lowest").asDouble()),
              number("%+.2f", row.get("highest").asDouble()),
              number("%.2f", row.get("layerForwards").asDouble() / 1e6)));
    }
    text.append('\n');
  }

  private void gates() {
    if (summary.get("gates").isEmpty()) {
      return;
    }
    say(
        "## The change of the loss when one layer's gate is closed by a step, against the gradient"
            + " times the step; step 1 removes the layer");
    header("step", "runs", "relative error", "largest", "layers with the same sign", "tau");
    for (JsonNode row : summary.get("gates")) {
      row(
          List.of(
              row.get("step").asText(),
              row.get("runs").asText(),
              mean(row, "relativeError", 1, "%.3f"),
              number("%.3f", row.get("largestRelativeError").asDouble()),
              mean(row, "layersWithSameSign", 1, "%.1f"),
              row.has("tau") ? mean(row, "tau", 1, "%+.2f") : ""));
    }
    text.append('\n');
  }

  private void baselines() {
    say("## The whole model");
    header("task", "", "seeds", "selection rows", "held-out rows", "accuracy", "lowest", "highest");
    for (JsonNode row : summary.get("baselines")) {
      row(
          List.of(
              row.get("task").asText(),
              (row.get("inDistribution").asBoolean() ? "in" : "out")
                  + (row.get("atChance").asBoolean() ? ", at chance" : ""),
              row.get("seeds").asText(),
              row.get("selectionRows").asText(),
              row.get("heldOutRows").asText(),
              number("%.3f", row.get("heldOutAccuracy").asDouble()),
              number("%.3f", row.get("lowest").asDouble()),
              number("%.3f", row.get("highest").asDouble())));
    }
    text.append('\n');
  }

  private void task(String task) {
    JsonNode rows = summary.get("byTask");
    boolean single = table(rows, task).values().stream().allMatch(StudyText::isOneRun);
    say(
        "## %s: change of accuracy in points%s",
        task,
        single
            ? ", with 95 % intervals over the choice of rows where they were written"
            : ", lowest to highest of the seeds");
    header("strategy", "1 removed", "2", "3", "4", "layer-forwards, millions");
    table(rows, task)
        .forEach(
            (strategy, byRemoved) -> {
              List<String> cells = cells(strategy, byRemoved, StudyText::changes);
              double work = byRemoved.values().iterator().next().get("layerForwards").asDouble();
              cells.add(number("%.2f", work / 1e6));
              row(cells);
            });
    text.append('\n');
  }

  private static boolean isOneRun(Map<Integer, JsonNode> byRemoved) {
    return byRemoved.values().stream().allMatch(row -> row.get("runs").asInt() == 1);
  }

  private static String changes(JsonNode row) {
    String mean = number("%+.1f", row.get("change").asDouble() * 100);
    return row.get("runs").asInt() == 1
        ? mean + bracketed(row.path("changeIntervalOverRows"), 100, "%+.1f")
        : mean
            + number(" (%+.1f", row.get("lowestChange").asDouble() * 100)
            + number(" to %+.1f)", row.get("highestChange").asDouble() * 100);
  }
}
