package dev.tale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Progress;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelExporter.Export;
import dev.tale.model.Request;
import dev.tale.model.RunStatistics;
import dev.tale.policy.Floor;
import dev.tale.policy.TradeOff;
import dev.tale.report.Report;
import dev.tale.search.Greedy;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.ReportText;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrunerTest {
  private static final int LAYERS = 6;
  private static final Script SCRIPT = Script.additive(3);

  @TempDir Path directory;
  private final Task all = task("rows");
  private final Task selection = all.slice(0, 130);
  private final Task heldOut = all.slice(130, 300);

  private static Task task(String name) {
    return Task.multipleChoice(
        name,
        IntStream.range(0, 300).boxed().toList(),
        id -> Example.multipleChoice("row " + id, List.of("a", "b"), id % 2));
  }

  private ScriptedModel model() {
    return ScriptedModel.of(LAYERS, SCRIPT, all);
  }

  private Path journal() {
    return directory.resolve("run.tale");
  }

  private PruneResult prune(ScriptedModel model) throws IOException {
    return Tale.pruner().heldOut(heldOut).journal(journal()).prune(model, selection);
  }

  /** The pruned model is a model: asked again, it scores as it did. */
  @Test
  void open_isThePrunedModel() throws IOException {
    PruneResult result = Tale.prune(model(), selection);
    PrunedModel best = result.best();
    List<Request> requests = selection.requests(0);
    LayerMask removed = best.configuration().mask();
    assertThat(removed.removedCount()).isPositive();
    try (LayeredModel opened = best.open()) {
      opened.check(requests);
      assertThat(opened.info().layers()).isEqualTo(model().info().layers());
      assertThat(opened.info().contentHash()).isNotEqualTo(model().info().contentHash());
      assertThat(opened.respond(requests, List.of(LayerMask.none(LAYERS))))
          .isEqualTo(model().respond(requests, List.of(removed)));
      PruneResult again = Tale.prune(opened, selection);
      assertThat(again.report().path().get(0).score()).isEqualTo(best.configuration().score());
      assertThatThrownBy(() -> opened.respond(requests, List.of(LayerMask.none(LAYERS + 1))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void withoutHeldOutRowsTheResultSaysSo() {
    PruneResult result = Tale.prune(model(), selection);
    assertThat(result.best().configuration().heldOut()).isEmpty();
    assertThat(result.toString())
        .contains("no held-out rows", "on the rows that chose it", "give heldOut rows");
  }

  @Test
  void heldOutRowsAreScoredAlongThePathAndComparedWithTheBaseline() throws IOException {
    PruneResult result = Tale.pruner().heldOut(heldOut).prune(model(), selection);
    List<Configuration> path = result.report().path();
    assertThat(path).hasSizeGreaterThan(2);
    for (Configuration entry : path) {
      long correct =
          IntStream.range(130, 300).filter(row -> SCRIPT.correct(entry.mask(), row)).count();
      assertThat(entry.heldOut().orElseThrow().correct()).isEqualTo((int) correct);
    }
    Configuration last = result.last().configuration();
    assertThat(last.versusBaseline()).hasSize(1);
    assertThat(last.versusBaseline().get(0).gained() - last.versusBaseline().get(0).lost())
        .isEqualTo(last.quoted().correct() - result.baseline().configuration().quoted().correct());
    assertThat(result.toString()).contains("170 held-out rows", "held-out " + last.quoted() + " [");
  }

  @Test
  void aRowMayNotBeBothSelectionAndHeldOut() {
    Pruner pruner = Tale.pruner().heldOut(all.slice(129, 200));
    assertThatThrownBy(() -> pruner.prune(model(), selection))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("row 129");
  }

  @Test
  void theTradeOffChooses() throws IOException {
    PruneResult result = Tale.pruner().tradeOff(TradeOff.last()).prune(model(), selection);
    assertThat(result.chosen().configuration()).isEqualTo(result.last().configuration());
    assertThat(result.chosen().configuration()).isNotEqualTo(result.baseline().configuration());
  }

  @Test
  void aSettingIsGivenOnce() {
    assertThatThrownBy(
            () -> Tale.pruner().floor(Floor.belowBaseline(0.1)).floor(Floor.belowCurrent(0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("floor is set already to baseline - 0.1");
  }

  @Test
  void theReportIsJsonWithEveryFigure() throws IOException {
    JsonNode json =
        new ObjectMapper()
            .readTree(Tale.pruner().heldOut(heldOut).prune(model(), selection).report().toJson());
    for (String entry : List.of("baseline", "best", "bsba", "final")) {
      requireEntry(json.get(entry));
    }
    assertThat(json.get("steps")).isNotEmpty().allSatisfy(PrunerTest::requireEntry);
    assertThat(json.get("evaluations").asInt())
        .isEqualTo(
            1
                + Stream.of("candidates", "left")
                    .flatMap(name -> json.get("rounds").findValues(name).stream())
                    .mapToInt(JsonNode::size)
                    .sum());
    assertThat(json.get("layerForwards").asLong())
        .isPositive()
        .isLessThan(json.get("naiveLayerForwards").asLong());
  }

  private static void requireEntry(JsonNode entry) {
    assertThat(entry.get("removedLayers").isArray()).isTrue();
    for (JsonNode score : List.of(entry, entry.get("heldOut"))) {
      double accuracy = score.get("correct").asDouble() / score.get("total").asDouble();
      assertThat(score.get("accuracy").asDouble()).isEqualTo(accuracy);
      assertThat(score.get("outcomes").asText()).hasSize(score.get("total").asInt());
      assertThat(score.get("wilson95")).hasSize(2);
    }
    assertThat(entry.get("heldOut").get("versusBaseline").get("mcNemarExactP").asDouble())
        .isBetween(0.0, 1.0);
  }

  @Test
  void aSearchResumesFromEveryCall() throws IOException {
    EveryCall.resumes(journal(), this::model, this::prune);
  }

  @Test
  void aSearchWithStatisticalRacingResumesFromEveryCall() throws IOException {
    Greedy greedy = SearchStrategy.greedy().racing(0.2, 0.05);
    EveryCall.resumes(journal(), this::model, model -> prune(model, greedy));
  }

  private PruneResult prune(ScriptedModel model, Greedy greedy) throws IOException {
    return Tale.pruner()
        .strategy(greedy)
        .heldOut(heldOut)
        .journal(journal())
        .prune(model, selection);
  }

  @Test
  void anInterruptInTheMiddleOfARaceLeavesAResumableJournal() throws IOException {
    Greedy greedy = SearchStrategy.greedy().racing(0.2, 0.05);
    String expected = prune(model(), greedy).report().toJson();
    Files.delete(journal());
    try {
      // Calls 1 to 3 are the baseline's, the race of the first round has 5.
      assertThatThrownBy(() -> prune(model().interruptedAt(6), greedy))
          .isInstanceOf(CancellationException.class);
    } finally {
      Thread.interrupted();
    }
    ScriptedModel second = model();
    assertThat(prune(second, greedy).report().toJson()).isEqualTo(expected);
    assertThat(second.calls()).isPositive();
  }

  @Test
  void whatTheModelRanIsStatedOutsideTheReport() {
    PruneResult result = Tale.prune(model(), selection);
    assertThat(result.runStatistics()).isEmpty();
    assertThat(result.toString()).startsWith("scripted (").doesNotContain(" session runs, ");
    assertThat(result.toJson()).contains("\"seconds\"").doesNotContain("\"run\"");
    assertThat(result.report().toJson()).doesNotContain("\"seconds\"");
    PruneResult counted = Tale.prune(model().countingRuns(), selection);
    RunStatistics run = counted.runStatistics().orElseThrow();
    assertThat(run.runs()).isPositive();
    assertThat(counted.toString())
        .contains(" session runs, 20.0 % padding, ")
        .contains(
            String.format(
                Locale.ROOT, "%,d bytes in and %,d out", 1000 * run.runs(), 10 * run.runs()))
        .contains("running");
    assertThat(counted.toJson())
        .contains("\"sessionRuns\" : " + run.runs(), "\"paddingShare\" : 0.2")
        .contains("\"bytesIn\" : " + 1000 * run.runs(), "\"bytesOut\" : " + 10 * run.runs());
  }

  @Test
  void whoLeftIsReportedByBoundsAndNeverByAnAccuracy() throws IOException {
    Greedy greedy = SearchStrategy.greedy().racing(0.2, 0.05);
    Report report = Tale.pruner().strategy(greedy).prune(model(), selection).report();
    JsonNode json = new ObjectMapper().readTree(report.toJson());
    assertThat(json.at("/provenance/strategy").asText())
        .isEqualTo("greedy, racing (delta 0.2, tolerance 0.05, seed 0)");
    List<JsonNode> left = new ArrayList<>();
    json.get("rounds").findValues("left").forEach(round -> round.forEach(left::add));
    assertThat(left)
        .isNotEmpty()
        .allSatisfy(
            bounds -> {
              assertThat(bounds.has("accuracy")).isFalse();
              assertThat(bounds.get("scored").asInt()).isBetween(1, 129);
              assertThat(bounds.get("accuracyAtLeast").asDouble())
                  .isEqualTo(bounds.get("correctSoFar").asInt() / 130.0);
              assertThat(bounds.get("total").asInt()).isEqualTo(130);
            });
    assertThat(json.get("rowEvaluations").asLong())
        .isLessThan(json.get("naiveRowEvaluations").asLong());
    assertThat(json.get("naiveRowEvaluations").asInt())
        .isEqualTo(130 * json.get("evaluations").asInt());
    assertThat(ReportText.of(report))
        .contains(
            "(greedy, racing (delta 0.2, tolerance 0.05, seed 0)) on",
            " rows times masks, ",
            "without racing and sharing");
  }

  /** Racing must not make the comparison look better or worse: it is with every mask in full. */
  @Test
  void theNaiveWorkIsThatOfScoringEveryAskedMaskInFull() throws IOException {
    Report raced = Tale.prune(model(), selection).report();
    assertThat(raced.path()).hasSizeGreaterThan(1);
    Report full =
        Tale.pruner()
            .strategy(SearchStrategy.greedy().scoringAll())
            .prune(model(), selection)
            .report();
    assertThat(raced.trajectory().path()).isEqualTo(full.trajectory().path());
    assertThat(raced.selectionWork().naiveLayerForwards())
        .isEqualTo(full.selectionWork().naiveLayerForwards());
    assertThat(raced.selectionWork().naiveRowEvaluations())
        .isEqualTo(full.selectionWork().rowEvaluations());
  }

  @Test
  void aTornJournalResumesToTheSameResult() throws IOException {
    String expected = prune(model()).report().toJson();
    byte[] whole = Files.readAllBytes(journal());
    for (int length = 0; length < whole.length; length += 1009) {
      Files.write(journal(), java.util.Arrays.copyOf(whole, length));
      assertThat(prune(model()).report().toJson()).as("cut at %d", length).isEqualTo(expected);
      assertThat(Files.readAllBytes(journal())).isEqualTo(whole);
    }
  }

  @Test
  void aTaskOfSimilarityIsPrunedAndResumed() throws IOException {
    List<Integer> rows = IntStream.range(0, 100).boxed().toList();
    Task meanings =
        Task.similarity(
            "meanings", rows, id -> Example.multipleChoice("row " + id, List.of("a", "b"), id % 2));
    ScriptedModel whole = ScriptedModel.of(LAYERS, SCRIPT, meanings);
    Report expected = Tale.prune(whole, meanings).report();
    assertThat(expected.path()).hasSizeGreaterThan(1);
    assertThat(ReportText.of(expected)).contains("meanings, most_similar: 100 selection rows");
    ScriptedModel cut =
        ScriptedModel.of(LAYERS, SCRIPT, meanings)
            .failingAt(4, new IllegalStateException("power cut"));
    assertThatThrownBy(() -> Tale.pruner().journal(journal()).prune(cut, meanings))
        .hasMessage("power cut");
    assertThat(Tale.pruner().journal(journal()).prune(cut, meanings).report()).isEqualTo(expected);
    assertThat(cut.calls()).isEqualTo(whole.calls() + 1);
  }

  @Test
  void anInterruptLeavesAResumableJournal() throws IOException {
    String expected = Tale.pruner().heldOut(heldOut).prune(model(), selection).report().toJson();
    try {
      assertThatThrownBy(() -> prune(model().interruptedAt(4)))
          .isInstanceOf(CancellationException.class);
    } finally {
      Thread.interrupted();
    }
    assertThat(prune(model()).report().toJson()).isEqualTo(expected);
  }

  @Test
  void theJournalOfAnotherModelTaskOrSettingIsRefused() throws IOException {
    prune(model());
    ScriptedModel otherModel = ScriptedModel.named("other", LAYERS, SCRIPT, all);
    assertThatThrownBy(() -> prune(otherModel))
        .hasMessageContaining("tale.model")
        .hasMessageContaining(otherModel.info().contentHash())
        .hasMessageContaining(model().info().contentHash());
    ScriptedModel parts = ScriptedModel.ofParts(LAYERS / 2, SCRIPT, all);
    assertThat(parts.info().contentHash()).isEqualTo(model().info().contentHash());
    assertThatThrownBy(() -> prune(parts))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tale.granularity is layer in the journal and sublayer in this run");
    refused("tale.selection", Tale.pruner().heldOut(heldOut), all.slice(0, 129));
    refused("tale.heldOut", Tale.pruner(), selection);
    refused(
        "tale.strategy is greedy, exact racing in the journal and greedy, every candidate in full",
        Tale.pruner().heldOut(heldOut).strategy(SearchStrategy.greedy().scoringAll()),
        selection);
    refused("tale.floor", Tale.pruner().heldOut(heldOut).floor(Floor.belowCurrent(0)), selection);
  }

  private void refused(String name, Pruner pruner, Task task) {
    assertThatThrownBy(() -> pruner.journal(journal()).prune(model(), task))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }

  @Test
  void aFileThatIsNoJournalIsRefusedBeforeAnythingRuns() throws IOException {
    Files.writeString(journal(), "notes\n");
    ScriptedModel model = model();
    assertThatThrownBy(() -> prune(model))
        .isInstanceOf(dev.tale.journal.JournalFormatException.class);
    assertThat(model.calls()).isZero();
  }

  @Test
  void exportWritesTheProvenanceAndVerifiesOnRows() throws IOException {
    List<Object> seen = new ArrayList<>();
    ScriptedModel model =
        model()
            .exportingWith(
                (mask, out, metadata, verification) -> {
                  seen.addAll(List.of(mask, metadata, verification.size()));
                  Files.createDirectories(out);
                  return new Export(out, mask, 0, verification.size(), 1);
                });
    PruneResult result = Tale.prune(model, selection);
    result.last().export(directory.resolve("out"));
    assertThat(seen.get(0)).isEqualTo(result.last().configuration().mask());
    assertThat(seen.get(1).toString())
        .contains("tale.model=" + model.info().contentHash())
        .contains("tale.removedLayers=" + result.last().configuration().mask().removed());
    assertThat((int) seen.get(2)).isGreaterThanOrEqualTo(64);
  }

  @Test
  void exportWritesAModelCard() throws IOException {
    ScriptedModel model =
        model()
            .exportingWith(
                (mask, out, metadata, verification) -> {
                  Files.createDirectories(out);
                  Files.writeString(out.resolve("README.md"), "license: mit");
                  Files.writeString(out.resolve("model.onnx"), "");
                  Files.writeString(out.resolve("x.gguf"), "");
                  return new Export(out, mask, 0, verification.size(), 1);
                });
    PruneResult result = Tale.pruner().heldOut(heldOut).prune(model, selection);
    Path out = directory.resolve("out");
    result.last().export(out);
    Configuration last = result.last().configuration();
    assertThat(Files.readString(out.resolve("README.md")))
        .contains(
            "without " + last.mask().removedCount() + " of its 6 layers",
            "held-out rows, which chose nothing | "
                + result.baseline().configuration().heldOut().orElseThrow().correct()
                + "/",
            "selection rows, which chose the layers",
            "no other task was measured",
            model.info().contentHash(),
            "README.original.md",
            "llama.cpp",
            "ONNX Runtime in any language")
        .doesNotContain("transformers, vLLM", "onnxruntime-genai: Model");
    assertThat(Files.readString(out.resolve("README.original.md"))).isEqualTo("license: mit");
  }

  /** By round; of six parts, those that keep one of the attentions 0, 2 and 4. */
  private static List<List<Configuration>> candidates(Report report) {
    return report.trajectory().rounds().stream()
        .map(
            round ->
                round.candidates().stream()
                    .filter(c -> c.mask().kept().stream().anyMatch(part -> part % 2 == 0))
                    .toList())
        .toList();
  }

  private Pruner scoringAll() {
    return Tale.pruner().strategy(SearchStrategy.greedy().scoringAll()).heldOut(heldOut);
  }

  @Test
  void partsAreRemovedAndNamedAsWholeLayersAre() throws IOException {
    ScriptedModel parts = ScriptedModel.ofParts(LAYERS / 2, SCRIPT, all);
    Report result = scoringAll().prune(parts, selection).report();
    Report whole = scoringAll().prune(model(), selection).report();
    assertThat(candidates(result)).isEqualTo(candidates(whole)).isNotEmpty();
    List<String> names = parts.info().removedNames(result.last().mask());
    assertThat(names).isNotEmpty().allMatch(name -> name.matches("[0-2]\\.(attention|mlp)"));
    assertThat(ReportText.of(result))
        .contains("(6 attention and feed-forward parts)", "removed " + names)
        .isNotEqualTo(ReportText.of(whole));
    assertThat(ReportText.of(whole))
        .contains("(6 layers)", "removed " + whole.last().mask().removed());
    JsonNode json = new ObjectMapper().readTree(result.toJson());
    assertThat(json.at("/provenance/model/granularity").asText()).isEqualTo("sublayer");
    assertThat(json.at("/provenance/model/layers/3/name").asText()).isEqualTo("1.mlp");
    assertThat(json.at("/final/removedNames")).extracting(JsonNode::asText).isEqualTo(names);
    assertThat(json.at("/final/removedLayers"))
        .extracting(JsonNode::asInt)
        .isEqualTo(result.last().mask().removed());
  }

  @Test
  void theRoundsOfPartsAreToldByName() throws IOException {
    List<String> told = new ArrayList<>();
    Progress listener = event -> told.add(event.toString());
    ScriptedModel parts = ScriptedModel.ofParts(LAYERS / 2, SCRIPT, all);
    Tale.pruner().listener(listener).prune(parts, selection);
    assertThat(told)
        .anyMatch(line -> line.matches("round 1 .*removed \\[\\d\\.(attention|mlp)].*"));
  }

  @Test
  void aModelThatCannotBeWrittenSaysSo() {
    PruneResult result = Tale.prune(model(), selection);
    assertThatThrownBy(() -> result.best().export(directory.resolve("out")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("scripted");
  }

  @Test
  void theListenerHearsEveryRound() throws IOException {
    List<Progress.Event> events = new ArrayList<>();
    PruneResult result = Tale.pruner().listener(events::add).prune(model(), selection);
    assertThat(events.stream().filter(Progress.Round.class::isInstance))
        .hasSameSizeAs(result.report().trajectory().rounds());
  }
}
