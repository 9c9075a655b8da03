package dev.tale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.model.LayeredModel;
import dev.tale.task.DataSplit;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrunerSplitTest {
  @TempDir Path directory;
  private final Task test = task("arc_test", DataSplit.TEST);
  private final Task validation = task("arc_dev", DataSplit.VALIDATION);

  private static Task task(String name, DataSplit split) {
    return Task.multipleChoice(
            name,
            IntStream.range(0, 30).boxed().toList(),
            id ->
                Example.multipleChoice(name + " " + id, List.of("a", "b"), 0)
                    .withId(name + ".jsonl:" + (id + 1)))
        .withDataSplit(split);
  }

  private LayeredModel model() {
    return ScriptedModel.of(4, Script.additive(3), test, validation);
  }

  private void refused(Pruner pruner, WeightedTasks tasks, String use) {
    Path journal = directory.resolve("run.tale");
    assertThatThrownBy(() -> pruner.journal(journal).prune(model(), tasks))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Task arc_test (arc_test.jsonl:1 to arc_test.jsonl:30)")
        .hasMessageContaining("test split: layers " + use)
        .hasMessageContaining("validation or training split")
        .hasMessageContaining("task.split")
        .hasMessageContaining("allowTestSplit()");
    assertThat(journal).doesNotExist();
  }

  @Test
  void aTestSplitChoosesNothing() {
    refused(Tale.pruner(), WeightedTasks.of(test, 1), "chosen by");
    refused(Tale.pruner(), WeightedTasks.of(validation, 1).and(test, 1), "chosen by");
    refused(Tale.pruner().guard(test, 0.1), WeightedTasks.of(validation, 1), "guarded on");
    assertThatThrownBy(() -> Tale.prune(model(), test.split(1, 0.5).selection()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Task arc_test");
  }

  @Test
  void aTestSplitIsHeldOutWithoutAsking() throws IOException {
    PruneResult result = Tale.pruner().heldOut(test).prune(model(), validation);
    assertThat(result.toString()).doesNotContain("test split");
    JsonNode json = new ObjectMapper().readTree(result.report().toJson());
    assertThat(json.at("/provenance/selection/dataSplit").asText()).isEqualTo("validation");
    assertThat(json.at("/provenance/heldOut/dataSplit").asText()).isEqualTo("test");
    assertThat(json.at("/best").has("chosenOnTestSplit")).isFalse();
  }

  @Test
  void whereItIsAllowedTheResultSaysSoBesideEveryAccuracy() throws IOException {
    PruneResult result = Tale.pruner().allowTestSplit().prune(model(), test);
    assertThat(result.toString().lines().filter(line -> line.contains("removed [")))
        .hasSize(3)
        .allMatch(line -> line.contains("on the rows that chose it (a test split)"));
    JsonNode json = new ObjectMapper().readTree(result.report().toJson());
    assertThat(json.at("/provenance/selection/dataSplit").asText()).isEqualTo("test");
    assertThat(json.at("/baseline/chosenOnTestSplit").asBoolean()).isTrue();
    assertThat(json.at("/final/chosenOnTestSplit").asBoolean()).isTrue();
  }

  @Test
  void ofSeveralTasksItIsSaidOfTheOneAndOfTheMean() throws IOException {
    Task heldOut = task("arc_new", DataSplit.UNSPECIFIED);
    Task another = task("arc_more", DataSplit.TEST);
    LayeredModel model =
        ScriptedModel.of(4, Script.additive(3), test, validation, heldOut, another);
    PruneResult result =
        Tale.pruner()
            .allowTestSplit()
            .guard(test, 1)
            .heldOut(heldOut, another)
            .prune(model, WeightedTasks.equal(validation, test));
    List<String> lines = result.toString().lines().toList();
    assertThat(lines.stream().filter(line -> line.contains("  task arc_dev ")))
        .hasSize(3)
        .noneMatch(line -> line.contains("test split"));
    assertThat(lines.stream().filter(line -> line.contains("  task arc_test ")))
        .hasSize(3)
        .allMatch(line -> line.endsWith("(a test split)"));
    assertThat(lines.stream().filter(line -> line.contains("removed [")))
        .allMatch(line -> line.contains("] (a test split)  removed"));
    assertThat(lines).anyMatch(line -> line.contains("took part in the choice (a test split):"));
  }
}
