package dev.tale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.estimate.Estimate;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Score;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.model.LayerMask;
import dev.tale.policy.Floor;
import dev.tale.report.Evidence;
import dev.tale.report.Gain;
import dev.tale.report.Report;
import dev.tale.stats.MultipleTests;
import dev.tale.stats.PairedPower;
import dev.tale.stats.Tango;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.ReportText;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What reports say of BEST, BSBA and FINAL against the baseline. */
class PrunerStatisticsTest {
  private static final int LAYERS = 6;
  private static final Script SCRIPT = Script.additive(3);

  private final Task all = task("rows", 300);
  private final Task selection = all.slice(0, 130);
  private final Task heldOut = all.slice(130, 300);

  private static Task task(String name, int rows) {
    return Task.multipleChoice(
        name,
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.multipleChoice(name + " " + id, List.of("a", "b"), id % 2));
  }

  private ScriptedModel model() {
    return ScriptedModel.of(LAYERS, SCRIPT, all);
  }

  private Report withHeldOut() throws IOException {
    return Tale.pruner().heldOut(heldOut).prune(model(), selection).report();
  }

  private static double gain(Score score, Score baseline) {
    return score.accuracy() - baseline.accuracy();
  }

  private static List<Evidence> evidence(Report report) {
    return report.found().values().stream().flatMap(c -> report.evidence(c).stream()).toList();
  }

  @Test
  void gainsAreThoseOnHeldOutRows() throws IOException {
    Report report = withHeldOut();
    assertThat(report.found().keySet()).containsExactly("BEST", "BSBA", "FINAL");
    for (Configuration found : report.found().values()) {
      Gain gain = report.evidence(found).orElseThrow().byTask().get(0);
      PairedComparison versus = found.versusBaseline().get(0);
      assertThat(gain.comparison()).isEqualTo(versus);
      assertThat(gain.rows()).isEqualTo(170);
      assertThat(gain.difference())
          .isCloseTo(gain(found.quoted(), report.baseline().quoted()), within(1e-12));
      assertThat(gain.interval())
          .isEqualTo(Tango.interval(versus.gained(), versus.lost(), 170, 0.95));
      double discordance = (versus.gained() + versus.lost()) / 170.0;
      assertThat(gain.smallest())
          .isEqualTo(new PairedPower(0.05, 0.8).smallestGain(170, discordance));
      assertThat(gain.looks()).isEqualTo(3);
      assertThat(gain.smallestOfLooks())
          .isEqualTo(new PairedPower(0.05 / 3, 0.8).smallestGain(170, discordance));
      assertThat(gain.smallestOfLooks().orElseThrow()).isGreaterThan(gain.smallest().orElseThrow());
    }
  }

  @Test
  void adviceIsForAllLooks_andForOne() throws IOException {
    Report report = withHeldOut();
    Gain gain = evidence(report).get(1).byTask().get(0);
    assertThat(gain.isWithinNoise()).isTrue();
    assertThat(ReportText.of(report))
        .contains(
            String.format(
                Locale.ROOT,
                "With 170 rows and 3 looks, a difference under %.1f points (%.1f for one decided in"
                    + " advance; BSBA",
                100 * gain.smallestOfLooks().orElseThrow(),
                100 * gain.smallest().orElseThrow()));
  }

  /** On selection rows every configuration that the search asked is a look. */
  @Test
  void onSelectionRows_allThatWasAskedIsLookedAt() throws IOException {
    Report report = Tale.prune(model(), selection).report();
    long asked =
        report.trajectory().rounds().stream()
            .mapToLong(round -> round.candidates().size() + round.left().size())
            .sum();
    assertThat(asked).isGreaterThan(10);
    assertThat(evidence(report))
        .hasSize(3)
        .allSatisfy(
            each -> assertThat(each.byTask()).extracting(Gain::looks).containsExactly((int) asked));
    JsonNode json = new ObjectMapper().readTree(report.toJson());
    assertThat(json.at("/statistics/looks").asLong()).isEqualTo(asked);
    assertThat(json.at("/statistics/best/gains/0/smallestDetectableGainAfterLooks").asDouble())
        .isGreaterThan(json.at("/statistics/best/gains/0/smallestDetectableGain").asDouble());
    assertThat(ReportText.of(report))
        .contains("With 130 rows and " + asked + " looks, a difference");
  }

  @Test
  void pValuesAreAdjustedForTheConfigurationsBesideThem() throws IOException {
    Report report = withHeldOut();
    List<Configuration> shown = List.of(report.best(), report.bsba(), report.last());
    List<LayerMask> masks = shown.stream().map(Configuration::mask).distinct().toList();
    double[] pValues = new double[masks.size()];
    shown.forEach(
        entry -> pValues[masks.indexOf(entry.mask())] = entry.versusBaseline().get(0).pValue());
    double[] adjusted = MultipleTests.holm(pValues);
    assertThat(masks).hasSizeGreaterThan(1);
    assertThat(shown)
        .allSatisfy(
            found ->
                assertThat(report.evidence(found).orElseThrow().byTask().get(0).adjustedP())
                    .hasValue(adjusted[masks.indexOf(found.mask())]));
    assertThat(ReportText.of(report))
        .contains("adjusted by Holm for " + masks.size() + " comparisons");
    JsonNode json = new ObjectMapper().readTree(report.toJson());
    assertThat(json.at("/statistics/looks").asInt()).isEqualTo(masks.size());
    assertThat(json.at("/best/heldOut/versusBaseline/holmP").asDouble()).isEqualTo(adjusted[0]);
    double[] steps =
        MultipleTests.holm(
            report.path().stream()
                .skip(1)
                .mapToDouble(entry -> entry.versusBaseline().get(0).pValue())
                .toArray());
    assertThat(steps).hasSizeGreaterThan(2);
    for (int step = 0; step < steps.length; step++) {
      assertThat(json.at("/steps/" + step + "/heldOut/versusBaseline/holmP").asDouble())
          .isEqualTo(steps[step]);
    }
    assertThat(json.at("/baseline/heldOut/versusBaseline").has("holmP")).isFalse();
  }

  @Test
  void oneComparisonIsNotAdjusted() throws IOException {
    Script harmful = (mask, row) -> row % 40 > 0 || mask.removed().contains(1);
    ScriptedModel two = ScriptedModel.of(2, harmful, all);
    Report report = Tale.pruner().heldOut(heldOut).prune(two, selection).report();
    assertThat(report.path()).hasSize(2);
    assertThat(ReportText.of(report))
        .contains("p is McNemar's exact." + System.lineSeparator())
        .contains(" (BEST and BSBA and FINAL) points [95 % interval].")
        .contains(" points (BEST and BSBA and FINAL, +");
  }

  @Test
  void theBiasIsTheSelectionGainMinusTheHeldOutGain() throws IOException {
    Report report = withHeldOut();
    Configuration best = report.best();
    double selected = gain(best.score(), report.baseline().score());
    double held = gain(best.quoted(), report.baseline().quoted());
    Estimate bias = evidence(report).get(0).selectionBias();
    Gain gain = evidence(report).get(0).byTask().get(0);
    assertThat(bias.value()).isEqualTo(selected - held);
    assertThat(bias.interval().low()).isCloseTo(selected - gain.interval().high(), within(1e-12));
    assertThat(bias.interval().high()).isCloseTo(selected - gain.interval().low(), within(1e-12));
  }

  @Test
  void theBaselineHasNothingToFind() throws IOException {
    Floor unreachable = (baseline, current) -> 2;
    for (Pruner pruner : List.of(Tale.pruner(), Tale.pruner().heldOut(heldOut))) {
      Report report = pruner.floor(unreachable).prune(model(), selection).report();
      assertThat(report.found().values()).allMatch(Configuration::isBaseline);
      assertThat(evidence(report)).isEmpty();
      assertThat(ReportText.of(report)).doesNotContain("overstate", "noise", "Holm");
      assertThat(report.toJson()).contains("\"gains\" : [ ]").doesNotContain("\"selectionBias\"");
    }
  }

  @Test
  void aGreatDifferenceIsNotCalledNoise() throws IOException {
    Script harmful = (mask, row) -> row % 3 > 0 || mask.removed().contains(1);
    Report report =
        Tale.pruner().heldOut(heldOut).prune(ScriptedModel.of(2, harmful, all), selection).report();
    assertThat(evidence(report).get(0).byTask().get(0).isWithinNoise()).isFalse();
    assertThat(ReportText.of(report)).doesNotContain("noise");
  }

  @Test
  void fewRowsShowNothing() throws IOException {
    Report report =
        Tale.pruner().floor(Floor.belowBaseline(1)).prune(model(), all.slice(0, 4)).report();
    assertThat(evidence(report).get(2).byTask().get(0).smallest()).isEmpty();
    assertThat(ReportText.of(report)).contains(" looks, any difference (");
    assertThat(report.toJson()).contains("\"smallestDetectableGain\" : null");
  }

  @Test
  void severalTasks_eachIsALook() throws IOException {
    Task second = task("second", 60);
    ScriptedModel model = ScriptedModel.of(LAYERS, SCRIPT, all, second);
    WeightedTasks tasks = WeightedTasks.of(selection, 2).and(second.slice(0, 30), 1);
    Report report =
        Tale.pruner().heldOut(heldOut, second.slice(30, 60)).prune(model, tasks).report();
    for (Configuration entry : report.found().values()) {
      Evidence evidence = report.evidence(entry).orElseThrow();
      assertThat(evidence.byTask()).extracting(Gain::rows).containsExactly(170, 30);
      Estimate bias = evidence.selectionBias();
      assertThat(bias.interval().contains(bias.value())).isTrue();
      assertThat(bias.value())
          .isEqualTo(
              gain(entry.score(), report.baseline().score())
                  - gain(entry.quoted(), report.baseline().quoted()));
    }
    long masks = report.found().values().stream().map(Configuration::mask).distinct().count();
    assertThat(ReportText.of(report))
        .contains("adjusted by Holm for " + 2 * masks + " comparisons")
        .contains(
            "With 170 rows of rows and " + 2 * masks + " looks, a difference",
            "With 30 rows of second and " + 2 * masks + " looks, a");
    Report alone = Tale.pruner().prune(model, tasks).report();
    assertThat(evidence(alone)).isNotEmpty();
  }

  /** Of searches of which the truth is known: 0.0077 is estimated, 0.0085 happened, on average. */
  @Test
  void withoutHeldOutRowsTheBiasIsEstimatedFromTheSelectionRows() {
    double estimated = 0;
    double happened = 0;
    int held = 0;
    int searches = 0;
    for (int seed = 0; seed < 60; seed++) {
      Script script = Script.additive(seed);
      Report report = Tale.prune(ScriptedModel.of(LAYERS, script, all), selection).report();
      Configuration best = report.best();
      if (best.isBaseline()) {
        continue;
      }
      Estimate bias = report.evidence(best).orElseThrow().selectionBias();
      double selected = gain(best.score(), report.baseline().score());
      double actual = selected - truth(script, best.mask());
      searches++;
      estimated += bias.value();
      happened += actual;
      held += bias.interval().contains(actual) ? 1 : 0;
    }
    assertThat(searches).isGreaterThan(30);
    assertThat(estimated / searches).isCloseTo(happened / searches, within(0.003));
    assertThat(held / (double) searches).isGreaterThan(0.85);
  }

  private static double truth(Script script, LayerMask mask) {
    int gained = 0;
    for (int row = 1_000; row < 6_000; row++) {
      gained += script.correct(mask, row) ? 1 : 0;
      gained -= script.correct(LayerMask.none(LAYERS), row) ? 1 : 0;
    }
    return gained / 5_000.0;
  }
}
