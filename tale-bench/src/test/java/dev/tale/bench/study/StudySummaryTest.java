package dev.tale.bench.study;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StudySummaryTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A run of which row i removes layer i, by strategy i, and differs with such a p-value. */
  private static ObjectNode run(String task, double... pValues) {
    ObjectNode run = JSON.createObjectNode();
    run.put("task", task).put("inDistribution", true).put("atChance", false);
    run.put("selectionRows", 10).put("heldOutRows", 100).put("availableRows", 110);
    run.putObject("baseline").put("heldOutAccuracy", 0.5).put("selectionAccuracy", 0.5);
    run.putArray("importance");
    run.putArray("rows");
    IntStream.range(0, pValues.length)
        .forEach(i -> row(run, "strategy " + i, i, pValues[i]).put("heldOutAccuracy", 0.6));
    return run;
  }

  private static ObjectNode row(ObjectNode run, String strategy, int layer, double pValue) {
    ObjectNode row = run.withArray("/rows").addObject();
    row.put("task", run.get("task").asText()).put("strategy", strategy).put("removed", 1);
    row.putArray("mask").add(layer);
    row.put("selectionAccuracy", 0.6).put("heldOutAccuracy", 0.4).put("pValue", pValue);
    row.put("speedup", 1.1).put("layerForwards", 1).put("naiveLayerForwards", 1);
    row.put("scoringLayerForwards", 0);
    return row;
  }

  private static JsonNode strategy(ObjectNode summary, String list, String name) {
    List<JsonNode> found = new ArrayList<>();
    summary
        .get(list)
        .forEach(
            row -> {
              if (row.get("strategy").asText().equals(name)) {
                found.add(row);
              }
            });
    return found.get(0);
  }

  /** By Holm 0.01 of three is 0.03, and 0.03 of the two left 0.06. */
  @Test
  void runsAreBetterOrWorseAfterAllLooksOfTheRun() {
    ObjectNode summary = new StudySummary(List.of(run("one", 0.01, 0.03, 0.9))).json();
    assertThat(strategy(summary, "strategies", "strategy 0").get("runsBetter").asInt())
        .isEqualTo(1);
    assertThat(strategy(summary, "strategies", "strategy 1").get("runsBetter").asInt()).isZero();
    assertThat(summary.get("runsBetterOrWorseBy").asText()).contains("Holm", "McNemar", "run");
  }

  /** What several strategies find is looked at once: 0.02 of two configurations, not of five. */
  @Test
  void equalConfigurationsAreOneLook_ofOneRun() {
    ObjectNode run = run("one", 0.02, 0.9);
    for (String name : List.of("also", "again", "once more")) {
      row(run, name, 0, 0.02);
    }
    ObjectNode summary = new StudySummary(List.of(run, run("two", 0.9, 0.9))).json();
    assertThat(strategy(summary, "strategies", "also").get("runsWorse").asInt()).isEqualTo(1);
    assertThat(strategy(summary, "strategies", "strategy 0").get("runsBetter").asInt())
        .isEqualTo(1);
  }

  @Test
  void singleRunHasAnIntervalOverItsRows() {
    ObjectNode run = run("one", 0.5);
    ((ObjectNode) run.get("rows").get(0)).putArray("changeInterval").add(0.02).add(0.18);
    JsonNode of = strategy(new StudySummary(List.of(run)).json(), "byTask", "strategy 0");
    assertThat(of.get("changeIntervalOverRows").toString()).isEqualTo("[0.02,0.18]");
    JsonNode two =
        strategy(new StudySummary(List.of(run, run.deepCopy())).json(), "byTask", "strategy 0");
    assertThat(two.has("changeIntervalOverRows")).isFalse();
    assertThat(text(run)).contains("one: change of accuracy", "+10.0 [+2.0, +18.0]");
  }

  /** Runs were written without intervals once. */
  @Test
  void runWithoutIntervals_isCollectedAllTheSame() {
    assertThat(text(run("one", 0.5))).contains("| strategy 0 | +10.0 |");
  }

  @Test
  void fewTasks_haveNoInterval_andItIsSaid() {
    assertThat(text(run("one", 0.5)))
        .contains("Means over tasks have no interval: too few tasks, fewer than 5.")
        .doesNotContain("over the choice of tasks");
    ObjectNode[] many =
        IntStream.range(0, 5).mapToObj(i -> run("task " + i, 0.5)).toArray(ObjectNode[]::new);
    assertThat(text(many)).contains("Intervals are 95 % over the choice of tasks; ");
  }

  private static String text(ObjectNode... runs) {
    ObjectNode study = JSON.createObjectNode();
    study.put("runs", runs.length).put("runsPlanned", runs.length);
    study.putObject("settings").put("selectionRows", 10).put("heldOutRows", 100);
    study.set("summary", new StudySummary(List.of(runs)).json());
    return new StudyText(study).write();
  }
}
