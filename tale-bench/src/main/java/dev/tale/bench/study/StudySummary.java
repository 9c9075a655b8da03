package dev.tale.bench.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the runs of a study come to. Means are over the tasks that the whole model does better than
 * one answer for all rows on every seed; the others are listed and marked.
 */
record StudySummary(List<JsonNode> runs) {
  ObjectNode json() {
    ObjectNode summary = new ObjectMapper().createObjectNode();
    ArrayNode atChance = summary.putArray("tasksAtChance");
    atChance().forEach(atChance::add);
    summary.put("runsBetterOrWorseBy", RunLooks.TEST);
    ArrayNode baselines = summary.putArray("baselines");
    ArrayNode strategies = summary.putArray("strategies");
    ArrayNode scores = summary.putArray("importance");
    groups()
        .forEach(
            (name, group) -> {
              List<JsonNode> inGroup = able().stream().filter(group).toList();
              putStrategies(strategies, name, inGroup);
              putScores(scores, name, inGroup);
            });
    ArrayNode byTask = summary.putArray("byTask");
    for (String task : tasks()) {
      List<JsonNode> ofTask = runs.stream().filter(run -> task(run).equals(task)).toList();
      putBaseline(baselines.addObject(), ofTask);
      putStrategies(byTask, task, ofTask);
    }
    putGreedy(summary.putArray("greedyAgainstExhaustive"));
    putGates(summary.putArray("gates"));
    return summary;
  }

  private static Map<String, Predicate<JsonNode>> groups() {
    Map<String, Predicate<JsonNode>> groups = new LinkedHashMap<>();
    groups.put("all", run -> true);
    groups.put("in distribution", run -> run.get("inDistribution").asBoolean());
    groups.put("out of distribution", run -> !run.get("inDistribution").asBoolean());
    return groups;
  }

  private static String task(JsonNode node) {
    return node.get("task").asText();
  }

  private Set<String> tasks() {
    Set<String> tasks = new LinkedHashSet<>();
    runs.forEach(run -> tasks.add(task(run)));
    return tasks;
  }

  private Set<String> atChance() {
    Set<String> tasks = new LinkedHashSet<>();
    runs.stream()
        .filter(run -> run.get("atChance").asBoolean())
        .forEach(run -> tasks.add(task(run)));
    return tasks;
  }

  private List<JsonNode> able() {
    Set<String> atChance = atChance();
    return runs.stream().filter(run -> !atChance.contains(task(run))).toList();
  }

  private static void putBaseline(ObjectNode node, List<JsonNode> ofTask) {
    TaskMeans accuracy = new TaskMeans();
    ofTask.forEach(run -> accuracy.add(task(run), heldOutBaseline(run)));
    JsonNode first = ofTask.get(0);
    node.put("task", task(first));
    node.put("inDistribution", first.get("inDistribution").asBoolean());
    node.put("atChance", ofTask.stream().anyMatch(run -> run.get("atChance").asBoolean()));
    node.put("seeds", ofTask.size());
    node.put("selectionRows", first.get("selectionRows").asInt());
    node.put("heldOutRows", first.get("heldOutRows").asInt());
    node.put("availableRows", first.get("availableRows").asLong());
    node.put("heldOutAccuracy", accuracy.mean());
    node.put("lowest", accuracy.lowest());
    node.put("highest", accuracy.highest());
  }

  private static double heldOutBaseline(JsonNode run) {
    return run.get("baseline").get("heldOutAccuracy").asDouble();
  }

  private static void putStrategies(ArrayNode list, String group, List<JsonNode> runs) {
    Map<String, Map<Integer, StrategyMeans>> means = new LinkedHashMap<>();
    for (JsonNode run : runs) {
      RunLooks looks = RunLooks.of(run);
      for (JsonNode row : run.get("rows")) {
        means
            .computeIfAbsent(row.get("strategy").asText(), key -> new LinkedHashMap<>())
            .computeIfAbsent(row.get("removed").asInt(), key -> new StrategyMeans())
            .add(run.get("baseline"), row, looks.differs(row));
      }
    }
    means.forEach(
        (strategy, byRemoved) ->
            byRemoved.forEach(
                (removed, mean) -> {
                  ObjectNode node = list.addObject();
                  node.put("group", group);
                  node.put("strategy", strategy);
                  node.put("removed", removed);
                  mean.put(node);
                }));
  }

  /**
   * One strategy's figures at one number of removed layers. A single run has an interval over its
   * rows, unless it is of a time when none was written.
   */
  private static final class StrategyMeans {
    private final TaskMeans accuracy = new TaskMeans();
    private final TaskMeans change = new TaskMeans();
    private final TaskMeans optimism = new TaskMeans();
    private final TaskMeans speedup = new TaskMeans();
    private final TaskMeans work = new TaskMeans();
    private final TaskMeans naive = new TaskMeans();
    private final TaskMeans scoring = new TaskMeans();
    private Optional<JsonNode> overRows = Optional.empty();
    private int better;
    private int worse;

    void add(JsonNode baseline, JsonNode row, boolean certain) {
      double onHeldOut = change(baseline, row, "heldOutAccuracy");
      accuracy.add(task(row), row.get("heldOutAccuracy").asDouble());
      change.add(task(row), onHeldOut);
      optimism.add(task(row), change(baseline, row, "selectionAccuracy") - onHeldOut);
      speedup.add(task(row), row.get("speedup").asDouble());
      work.add(task(row), row.get("layerForwards").asDouble());
      naive.add(task(row), row.get("naiveLayerForwards").asDouble());
      scoring.add(task(row), row.get("scoringLayerForwards").asDouble());
      overRows = Optional.ofNullable(row.get("changeInterval"));
      better += certain && onHeldOut > 0 ? 1 : 0;
      worse += certain && onHeldOut < 0 ? 1 : 0;
    }

    private static double change(JsonNode baseline, JsonNode row, String accuracy) {
      return row.get(accuracy).asDouble() - baseline.get(accuracy).asDouble();
    }

    void put(ObjectNode node) {
      node.put("tasks", accuracy.tasks());
      node.put("runs", accuracy.values());
      accuracy.put(node, "heldOutAccuracy");
      change.put(node, "change");
      if (change.values() == 1) {
        overRows.ifPresent(interval -> node.set("changeIntervalOverRows", interval));
      }
      node.put("lowestChange", change.lowest());
      node.put("highestChange", change.highest());
      node.put("runsBetter", better);
      node.put("runsWorse", worse);
      optimism.put(node, "selectionChangeMinusHeldOutChange");
      speedup.put(node, "speedup");
      node.put("layerForwards", work.mean());
      node.put("naiveLayerForwards", naive.mean());
      node.put("scoringLayerForwards", scoring.mean());
    }
  }

  private static void putScores(ArrayNode list, String group, List<JsonNode> runs) {
    Map<String, ScoreMeans> means = new LinkedHashMap<>();
    for (JsonNode run : runs) {
      for (JsonNode score : run.get("importance")) {
        means
            .computeIfAbsent(score.get("score").asText(), key -> new ScoreMeans())
            .add(task(run), score);
      }
    }
    means.forEach(
        (name, mean) -> {
          if (!mean.tau.isEmpty()) {
            mean.put(list.addObject().put("group", group).put("score", name));
          }
        });
  }

  /** One measure's figures. A measure or a drop that is the same for all layers has no tau. */
  private static final class ScoreMeans {
    private final TaskMeans tau = new TaskMeans();
    private final TaskMeans work = new TaskMeans();

    void add(String task, JsonNode score) {
      work.add(task, score.get("layerForwards").asDouble());
      if (score.has("tau")) {
        tau.add(task, score.get("tau").asDouble());
      }
    }

    void put(ObjectNode node) {
      node.put("tasks", tau.tasks());
      node.put("runs", tau.values());
      tau.put(node, "tau");
      node.put("lowest", tau.lowest());
      node.put("highest", tau.highest());
      node.put("layerForwards", work.mean());
    }
  }

  private void putGreedy(ArrayNode list) {
    for (int removed = 1; removed <= StudySearches.MOST_REMOVED_EXHAUSTIVELY; removed++) {
      TaskMeans selection = new TaskMeans();
      TaskMeans heldOut = new TaskMeans();
      int same = 0;
      for (JsonNode run : able()) {
        Optional<JsonNode> greedy = row(run, StudySearches.GREEDY, removed);
        Optional<JsonNode> best = row(run, StudySearches.EXHAUSTIVE, removed);
        if (greedy.isPresent() && best.isPresent()) {
          double gap = gap(best.get(), greedy.get(), "selectionAccuracy");
          selection.add(task(run), gap);
          heldOut.add(task(run), gap(best.get(), greedy.get(), "heldOutAccuracy"));
          same += gap == 0 ? 1 : 0;
        }
      }
      if (!selection.isEmpty()) {
        ObjectNode node = list.addObject();
        node.put("removed", removed);
        node.put("runs", selection.values());
        node.put("runsWithEqualSelectionAccuracy", same);
        selection.put(node, "selectionGap");
        node.put("largestSelectionGap", selection.highest());
        heldOut.put(node, "heldOutGap");
        node.put("largestHeldOutGap", heldOut.highest());
        node.put("smallestHeldOutGap", heldOut.lowest());
      }
    }
  }

  private static Optional<JsonNode> row(JsonNode run, String strategy, int removed) {
    for (JsonNode row : run.get("rows")) {
      if (row.get("strategy").asText().equals(strategy) && row.get("removed").asInt() == removed) {
        return Optional.of(row);
      }
    }
    return Optional.empty();
  }

  private static double gap(JsonNode best, JsonNode greedy, String accuracy) {
    return best.get(accuracy).asDouble() - greedy.get(accuracy).asDouble();
  }

  private void putGates(ArrayNode list) {
    Map<Double, GateMeans> means = new LinkedHashMap<>();
    for (JsonNode run : able()) {
      for (JsonNode step : run.path("gates").path("steps")) {
        means
            .computeIfAbsent(step.get("step").asDouble(), key -> new GateMeans())
            .add(task(run), step);
      }
    }
    means.forEach((step, mean) -> mean.put(list.addObject().put("step", step)));
  }

  /** What gates closed by one step come to. */
  private static final class GateMeans {
    private final TaskMeans error = new TaskMeans();
    private final TaskMeans sameSign = new TaskMeans();
    private final TaskMeans tau = new TaskMeans();

    void add(String task, JsonNode step) {
      error.add(task, step.get("relativeError").asDouble());
      sameSign.add(task, step.get("sameSign").asDouble());
      if (step.has("tau")) {
        tau.add(task, step.get("tau").asDouble());
      }
    }

    void put(ObjectNode node) {
      node.put("runs", error.values());
      error.put(node, "relativeError");
      node.put("largestRelativeError", error.highest());
      sameSign.put(node, "layersWithSameSign");
      if (!tau.isEmpty()) {
        tau.put(node, "tau");
      }
    }
  }
}
