package dev.tale.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Score;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.model.DataFormatException;
import dev.tale.policy.TradeOff;
import dev.tale.report.section.Reports;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A result is read back as it was found, but for the texts of the answers. */
class WrittenReportTest {
  @TempDir Path directory;

  private WrittenReport written(PruneResult result) throws IOException {
    return WrittenResult.read(Files.writeString(directory.resolve("report.json"), result.toJson()));
  }

  private static void requireSame(Configuration read, Configuration found) {
    assertThat(read.mask()).isEqualTo(found.mask());
    requireSame(read.score(), found.score());
    assertThat(read.heldOut().isPresent()).isEqualTo(found.heldOut().isPresent());
    found.heldOut().ifPresent(score -> requireSame(read.heldOut().orElseThrow(), score));
    assertThat(read.versusBaseline()).isEqualTo(found.versusBaseline());
    assertThat(read.guards()).hasSameSizeAs(found.guards());
    for (int guard = 0; guard < found.guards().size(); guard++) {
      requireSame(read.guards().get(guard), found.guards().get(guard));
    }
    assertThat(read.cost()).isEqualTo(found.cost());
  }

  private static void requireSame(Score read, Score found) {
    assertThat(read.accuracy()).isEqualTo(found.accuracy());
    assertThat(read.interval()).isEqualTo(found.interval());
    assertThat(read.byTask().stream().map(task -> task.bits()))
        .isEqualTo(found.byTask().stream().map(task -> task.bits()).toList());
  }

  private static void requireSame(WrittenReport read, PruneResult result) {
    List<Configuration> path = result.path();
    assertThat(read.path()).hasSameSizeAs(path).hasSizeGreaterThan(1);
    for (int i = 0; i < path.size(); i++) {
      requireSame(read.path().get(i), path.get(i));
    }
    requireSame(read.best(), result.best().configuration());
    requireSame(read.bsba(), result.bsba().configuration());
    requireSame(read.last(), result.last().configuration());
    requireSame(read.baseline(), result.baseline().configuration());
    assertThat(read.facts())
        .containsEntry("layerForwards", "" + result.report().selectionWork().layerForwards())
        .containsEntry("best.accuracy", "" + result.report().best().score().accuracy());
  }

  @Test
  void withHeldOutRowsAndCosts() throws IOException {
    PruneResult result = Reports.result(8, 120);
    WrittenReport read = written(result);
    requireSame(read, result);
    requireSame(read.chosen().orElseThrow(), result.chosen().configuration());
    assertThat(read.best().cost()).isPresent();
    assertThat(read.best().heldOut()).isPresent();
  }

  @Test
  void ofSeveralTasksWithAGuard() throws IOException {
    Task first = Reports.task("first", 80, id -> "first " + id);
    Task second = Reports.task("second", 40, id -> "second " + id);
    Task guard = Reports.task("guard", 30, id -> "guard " + id);
    ScriptedModel model = ScriptedModel.of(5, Script.additive(5), first, second, guard);
    PruneResult result =
        Tale.pruner()
            .guard(guard, 1)
            .heldOut(first.slice(40, 80), second.slice(20, 40))
            .prune(model, WeightedTasks.of(first.slice(0, 40), 2.5).and(second.slice(0, 20), 1));
    WrittenReport read = written(result);
    requireSame(read, result);
    assertThat(read.best().guards()).hasSize(1);
    assertThat(read.best().versusBaseline()).hasSize(2);
    assertThat(read.best().cost()).isEmpty();
  }

  @Test
  void whereNothingWasChosen_orOnlyTheReportWasWritten() throws IOException {
    Task rows = Reports.task("rows", 40, id -> "row " + id);
    ScriptedModel model = ScriptedModel.of(4, Script.additive(3), rows);
    PruneResult result =
        Tale.pruner()
            .tradeOff(TradeOff.latencyAtMost(Duration.ofNanos(1)))
            .prune(model.measuredBy(Reports::measure), rows);
    assertThat(written(result).chosen()).isEmpty();
    Path file = Files.writeString(directory.resolve("r.json"), result.report().toJson());
    assertThat(WrittenResult.read(file).chosen()).isEmpty();
    assertThat(WrittenResult.read(file).path()).hasSameSizeAs(result.path());
  }

  @Test
  void aDamagedResultIsRefusedWithItsPath() throws IOException {
    ObjectNode whole = (ObjectNode) new ObjectMapper().readTree(Reports.result(4, 30).toJson());
    for (String field : List.of("baseline", "provenance", "best", "bsba")) {
      for (String text : List.of("{}", "[]", "3", "{\"removedLayers\":[99]}")) {
        ObjectNode damaged = whole.deepCopy();
        damaged.set(field, new ObjectMapper().readTree(text));
        Path file = Files.writeString(directory.resolve("damaged.json"), damaged.toString());
        assertThatThrownBy(() -> WrittenResult.read(file))
            .as("%s is %s", field, text)
            .isInstanceOf(DataFormatException.class)
            .hasMessageContaining("damaged.json");
      }
    }
  }
}
