package dev.tale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.evaluate.WeightedTasks;
import dev.tale.model.DataFormatException;
import dev.tale.model.LayerMask;
import dev.tale.policy.Floor;
import dev.tale.report.Difference;
import dev.tale.report.WrittenResult;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RerunTest {
  @TempDir Path directory;

  private final Task all =
      Task.multipleChoice(
          "rows",
          IntStream.range(0, 200).boxed().toList(),
          id -> Example.multipleChoice("row " + id, List.of("a", "b"), id % 2));
  private final Task selection = all.slice(0, 100);
  private final Task heldOut = all.slice(100, 200);

  private ScriptedModel model() {
    return ScriptedModel.of(6, Script.additive(3), all);
  }

  private Pruner pruner() {
    return Tale.pruner().heldOut(heldOut);
  }

  private WrittenResult written() throws IOException {
    Path report = directory.resolve("report");
    pruner().prune(model(), selection).writeReport(report);
    return WrittenResult.read(report.resolve("report.json"));
  }

  @Test
  void rerun_theSame_isReproduced() throws IOException {
    Rerun rerun = pruner().rerun(written(), model(), selection);
    assertThat(rerun.inputs()).isEmpty();
    assertThat(rerun.figures()).isEmpty();
    assertThat(rerun.isReproduced()).isTrue();
    assertThat(rerun)
        .hasToString(
            "What went in is the same."
                + System.lineSeparator()
                + "What came out is the same."
                + System.lineSeparator());
  }

  @Test
  void rerun_otherRows_areNamed() throws IOException {
    Rerun rerun = pruner().rerun(written(), model(), all.slice(0, 90));
    assertThat(rerun.inputs())
        .extracting(Difference::what)
        .containsExactlyInAnyOrder("provenance.selection.rows", "provenance.selection.contentHash");
    assertThat(rerun.inputs()).contains(new Difference("provenance.selection.rows", "100", "90"));
    assertThat(rerun.figures()).contains(new Difference("baseline.total", "100", "90"));
    assertThat(rerun.isReproduced()).isFalse();
    assertThat(rerun.toString()).contains("provenance.selection.rows: was 100, is 90", " more");
  }

  /** Another model that answers alike: only the hash tells. */
  @Test
  void rerun_anotherModel_isNamedThoughTheFiguresAreTheSame() throws IOException {
    WrittenResult earlier = written();
    ScriptedModel other = ScriptedModel.named("other", 6, Script.additive(3), all);
    Rerun rerun = pruner().rerun(earlier, other, selection);
    assertThat(rerun.inputs())
        .extracting(Difference::what)
        .containsExactlyInAnyOrder("provenance.model.name", "provenance.model.contentHash");
    assertThat(rerun.isReproduced()).isTrue();
  }

  @Test
  void rerun_oneOtherAnswer_isCounted() throws IOException {
    WrittenResult earlier = written();
    Script script = Script.additive(3);
    boolean before = script.correct(LayerMask.none(6), 150);
    ScriptedModel other =
        ScriptedModel.of(
            6,
            (mask, row) ->
                (row == 150 && mask.removedCount() == 0) ? !before : script.correct(mask, row),
            all);
    Rerun rerun = pruner().rerun(earlier, other, selection);
    assertThat(rerun.inputs()).isEmpty();
    assertThat(rerun.figures())
        .contains(
            new Difference("baseline.heldOut.outcomes", "100 rows", "otherwise on 1 of them"));
    assertThat(rerun.figures()).extracting(Difference::what).contains("baseline.heldOut.correct");
  }

  @Test
  void compareInputs_runsNothing() throws IOException {
    WrittenResult earlier = written();
    ScriptedModel model = model();
    assertThat(
            Tale.pruner()
                .floor(Floor.belowBaseline(0.01))
                .compareInputs(earlier, model, WeightedTasks.of(selection, 1)))
        .extracting(Difference::what)
        .contains("provenance.floor", "provenance.heldOut.contentHash")
        .doesNotContain("provenance.strategy", "provenance.selection.contentHash");
    assertThat(model.calls()).isZero();
  }

  @Test
  void rerun_ofAWrittenModel() throws IOException {
    PruneResult first = pruner().prune(model(), selection);
    Map<String, String> metadata = first.report().provenance().metadata(first.report().best());
    assertThat(metadata)
        .containsKeys(
            "tale.version",
            "tale.model",
            "tale.runtime",
            "tale.selection",
            "tale.heldOut",
            "tale.strategy",
            "tale.floor",
            "tale.java",
            "tale.operatingSystem",
            "tale.removedLayers",
            "tale.selectionScore",
            "tale.heldOutScore");
    WrittenResult model = WrittenResult.ofModel(metadata);
    Rerun same = pruner().rerun(model, model(), selection);
    assertThat(same.inputs()).isEmpty();
    assertThat(same.isReproduced()).isTrue();
    Rerun other = pruner().rerun(model, model(), all.slice(0, 90));
    assertThat(other.inputs()).extracting(Difference::what).containsExactly("tale.selection");
    assertThat(other.figures()).extracting(Difference::what).contains("tale.selectionScore");
  }

  @Test
  void rerun_ofAWrittenModelThatIsNotFoundAgain_saysSo() throws IOException {
    PruneResult first = pruner().prune(model(), selection);
    Map<String, String> metadata =
        new HashMap<>(first.report().provenance().metadata(first.report().last()));
    metadata.put("tale.removedLayers", "[0, 1, 2, 3, 4, 5]");
    Rerun rerun = pruner().rerun(WrittenResult.ofModel(metadata), model(), selection);
    assertThat(rerun.figures()).hasSize(1);
    assertThat(rerun.figures().get(0).after()).contains("not on the path");
  }

  @Test
  void ofModel_anotherModel_isRefused() {
    assertThatThrownBy(() -> WrittenResult.ofModel(Map.of("author", "someone")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("author");
  }

  @Test
  void read_whatIsNoResult_isRefusedWithItsPath() throws IOException {
    for (String text :
        List.of(
            "{", "[]", "{}", "{\"format\": 3}", "{\"format\": 99, \"provenance\": {}}", "\"a\"")) {
      Path file = Files.writeString(directory.resolve("file.json"), text);
      assertThatThrownBy(() -> WrittenResult.read(file))
          .as(text)
          .isInstanceOf(DataFormatException.class)
          .hasMessageContaining(file.toString());
    }
    Path bytes =
        Files.write(
            directory.resolve("b"), "{\"a\": \"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> WrittenResult.read(bytes)).hasMessageContaining("UTF-8");
    Path empty = Files.writeString(directory.resolve("empty"), "");
    assertThatThrownBy(() -> WrittenResult.read(empty)).isInstanceOf(DataFormatException.class);
    assertThatThrownBy(() -> WrittenResult.read(directory.resolve("absent")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
