package dev.tale.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.analysis.LayerAnalysis.Kind;
import dev.tale.analysis.LayerAnalysis.Missing;
import dev.tale.chart.Xml;
import dev.tale.estimate.Estimate;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.importance.BottleneckAnalysis;
import dev.tale.importance.InformationProfile;
import dev.tale.importance.LayerScorer;
import dev.tale.importance.LayerScores;
import dev.tale.information.InformationEstimator;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.report.section.Reports;
import dev.tale.task.Decoding;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.ResidualModel;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalysisPlanTest {
  private static final long SEED = 5;
  private static final int LAYERS = 4;
  private static final AnalysisPlan PLAN = AnalysisPlan.standard(SEED);

  @TempDir Path directory;
  private final Task all = Reports.task("rows", 160, id -> "row " + id);
  private final Task selection = all.slice(0, 100);
  private final Task heldOut = all.slice(100, 160);

  /** Layer 1 writes the answer, as far as noise lets it; layer 3 buries it. */
  private static ResidualModel model(Task... tasks) {
    return new ResidualModel(
        LAYERS,
        (row, layer) -> {
          float sign = row % 2 == 0 ? -1 : 1;
          float noise = (float) new SplittableRandom(31L * row + layer).nextGaussian();
          return switch (layer) {
            case -1 -> new float[] {noise, noise / 2};
            case 1 -> new float[] {0.5f + 0.3f * noise, 2 * sign + noise};
            case 3 -> new float[] {0.2f * noise, 9 * noise};
            default -> new float[] {0.1f * (layer + 1) * noise, 0.1f};
          };
        },
        tasks);
  }

  @Test
  void standard_measuresWhatEachScorerWould() {
    ResidualModel model = model(all);
    LayerMask mask = LayerMask.of(LAYERS, 3);
    LayerAnalysis analysis = PLAN.measure(model, selection, Optional.of(heldOut), mask);
    InformationEstimator probe = InformationEstimator.crossValidatedProbe(5, SEED);
    LayerScorer information = LayerScorer.mutualInformation(probe, SEED);
    LayerScorer gradient = LayerScorer.gradient(SEED);
    List<LayerScores> naive =
        List.of(
                information,
                gradient,
                LayerScorer.blockInfluence(SEED),
                LayerScorer.leaveOneOutLoss(SEED),
                LayerScorer.leaveOneOutAccuracy(),
                LayerScorer.joint(List.of(information, gradient)))
            .stream()
            .map(scorer -> scorer.score(model, selection))
            .toList();
    assertThat(analysis.missing()).isEmpty();
    assertThat(analysis.importance()).isEqualTo(naive);
    LayerScores drop = LayerScorer.leaveOneOutAccuracy().score(model, heldOut);
    assertThat(analysis.agreements())
        .isEqualTo(naive.stream().map(scores -> agreement(scores, drop, "held-out")).toList());
    BottleneckAnalysis profiles = BottleneckAnalysis.of(probe, model, selection, mask, SEED);
    assertThat(analysis.information())
        .extracting(BoundarySeries::name)
        .containsExactly("unpruned", "pruned");
    assertSame(analysis.information().get(0), profiles.full());
    assertSame(analysis.information().get(1), profiles.pruned());
    assertThat(analysis.information().get(0).falls()).containsExactly(3);
    assertThat(analysis.information().get(1).falls()).isEmpty();
  }

  private static RankAgreement agreement(LayerScores scores, LayerScores drop, String rows) {
    Estimate tau = scores.agreement(drop).orElseThrow();
    return new RankAgreement(scores.measure(), rows, tau.value(), tau.interval());
  }

  private static void assertSame(BoundarySeries series, InformationProfile profile) {
    assertThat(series.points())
        .isEqualTo(
            profile.boundaries().stream()
                .map(b -> new BoundarySeries.Point(b.boundary(), b.bits(), b.interval()))
                .toList());
  }

  @Test
  void measure_withoutHeldOutRows_comparesOnTheSelectionRows() {
    ResidualModel model = model(all);
    LayerAnalysis analysis =
        PLAN.measure(model, selection, Optional.empty(), LayerMask.none(LAYERS));
    LayerScores drop = LayerScorer.leaveOneOutAccuracy().score(model, selection);
    assertThat(analysis.agreements())
        .isEqualTo(
            analysis.importance().stream()
                .filter(scores -> !scores.equals(drop))
                .map(scores -> agreement(scores, drop, "selection"))
                .toList())
        .hasSize(5);
    assertThat(analysis.information()).extracting(BoundarySeries::name).containsExactly("unpruned");
  }

  @Test
  void measure_whatAModelLacks_isMissingWithItsReason() {
    ScriptedModel model = ScriptedModel.of(LAYERS, Script.additive(3), all);
    LayerAnalysis analysis =
        PLAN.measure(model, selection, Optional.of(heldOut), LayerMask.of(LAYERS, 1));
    assertThat(analysis.importance())
        .extracting(LayerScores::measure)
        .containsExactly("leave-one-out loss", "leave-one-out accuracy");
    assertThat(analysis.agreements()).hasSize(2);
    assertThat(analysis.missing(Kind.IMPORTANCE))
        .extracting(Missing::toString)
        .satisfiesExactly(
            information -> assertThat(information).contains("mutual", "offers no hidden states"),
            gradient -> assertThat(gradient).contains("gradient", "offers no scaled layers"),
            influence -> assertThat(influence).contains("block", "offers no hidden states"),
            joint -> assertThat(joint).contains("one of these measures is missing"));
    assertThat(analysis.missing(Kind.INFORMATION))
        .extracting(Missing::toString)
        .satisfiesExactly(
            full -> assertThat(full).contains("unpruned", "offers no hidden states"),
            pruned -> assertThat(pruned).contains("pruned", "offers no hidden states"));
  }

  @Test
  void measure_oneClass_isMissingWithItsReason() {
    Task one =
        Task.multipleChoice(
            "one",
            IntStream.range(0, 40).boxed().toList(),
            id -> Example.multipleChoice("row " + id, List.of("no", "yes"), 1));
    LayerAnalysis analysis =
        PLAN.measure(model(one), one, Optional.empty(), LayerMask.of(LAYERS, 1));
    assertThat(analysis.missing(Kind.INFORMATION))
        .hasSize(2)
        .allMatch(each -> each.reason().contains("All 40 rows have the label \"option 1\""));
    assertThat(analysis.importance())
        .extracting(LayerScores::measure)
        .contains("leave-one-out loss", "block influence");
  }

  @Test
  void measure_freeText_isMissingWithItsReason() {
    Task sums =
        Task.generation(
            "sums",
            IntStream.range(0, 30).boxed().toList(),
            id -> Example.generation("What is " + id + "?", "It is " + id),
            Decoding.until("\n"));
    ScriptedModel model = ScriptedModel.of(LAYERS, Script.additive(3), sums);
    LayerAnalysis analysis = PLAN.measure(model, sums, Optional.empty(), LayerMask.of(LAYERS, 1));
    assertThat(analysis.missing())
        .anyMatch(each -> each.reason().contains("No label of task sums has 5 rows"));
    assertThat(analysis.importance())
        .extracting(LayerScores::measure)
        .containsExactly("leave-one-out accuracy");
  }

  @Test
  void measure_rareLabels_areLeftOutAndSaid() {
    Task rare =
        Task.multipleChoice(
            "rare",
            IntStream.range(0, 43).boxed().toList(),
            id ->
                Example.multipleChoice(
                    "row " + id, List.of("no", "yes", "maybe"), id < 3 ? 2 : id % 2));
    LayerAnalysis analysis =
        PLAN.measure(model(rare), rare, Optional.empty(), LayerMask.none(LAYERS));
    assertThat(analysis.importance().get(0).measure()).endsWith(", on 40 of 43 rows");
    assertThat(analysis.information().get(0).name()).isEqualTo("unpruned, on 40 of 43 rows");
    assertThat(analysis.importance().get(1).measure()).doesNotContain(" rows");
  }

  @Test
  void measure_tiedScores_haveNoAgreementAndSaySo() {
    ResidualModel constant = new ResidualModel(3, (row, layer) -> new float[] {1, row % 2}, all);
    LayerAnalysis analysis =
        AnalysisPlan.standard(1)
            .withScorers(List.of(LayerScorer.leaveOneOutLoss(1)))
            .measure(constant, selection, Optional.of(heldOut), LayerMask.none(3));
    assertThat(analysis.agreements()).isEmpty();
    assertThat(analysis.missing(Kind.IMPORTANCE))
        .extracting(Missing::toString)
        .singleElement()
        .asString()
        .startsWith("agreement of leave-one-out loss: ");
  }

  @Test
  void measure_ofSeveralTasks_namesThem() {
    Task other = Reports.task("other", 60, id -> "other " + id);
    LayerAnalysis analysis =
        PLAN.measure(
            model(selection, other),
            WeightedTasks.equal(selection, other),
            Optional.empty(),
            LayerMask.of(LAYERS, 3),
            Long.MAX_VALUE,
            Progress.none());
    assertThat(analysis.importance()).hasSize(12);
    assertThat(analysis.importance().get(6).measure()).startsWith("other, mutual information");
    assertThat(analysis.information())
        .extracting(BoundarySeries::name)
        .containsExactly("rows, unpruned", "rows, pruned", "other, unpruned", "other, pruned");
  }

  /** A report costs a share of its search: what asks anew for each layer is asked on fewer rows. */
  @Test
  void measure_withinAShareOfTheSearch() {
    LayeredModel model = model(selection);
    long loss = LayerScorer.leaveOneOutLoss(SEED).cost(model, selection);
    long all = LayerScorer.gradient(SEED).cost(model, selection) + loss;
    all += LayerScorer.leaveOneOutAccuracy().cost(model, selection);
    assertThat(loss).isPositive();
    assertThat(LayerScorer.gradient(SEED).cost(model, selection)).isEqualTo(2 * loss);
    LayerAnalysis some = measured(model, all); // of which the plan may take 0.3
    assertThat(some.importance())
        .extracting(LayerScores::measure)
        .filteredOn(name -> name.contains(", on "))
        .hasSizeGreaterThanOrEqualTo(3)
        .allMatch(name -> name.endsWith(" on 30 of 100 rows") || !name.startsWith("leave"));
    assertThat(measured(model, 4 * all).importance())
        .extracting(LayerScores::measure)
        .noneMatch(name -> name.startsWith("leave-one-out") && name.contains(", on "));
    assertThat(measured(model, 1).importance())
        .extracting(LayerScores::measure)
        .anyMatch(name -> name.endsWith(" on 16 of 100 rows"));
    assertThat(
            PLAN.onAllRows()
                .measure(
                    model,
                    WeightedTasks.of(selection, 1),
                    Optional.empty(),
                    LayerMask.of(LAYERS, 3),
                    1,
                    Progress.none())
                .importance())
        .isEqualTo(measured(model, Long.MAX_VALUE).importance());
  }

  private LayerAnalysis measured(LayeredModel model, long work) {
    return PLAN.measure(
        model,
        WeightedTasks.of(selection, 1),
        Optional.empty(),
        LayerMask.of(LAYERS, 3),
        work,
        Progress.none());
  }

  @Test
  void plansAreChecked() {
    assertThatThrownBy(
            () -> PLAN.measure(model(all), all, Optional.empty(), LayerMask.none(LAYERS + 1)))
        .isInstanceOf(IllegalArgumentException.class);
    LayerScorer loss = LayerScorer.leaveOneOutLoss(1);
    assertThatThrownBy(() -> new AnalysisPlan(List.of(), List.of(loss), PLAN.estimator(), 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"leave-one-out loss\" is to be joined");
    assertThat(PLAN.withEstimator(InformationEstimator.inSampleProbe()).scorers())
        .isEqualTo(PLAN.scorers());
  }

  @Test
  void report_measuresOnTheRowsOfTheSearch() throws IOException {
    ResidualModel model = model(all);
    PruneResult result = Tale.pruner().heldOut(heldOut).prune(model, selection);
    Xml page = Xml.parse(Files.readString(result.writeReport(directory.resolve("report"), PLAN)));
    assertThat(page.find("//*[@id='importance']//figure")).hasSize(6);
    assertThat(page.find("//*[@id='importance']//table[tbody/tr/td='held-out rows']")).hasSize(1);
    assertThat(page.find("//*[@id='information']//figure")).hasSize(1);
    JsonNode json = new ObjectMapper().readTree(directory.resolve("report/report.json").toFile());
    assertThat(json.path("layerAnalysis").path("importance")).hasSize(6);
    assertThat(json.path("layerAnalysis").path("agreements")).hasSize(6);
    assertThat(json.path("layerAnalysis").path("missing")).isEmpty();
  }

  @Test
  void report_namesWhatIsMissing_onEveryPage() throws IOException {
    ScriptedModel model = ScriptedModel.of(LAYERS, Script.additive(3), all);
    PruneResult result = Tale.pruner().heldOut(heldOut).prune(model, selection);
    Xml page = Xml.parse(Files.readString(result.writeReport(directory.resolve("report"), PLAN)));
    assertThat(page.texts("//*[@id='importance']/p"))
        .anyMatch(said -> said.matches("Not measured: gate gradient.*no scaled layers.*"));
    assertThat(page.texts("//*[@id='information']/p"))
        .anyMatch(said -> said.matches("Not measured: information.*no hidden states.*"));
    assertThat(Files.readString(directory.resolve("report/report.md")))
        .contains("Not measured: gate gradient");
    JsonNode json = new ObjectMapper().readTree(directory.resolve("report/report.json").toFile());
    JsonNode missing = json.path("layerAnalysis").path("missing");
    assertThat(missing.findValuesAsText("of")).contains("importance", "information");
    assertThat(missing.findValuesAsText("reason")).anyMatch(why -> why.contains("hidden states"));
  }

  @Test
  void report_occupiedDirectory_isRefusedBeforeAnythingIsMeasured() throws IOException {
    ScriptedModel model = ScriptedModel.of(LAYERS, Script.additive(3), all);
    PruneResult result = Tale.prune(model, selection);
    Files.writeString(directory.resolve("mine.txt"), "mine");
    int calls = model.calls();
    assertThatThrownBy(() -> result.writeReport(directory, PLAN))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(model.calls()).isEqualTo(calls);
  }
}
