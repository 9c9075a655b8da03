package dev.tale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.TaskScore;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.model.ModelExporter.Export;
import dev.tale.policy.Floor;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrunerWeightedTest {
  private static final int LAYERS = 5;
  private static final Script SCRIPT = Script.additive(3);

  @TempDir Path directory;
  private final Task first = task("first", 150);
  private final Task second = task("second", 40);
  private final WeightedTasks selection =
      WeightedTasks.of(first.slice(0, 100), 2).and(second.slice(0, 20), 1);

  private static Task task(String name, int rows) {
    return Task.multipleChoice(
        name,
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.multipleChoice(name + " " + id, List.of("a", "b"), id % 2));
  }

  private ScriptedModel model() {
    return ScriptedModel.of(LAYERS, SCRIPT, first, second);
  }

  private Pruner pruner() {
    return Tale.pruner().heldOut(first.slice(100, 150), second.slice(20, 40));
  }

  @Test
  void theMeanChoosesAndEveryTaskIsShown() throws IOException {
    PruneResult result = pruner().prune(model(), selection);
    assertThat(result.report().path()).hasSizeGreaterThan(1);
    for (Configuration entry : result.report().path()) {
      List<TaskScore> tasks = entry.score().byTask();
      assertThat(tasks).extracting(TaskScore::total).containsExactly(100, 20);
      assertThat(entry.score().accuracy())
          .isEqualTo((tasks.get(0).correct() + 2.5 * tasks.get(1).correct()) / 150);
      assertThat(entry.heldOut().orElseThrow().byTask())
          .extracting(TaskScore::total)
          .containsExactly(50, 20);
    }
    Configuration last = result.last().configuration();
    for (int task = 0; task < 2; task++) {
      TaskScore score = last.quoted().byTask().get(task);
      TaskScore baseline = result.baseline().configuration().quoted().byTask().get(task);
      assertThat(last.versusBaseline().get(task)).isEqualTo(PairedComparison.of(baseline, score));
      assertThat(result.toString()).contains("held-out " + score + " [");
    }
    assertThat(result.toString())
        .contains("on the weighted mean of 2 tasks: 120 selection rows, 70 held-out rows")
        .contains("0.6667 of first, acc: 100 selection rows, 50 held-out rows")
        .contains("0.3333 of second, acc: 20 selection rows, 20 held-out rows")
        .contains(
            String.format(Locale.ROOT, "held-out %.4f [", last.quoted().accuracy()), "stratified");
  }

  @Test
  void withoutHeldOutRowsTheResultSaysSoBesideEveryAccuracy() throws IOException {
    String text = Tale.pruner().prune(model(), selection).toString();
    assertThat(text).contains("20 selection rows, no held-out rows", "give heldOut rows");
    assertThat(text.lines().filter(line -> line.contains("] on the rows that chose it")))
        .hasSize(3 * 3);
  }

  @Test
  void theJsonHasEveryTask() throws IOException {
    JsonNode json =
        new ObjectMapper().readTree(pruner().prune(model(), selection).report().toJson());
    assertThat(json.get("format").asInt()).isEqualTo(1);
    assertThat(json.at("/provenance/selection/weights").asText()).isEqualTo("2:1");
    assertThat(json.at("/provenance/heldOut/tasks/1/rows").asInt()).isEqualTo(20);
    for (String entry : List.of("baseline", "best", "bsba", "final")) {
      for (JsonNode score : List.of(json.get(entry), json.get(entry).get("heldOut"))) {
        assertThat(score.has("correct")).isFalse();
        assertThat(score.get("interval95")).hasSize(2);
        assertThat(score.get("tasks")).hasSize(2).allSatisfy(PrunerWeightedTest::requireTask);
      }
      assertThat(json.at("/" + entry + "/heldOut/tasks/1/versusBaseline/mcNemarExactP").asDouble())
          .isBetween(1e-9, 1.0);
    }
    assertThat(json.at("/rounds/0/candidates/0/tasks/1/outcomes").asText()).hasSize(20);
  }

  private static void requireTask(JsonNode task) {
    assertThat(task.get("accuracy").asDouble())
        .isEqualTo(task.get("correct").asDouble() / task.get("total").asDouble());
    assertThat(task.get("outcomes").asText()).hasSize(task.get("total").asInt());
    assertThat(task.get("weight").asDouble()).isBetween(0.33, 0.67);
  }

  @Test
  void aSetOfOneTaskIsTheTask() throws IOException {
    Task rows = first.slice(0, 100);
    Path journal = directory.resolve("run.tale");
    PruneResult one = Tale.pruner().journal(journal).prune(model(), WeightedTasks.of(rows, 0.7));
    byte[] written = Files.readAllBytes(journal);
    Files.delete(journal);
    PruneResult plain = Tale.pruner().journal(journal).prune(model(), rows);
    assertThat(one.report().toJson()).isEqualTo(plain.report().toJson());
    assertThat(one).hasToString(plain.toString());
    assertThat(Files.readAllBytes(journal)).isEqualTo(written);
  }

  @Test
  void aSearchForSeveralTasksResumesFromEveryCall() throws IOException {
    Path journal = directory.resolve("run.tale");
    EveryCall.resumes(
        journal, this::model, model -> pruner().journal(journal).prune(model, selection));
  }

  @Test
  void theJournalOfOtherWeightsIsRefused() throws IOException {
    Path journal = directory.resolve("run.tale");
    Tale.pruner().journal(journal).prune(model(), selection);
    WeightedTasks equal = WeightedTasks.equal(first.slice(0, 100), second.slice(0, 20));
    assertThatThrownBy(() -> Tale.pruner().journal(journal).prune(model(), equal))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tale.selection is 2:1 of")
        .hasMessageContaining("and 1:1 of");
  }

  @Test
  void heldOutRowsAreOneTaskForEach() {
    Pruner one = Tale.pruner().heldOut(first.slice(100, 150));
    assertThatThrownBy(() -> one.prune(model(), selection))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 tasks [first] for a set of 2 [first, second]");
    Pruner swapped = Tale.pruner().heldOut(second.slice(20, 40), first.slice(100, 150));
    assertThatThrownBy(() -> swapped.prune(model(), selection))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not in the order of the set");
    Pruner overlapping = Tale.pruner().heldOut(first.slice(100, 150), second.slice(19, 40));
    assertThatThrownBy(() -> overlapping.prune(model(), selection))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Held-out row 19 asks the same as selection row 19");
  }

  @Test
  void theWeightDecides() throws IOException {
    Script opposed = (mask, row) -> (row < 150 ? mask.removes(0) : mask.removes(1)) || row % 2 == 0;
    ScriptedModel model = ScriptedModel.of(2, opposed, first, second);
    for (int layer = 0; layer < 2; layer++) {
      WeightedTasks tasks =
          WeightedTasks.of(first, layer == 0 ? 3 : 1).and(second, layer == 0 ? 1 : 3);
      PruneResult result = Tale.pruner().floor(Floor.belowBaseline(0)).prune(model, tasks);
      assertThat(result.best().configuration().mask().removed()).containsExactly(layer);
    }
  }

  @Test
  void exportVerifiesOnRowsOfEveryTask() throws IOException {
    List<Object> seen = new ArrayList<>();
    ScriptedModel model =
        model()
            .exportingWith(
                (mask, out, metadata, verification) -> {
                  seen.addAll(List.of(metadata, verification));
                  Files.createDirectories(out);
                  return new Export(out, mask, 0, verification.size(), 1);
                });
    pruner().prune(model, selection).last().export(directory.resolve("out"));
    assertThat(seen.get(0).toString()).contains("tale.task=first, second", "tale.metric=acc, acc");
    assertThat(seen.get(1).toString()).contains("first 31", "second 19").doesNotContain("first 32");
  }
}
