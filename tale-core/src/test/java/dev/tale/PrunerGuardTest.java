package dev.tale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.journal.Journal;
import dev.tale.policy.Floor;
import dev.tale.report.GuardScores;
import dev.tale.report.Report;
import dev.tale.search.Round;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrunerGuardTest {
  private static final int LAYERS = 5;
  private static final int ROWS = 50;

  /** Every layer but 4 harms the task; layer 0 is all that the guarded task needs, 1 a little. */
  private static final Script SCRIPT =
      (mask, row) ->
          row < ROWS
              ? row % 10 < 5 + mask.removedCount() - (mask.removes(4) ? 5 : 0)
              : !mask.removes(0) && !(mask.removes(1) && row == ROWS);

  @TempDir Path directory;
  private final Task task = task("chosen for", ROWS);
  private final Task other = task("other", 50);
  private final Task third = task("third", 10);

  private static Task task(String name, int rows) {
    return Task.multipleChoice(
        name,
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.multipleChoice(name + " " + id, List.of("a", "b"), id % 2));
  }

  private ScriptedModel model() {
    return ScriptedModel.of(LAYERS, SCRIPT, task, other, third);
  }

  private Pruner guarded() {
    return Tale.pruner().guard(other, 0.01);
  }

  @Test
  void whatBreaksTheGuardIsNotRemoved() throws IOException {
    Report free = Tale.prune(model(), task).report();
    assertThat(free.last().mask().removed()).containsExactly(0, 1, 2, 3);
    Report report = guarded().prune(model(), task).report();
    assertThat(report.last().mask().removed()).containsExactly(2, 3);
    Round first = report.trajectory().rounds().get(0);
    assertThat(first.refusals())
        .extracting(refusal -> refusal.mask().removed(), Object::toString)
        .containsExactly(
            tuple(List.of(0), "other fell from 50/50 = 1.0000 to 0/50 = 0.0000"),
            tuple(List.of(1), "other fell from 50/50 = 1.0000 to 49/50 = 0.9800"));
  }

  @Test
  void theReportHasTheGuardBesideEveryConfiguration() throws IOException {
    PruneResult result = guarded().guard(third, 1).prune(model(), task);
    GuardScores scores = result.report().guards().get(0);
    assertThat(scores.limit()).isEqualTo(0.99);
    assertThat(scores.path()).hasSameSizeAs(result.report().path());
    assertThat(scores.evaluations()).isEqualTo(result.report().path().size() + refusals(result));
    assertThat(scores.work().rowEvaluations()).isEqualTo(50L * scores.evaluations());
    assertThat(result.toString())
        .contains("guard other, acc, at least 0.9900 (baseline - 0.01) on 50 rows")
        .containsPattern("other  configuration baseline +right 50/50 = 1.0000")
        .containsPattern("other  configuration BEST, BSBA, FINAL, chosen +right 50/50 = 1.0000")
        .contains("guard third")
        .contains("The last round, 3, accepted nothing: none of the 2 candidates that reached")
        .contains("[0, 2, 3] other fell from 50/50 = 1.0000 to 0/50 = 0.0000; [1, 2, 3] other");
    Configuration last = result.last().configuration();
    assertThat(last.guards()).extracting(Object::toString).contains("10/10 = 1.0000");
  }

  private static int refusals(PruneResult result) {
    return result.report().trajectory().rounds().stream()
        .mapToInt(round -> round.refusals().size())
        .sum();
  }

  @Test
  void theJsonHasGuardsAndRefusals() throws IOException {
    JsonNode json = new ObjectMapper().readTree(guarded().prune(model(), task).report().toJson());
    assertThat(json.at("/provenance/guards/0/name").asText()).isEqualTo("other");
    assertThat(json.at("/provenance/guards/0/maxDrop").asDouble()).isEqualTo(0.01);
    assertThat(json.at("/guards/0/limit").asDouble()).isEqualTo(0.99);
    assertThat(json.at("/guards/0/baseline/correct").asInt()).isEqualTo(50);
    assertThat(json.at("/guards/0/layerForwards").asLong()).isPositive();
    assertThat(json.at("/final/guards/0/outcomes").asText()).isEqualTo("1".repeat(50));
    assertThat(json.at("/rounds/0/refused/1/removedLayers/0").asInt()).isEqualTo(1);
    assertThat(json.at("/rounds/0/refused/1/guard").asText()).isEqualTo("other");
    assertThat(json.at("/rounds/0/refused/1/correct").asInt()).isEqualTo(49);
    assertThat(json.at("/rounds/0/winner/0").asInt()).isEqualTo(2);
    assertThat(json.at("/rounds/2/accepted").asBoolean()).isFalse();
  }

  @Test
  void aRoundThatGuardsRefuseAllOfHasNoWinner() throws IOException {
    Report report =
        Tale.pruner().guard(other, 0).floor(Floor.belowBaseline(1)).prune(model(), task).report();
    assertThat(report.last().mask().removed()).containsExactly(2, 3, 4);
    Round last = report.trajectory().rounds().get(3);
    assertThat(last.winner()).isEmpty();
    assertThat(last.accepted()).isEmpty();
    JsonNode json = new ObjectMapper().readTree(report.toJson());
    assertThat(json.at("/rounds/3/winner").isNull()).isTrue();
  }

  @Test
  void theListenerHearsOfRefusals() throws IOException {
    List<String> told = new ArrayList<>();
    Progress listener = event -> told.add(event.toString());
    guarded().listener(listener).prune(model(), task);
    assertThat(told)
        .contains(
            "round 3 (floor 0.4200): none of the 2 candidates that reached the floor held the"
                + " guards");
  }

  @Test
  void aGuardedSearchResumesFromEveryCall() throws IOException {
    Path journal = directory.resolve("run.tale");
    EveryCall.resumes(journal, this::model, model -> guarded().journal(journal).prune(model, task));
    assertThat(Files.readString(journal)).contains("\"rowSet\":\"guard other\"");
  }

  @Test
  void theJournalOfAnotherGuardIsRefused() throws IOException {
    Path journal = directory.resolve("run.tale");
    guarded().journal(journal).prune(model(), task);
    for (Pruner another :
        List.of(Tale.pruner(), Tale.pruner().guard(other, 0.02), guarded().guard(third, 0))) {
      assertThatThrownBy(() -> another.journal(journal).prune(model(), task))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tale.guards is " + other.contentHash() + " - 0.01 in the journal");
    }
  }

  @Test
  void aGuardsRowIsNoHeldOutRow() {
    Pruner pruner = guarded().heldOut(other.slice(3, 9));
    assertThatThrownBy(() -> pruner.prune(model(), task))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Held-out row 3 asks the same as guard row 3");
  }

  @Test
  void aStrategyThatForgetsTheGuardsIsFound() {
    SearchStrategy careless =
        (objective, floor) ->
            SearchStrategy.greedy()
                .search(
                    new Objective(
                        new Evaluator(model(), task, "own", Journal.none(), Progress.none()),
                        List.of()),
                    floor);
    assertThatThrownBy(() -> guarded().strategy(careless).prune(model(), task))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("breaks a guard: other fell from 50/50")
        .hasMessageContaining("Round.hold");
  }

  @Test
  void aTaskIsGuardedOnce() {
    assertThatThrownBy(() -> guarded().guard(other, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Two guards are called other");
  }

  @Test
  void aGuardThatCannotBeAnsweredIsRefusedBeforeAnythingRuns() {
    ScriptedModel model = model();
    Pruner pruner = Tale.pruner().guard(task("unknown", 2), 0);
    assertThatThrownBy(() -> pruner.prune(model, task))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Task unknown, row 0");
    assertThat(model.calls()).isZero();
  }
}
