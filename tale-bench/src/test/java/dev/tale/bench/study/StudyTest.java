package dev.tale.bench.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.onnx.nano.NanoTask;
import dev.tale.task.TaskSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyTest {
  private static StudyPlan tiny(NanoTask... tasks) {
    return new StudyPlan(List.of(tasks), 1, 28, 40, 1, 1);
  }

  @TempDir Path directory;

  @Test
  @Tag("slow")
  void writesTheTableAndGoesOnWhereItStopped() throws IOException {
    new Study(tiny(NanoTask.BOOLEAN), directory).run();
    assertThat(read().get("runs").asInt()).isEqualTo(1);
    Path done = directory.resolve("runs/boolean-1.json");
    FileTime before = Files.getLastModifiedTime(done);
    List<String> correct = correct(read());

    Study study = new Study(tiny(NanoTask.BOOLEAN, NanoTask.MAX_LONGER), directory);
    study.run();
    assertThat(Files.getLastModifiedTime(done)).isEqualTo(before);
    JsonNode json = read();
    assertThat(json.get("runs").asInt()).isEqualTo(2);
    assertThat(correct(json)).containsSubsequence(correct);
    json.get("rows").forEach(StudyTest::requireRow);
    assertThat(json.get("rows"))
        .as("every strategy but exhaustive search removes up to 4 layers")
        .hasSizeGreaterThanOrEqualTo(2 * (18 * 4 + 3));
    requireNothingBetterThanExhaustive(json);
    assertThat(json.get("summary").get("gates")).hasSize(6);
    assertThat(directory.resolve("report/index.html")).isNotEmptyFile();
    assertThat(directory.resolve("study.md")).content().contains("exhaustive", "joint", "boolean");

    Files.delete(directory.resolve("runs/max_longer-1.json"));
    study.collect();
    assertThat(read().get("runs").asInt()).isEqualTo(1);
    requireOtherSettingsRefused();
  }

  private void requireOtherSettingsRefused() {
    Study other = new Study(StudyPlan.quick(1, 1), directory);
    assertThatThrownBy(other::run)
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("boolean-1.json", "another directory");
  }

  private JsonNode read() throws IOException {
    return new ObjectMapper().readTree(directory.resolve("study.json").toFile());
  }

  private static void requireRow(JsonNode row) {
    if (row.has("mask")) {
      assertThat(row.get("mask")).as("%s", row).hasSize(row.get("removed").asInt());
    } else {
      assertThat(row.get("maskOfParts")).as("%s", row).hasSize(2 * row.get("removed").asInt());
    }
    assertThat(row.get("selectionTotal").asInt()).isEqualTo(28);
    assertThat(row.get("heldOutTotal").asInt()).isEqualTo(40);
    assertThat(row.get("selectionCorrect").asInt()).isBetween(0, 28);
    assertThat(row.get("heldOutCorrect").asInt()).isBetween(0, 40);
    assertThat(row.get("speedup").asDouble()).isPositive();
    assertThat(row.get("speedupInterval")).hasSize(2);
    double change =
        (row.get("gained").asInt() - row.get("lost").asInt())
            / (double) row.get("heldOutTotal").asInt();
    assertThat(row.get("changeInterval").get(0).asDouble()).isLessThan(change);
    assertThat(row.get("changeInterval").get(1).asDouble()).isGreaterThan(change);
    assertThat(row.get("layerForwards").asLong())
        .isBetween(1L, row.get("naiveLayerForwards").asLong());
  }

  private static void requireNothingBetterThanExhaustive(JsonNode json) {
    for (JsonNode best : json.get("rows")) {
      if (best.get("strategy").asText().equals(StudySearches.EXHAUSTIVE)) {
        assertThat(json.get("rows"))
            .filteredOn(row -> row.get("task").equals(best.get("task")))
            .filteredOn(row -> row.get("removed").equals(best.get("removed")))
            .filteredOn(row -> row.has("mask"))
            .extracting(row -> row.get("selectionCorrect").asInt())
            .allMatch(correct -> correct <= best.get("selectionCorrect").asInt());
      }
    }
  }

  private static List<String> correct(JsonNode json) {
    return json.get("rows").findValuesAsText("heldOutCorrect");
  }

  @Test
  void aTaskWithFewRowsGivesAllThatItHas() {
    TaskSplit modular = StudyPlan.full(5, 1).split(NanoTask.MODULAR, 1);
    assertThat(modular.selection().size()).isEqualTo(200);
    assertThat(modular.heldOut().size()).isEqualTo(400);
    TaskSplit lookup = StudyPlan.full(5, 1).split(NanoTask.LOOKUP, 1);
    assertThat(lookup.selection().size()).isEqualTo(500);
    assertThat(lookup.heldOut().size()).isEqualTo(1000);
  }
}
