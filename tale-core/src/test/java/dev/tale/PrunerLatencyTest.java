package dev.tale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.chart.Xml;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Cost;
import dev.tale.evaluate.Cost.TokenCost;
import dev.tale.evaluate.Score;
import dev.tale.model.LatencyMeter;
import dev.tale.model.LatencyMeter.Latencies;
import dev.tale.model.LatencyMeter.PerToken;
import dev.tale.model.LatencyMeter.Times;
import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.model.Timing;
import dev.tale.policy.BudgetNotMetException;
import dev.tale.policy.Floor;
import dev.tale.policy.TradeOff;
import dev.tale.policy.Verdict;
import dev.tale.report.PathCosts;
import dev.tale.task.DataSplit;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrunerLatencyTest {
  private static final int LAYERS = 6;
  private static final long MILLI = 1_000_000;

  private final Task task =
      Task.multipleChoice(
          "rows",
          IntStream.range(0, 130).boxed().toList(),
          id -> Example.multipleChoice("row " + id, List.of("a", "b"), id % 2));

  private ScriptedModel model() {
    return ScriptedModel.of(LAYERS, Script.additive(3), task);
  }

  private ScriptedModel measured() {
    return model().measuredBy(PrunerLatencyTest::measure);
  }

  /** A millisecond a layer, a little more from turn to turn; 100 bytes a layer. */
  private static Latencies measure(List<LayerMask> masks, List<Request> requests, Timing timing) {
    List<Times> times =
        masks.stream()
            .map(
                mask ->
                    new Times(
                        mask,
                        nanos(mask, timing),
                        nanos(masks.get(0), timing),
                        100L * mask.kept().size()))
            .toList();
    return new Latencies(times, requests.size(), 10L * requests.size(), 3, "script");
  }

  private static List<Long> nanos(LayerMask mask, Timing timing) {
    return IntStream.range(0, timing.turns())
        .mapToObj(turn -> mask.kept().size() * (MILLI + turn))
        .toList();
  }

  @Test
  void everyAcceptedConfigurationIsMeasuredAndTheFrontIsThere() throws IOException {
    PruneResult result = Tale.prune(measured(), task);
    PathCosts measurement = result.pathCosts().orElseThrow();
    List<Configuration> path = result.report().path();
    assertThat(path).hasSizeGreaterThan(2);
    assertThat(measurement.costs()).hasSameSizeAs(path);
    for (int i = 0; i < path.size(); i++) {
      Cost cost = measurement.costs().get(i).orElseThrow();
      int kept = path.get(i).mask().kept().size();
      assertThat(cost.latencySeconds().value()).isEqualTo(kept * (MILLI + 25) / 1e9);
      assertThat(cost.latencySeconds().interval().contains(cost.latencySeconds().value())).isTrue();
      assertThat(cost.speedup().value()).isEqualTo((double) LAYERS / kept);
      assertThat(cost.bytes()).isEqualTo(100L * kept);
    }
    // Each step is faster, so a step is on the front unless a later one is as accurate.
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      int correct = path.get(i).score().correct();
      if (path.stream().skip(i + 1).allMatch(later -> later.score().correct() < correct)) {
        expected.add(i);
      }
    }
    assertThat(measurement.paretoFront()).isEqualTo(expected);
    assertThat(measurement.threads()).isEqualTo(3);
    assertThat(measurement.meanTokens()).isEqualTo(10);
    assertThat(measurement.prompts()).isEqualTo(64 * task.requests(0).size());
    assertThat(measurement.timing()).isEqualTo(Timing.DEFAULT);
  }

  @Test
  void theFiguresAreInTextAndJsonButNotInTheReport() throws IOException {
    PruneResult result = Tale.prune(measured(), task);
    assertThat(result.toString())
        .contains("script, 3 threads", "Pareto front", "6.00 [6.00, 6.00]", "bytes 600")
        .contains(
            "Chosen by best accuracy: without " + result.best().configuration().mask().removed());
    JsonNode json = new ObjectMapper().readTree(result.toJson());
    assertThat(json.at("/latency/steps")).hasSameSizeAs(result.report().path());
    assertThat(json.at("/latency/steps/0/latencySeconds/median").asDouble())
        .isEqualTo(6 * (MILLI + 25) / 1e9);
    assertThat(json.at("/latency/steps/0/latencySeconds/interval95")).hasSize(2);
    assertThat(json.at("/latency/batchSize").asInt()).isEqualTo(1);
    assertThat(json.at("/latency/paretoFront")).isNotEmpty();
    assertThat(json.at("/chosen/met").asBoolean()).isTrue();
    assertThat(json.at("/chosen/tradeOff").asText()).isEqualTo("best accuracy");
    assertThat(result.report().toJson()).isEqualTo(Tale.prune(model(), task).report().toJson());
  }

  /** As beside every other accuracy. */
  @Test
  void anAccuracyOnTheRowsThatChoseSaysSo() throws IOException {
    PruneResult alone = Tale.prune(measured(), task);
    assertThat(costs(alone)).allMatch(line -> line.contains(" on the rows that chose it"));
    PruneResult apart =
        Tale.pruner().heldOut(task.slice(65, 130)).prune(measured(), task.slice(0, 65));
    assertThat(costs(apart)).allMatch(line -> line.contains("held-out "));
    PruneResult test =
        Tale.pruner().allowTestSplit().prune(measured(), task.withDataSplit(DataSplit.TEST));
    assertThat(costs(test)).allMatch(line -> line.contains("chose it (a test split)"));
    assertThat(test.toJson().split("chosenOnTestSplit", -1))
        .hasSizeGreaterThan(test.report().toJson().split("chosenOnTestSplit", -1).length);
  }

  private static List<String> costs(PruneResult result) {
    List<String> lines =
        result.toString().lines().filter(line -> line.contains(" times as fast ")).toList();
    assertThat(lines).hasSameSizeAs(result.report().path());
    return lines;
  }

  /** JSON, text and page have one front: of held-out accuracy, where there is one. */
  @Test
  void theFrontIsOfTheRowsThatAreQuoted(@TempDir Path directory) throws IOException {
    PruneResult apart =
        Tale.pruner().heldOut(task.slice(65, 130)).prune(measured(), task.slice(0, 65));
    List<Integer> heldOut = front(apart, Configuration::quoted);
    assertThat(heldOut).isNotEqualTo(front(apart, Configuration::score));
    assertThat(apart.pathCosts().orElseThrow().paretoFront()).isEqualTo(heldOut);
    assertThat(apart.toString())
        .contains("Pareto front of held-out accuracy", "held-out rows choose nothing");
    JsonNode json = new ObjectMapper().readTree(apart.toJson());
    assertThat(json.at("/latency/paretoFrontRows").asText()).isEqualTo("heldOut");
    assertThat(json.at("/chosen/rows").asText()).isEqualTo("selection");
    assertFrontEverywhere(apart, heldOut, directory.resolve("apart"));

    PruneResult alone = Tale.prune(measured(), task);
    assertThat(alone.toString())
        .contains("Pareto front of accuracy on the rows that chose it")
        .doesNotContain("held-out rows choose nothing");
    json = new ObjectMapper().readTree(alone.toJson());
    assertThat(json.at("/latency/paretoFrontRows").asText()).isEqualTo("selection");
    assertFrontEverywhere(alone, front(alone, Configuration::score), directory.resolve("alone"));
  }

  /** Each step is faster, so a step is on the front unless a later one is as accurate. */
  private static List<Integer> front(PruneResult result, Function<Configuration, Score> score) {
    List<Configuration> path = result.report().path();
    return IntStream.range(0, path.size())
        .filter(
            i ->
                path.stream()
                    .skip(i + 1)
                    .allMatch(
                        later -> score.apply(later).correct() < score.apply(path.get(i)).correct()))
        .boxed()
        .toList();
  }

  private static void assertFrontEverywhere(PruneResult result, List<Integer> front, Path directory)
      throws IOException {
    List<Boolean> expected =
        IntStream.range(0, result.report().path().size()).mapToObj(front::contains).toList();
    assertThat(costs(result)).extracting(line -> line.contains("  front *  ")).isEqualTo(expected);
    JsonNode json = new ObjectMapper().readTree(result.toJson());
    assertThat(json.at("/latency/paretoFront").toString().replace(",", ", "))
        .isEqualTo(front.toString());
    Xml page = Xml.parse(Files.readString(result.writeReport(directory)));
    assertThat(page.texts("//*[@id='latency']//tbody/tr/td[1]"))
        .extracting("*"::equals)
        .isEqualTo(expected);
  }

  @Test
  void aModelWithoutTheAbilityHasNoFiguresAndTheResultSaysSo() throws IOException {
    PruneResult result = Tale.prune(model(), task);
    assertThat(result.pathCosts()).isEmpty();
    assertThat(result.toString())
        .contains("Latency was not measured: the model's runtime cannot.", "Chosen by best");
    JsonNode json = new ObjectMapper().readTree(result.toJson());
    assertThat(json.has("latency")).isFalse();
    assertThat(json.get("latencyMissing").asText()).isEqualTo("the model's runtime cannot");
  }

  @Test
  void measuringCanBeLeftOut() throws IOException {
    ScriptedModel model =
        model()
            .measuredBy(
                (masks, requests, timing) -> {
                  throw new AssertionError("measured");
                });
    PruneResult result = Tale.pruner().withoutLatency().prune(model, task);
    assertThat(result.pathCosts()).isEmpty();
    assertThat(result.toString()).contains("not measured: the pruner was told not to");
  }

  @Test
  void aMeasurementThatFailsLosesNothingElse() throws IOException {
    LatencyMeter full =
        (masks, requests, timing) -> {
          throw new IOException("no space left");
        };
    PruneResult result =
        Tale.pruner().tradeOff(TradeOff.knee()).prune(model().measuredBy(full), task);
    assertThat(result.report().trajectory())
        .isEqualTo(Tale.prune(model(), task).report().trajectory());
    assertThat(result.toString())
        .contains("not measured: no space left", "Nothing is chosen: knee of the front");
    assertThatThrownBy(result::chosen)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("knee", "no space left", "run again");
    JsonNode json = new ObjectMapper().readTree(result.toJson());
    assertThat(json.at("/chosen/met").asBoolean()).isFalse();
  }

  @Test
  void anInterruptWhileMeasuringCancels() {
    LatencyMeter interrupted =
        (masks, requests, timing) -> {
          throw new CancellationException("Interrupted");
        };
    assertThatThrownBy(() -> Tale.prune(model().measuredBy(interrupted), task))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void aTradeOffByCostsIsRefusedBeforeAnythingRunsWhereThereAreNone() {
    ScriptedModel model = model();
    TradeOff knee = TradeOff.knee();
    assertThatThrownBy(() -> Tale.pruner().tradeOff(knee).prune(model, task))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("knee", "scripted has no latency meter", "choose by accuracy");
    assertThatThrownBy(() -> Tale.pruner().tradeOff(knee).withoutLatency().prune(measured(), task))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("withoutLatency() is set");
    assertThat(model.calls()).isZero();
  }

  @Test
  void aBudgetThatNothingMeetsIsNeverSilentlyExceeded() throws IOException {
    PruneResult result =
        Tale.pruner()
            .tradeOff(TradeOff.latencyAtMost(Duration.ofNanos(500_000)))
            .prune(measured(), task);
    int last = result.report().path().size() - 1;
    assertThatThrownBy(result::chosen)
        .isInstanceOfSatisfying(
            BudgetNotMetException.class, e -> assertThat(e.nearest()).isEqualTo(last))
        .hasMessageContainingAll("at most 0.5 ms", "nearest is the one without layers");
    Verdict choice = result.choice();
    assertThat(choice.met()).isFalse();
    assertThat(result.at(choice.position()).configuration())
        .isEqualTo(result.last().configuration());
    assertThat(result.toString()).contains("Nothing is chosen. No accepted configuration has");
    JsonNode json = new ObjectMapper().readTree(result.toJson());
    assertThat(json.at("/chosen/met").asBoolean()).isFalse();
    assertThat(json.at("/chosen/explanation").asText()).isEqualTo(choice.explanation());
  }

  @Test
  void thePageSaysThatNothingMeetsADemand(@TempDir Path directory) throws IOException {
    PruneResult result =
        Tale.pruner()
            .tradeOff(TradeOff.latencyAtMost(Duration.ofNanos(500_000)))
            .prune(measured(), task);
    String page = Files.readString(result.writeReport(directory.resolve("report")));
    assertThat(page)
        .contains("Nothing is chosen. No accepted configuration has", "The nearest configuration")
        .doesNotContain("The chosen configuration removes");
  }

  @Test
  void thePageIsWrittenWhereMeasuringFailed(@TempDir Path directory) throws IOException {
    LatencyMeter full =
        (masks, requests, timing) -> {
          throw new IOException("no space left");
        };
    PruneResult result =
        Tale.pruner().tradeOff(TradeOff.knee()).prune(model().measuredBy(full), task);
    String page = Files.readString(result.writeReport(directory.resolve("report")));
    assertThat(page).contains("Nothing is chosen: knee of the front");
  }

  /** A meter that knows the size of the files, and what it was asked to write. */
  private static final class Sized implements LatencyMeter {
    private final List<LayerMask> asked = new ArrayList<>();

    @Override
    public Latencies measure(List<LayerMask> masks, List<Request> requests, Timing timing) {
      asked.addAll(masks);
      return PrunerLatencyTest.measure(masks, requests, timing);
    }

    @Override
    public long bytes() {
      return 1_000;
    }
  }

  private static long pathBytes(PruneResult result) {
    return result.report().path().stream()
        .mapToLong(
            entry ->
                1_000
                    - entry.mask().removed().stream()
                        .mapToLong(
                            layer ->
                                result.report().provenance().model().layers().get(layer).bytes())
                        .sum())
        .sum();
  }

  @Test
  void whereTheFilesWouldBeTooLarge_onlyWhatIsReportedIsMeasured() throws IOException {
    Sized meter = new Sized();
    TradeOff third = TradeOff.keepAtMost(LAYERS - 2);
    Floor low = Floor.belowBaseline(1);
    PruneResult whole = Tale.pruner().floor(low).prune(measured(), task);
    long limit = pathBytes(whole);
    PruneResult result =
        Tale.pruner()
            .floor(low)
            .tradeOff(third)
            .measuringAtMost(limit - 1)
            .prune(model().measuredBy(meter), task);
    PathCosts measurement = result.pathCosts().orElseThrow();
    List<Configuration> path = result.report().path();
    Set<LayerMask> reported =
        Stream.of(result.baseline(), result.best(), result.bsba(), result.last(), result.chosen())
            .map(each -> each.configuration().mask())
            .collect(Collectors.toSet());
    assertThat(Set.copyOf(meter.asked)).isEqualTo(reported);
    assertThat(reported).hasSizeLessThan(path.size());
    assertThat(measurement.costs()).hasSameSizeAs(path);
    assertThat(measurement.isComplete()).isFalse();
    for (int i = 0; i < path.size(); i++) {
      int kept = path.get(i).mask().kept().size();
      assertThat(measurement.costs().get(i).map(Cost::bytes))
          .isEqualTo(
              reported.contains(path.get(i).mask()) ? Optional.of(100L * kept) : Optional.empty());
    }
    assertThat(measurement.paretoFront())
        .isNotEmpty()
        .allMatch(i -> reported.contains(path.get(i).mask()));
    String rest =
        String.format(
            "the other %d of %d configurations", path.size() - reported.size(), path.size());
    assertThat(result.toString()).contains("Not measured: " + rest, "call latencyOfAll()");
    assertThat(new ObjectMapper().readTree(result.toJson()).at("/latency/notMeasured").asText())
        .startsWith(rest);
    assertThatThrownBy(() -> result.choice(TradeOff.knee()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("knee", rest, "run again");
  }

  @Test
  void aTradeOffByCosts_orTheLimit_orTheUser_hasAllMeasured(@TempDir Path directory)
      throws IOException {
    Floor low = Floor.belowBaseline(1);
    long limit = pathBytes(Tale.pruner().floor(low).prune(measured(), task));
    Supplier<Pruner> pruner = () -> Tale.pruner().floor(low);
    for (Pruner each :
        List.of(
            pruner.get().measuringAtMost(limit),
            pruner.get().measuringAtMost(1).tradeOff(TradeOff.knee()),
            pruner.get().measuringAtMost(1).latencyOfAll())) {
      PruneResult result = each.prune(model().measuredBy(new Sized()), task);
      assertThat(result.pathCosts().orElseThrow().isComplete()).isTrue();
      assertThat(result.toString()).doesNotContain("Not measured");
    }
    PruneResult part = pruner.get().measuringAtMost(1).prune(model().measuredBy(new Sized()), task);
    assertThat(Files.readString(part.writeReport(directory.resolve("report"))))
        .contains("Pareto front");
  }

  @Test
  void theTimeOfAGeneratedTokenIsTold_andChoosesNothing() throws IOException {
    LatencyMeter meter =
        (masks, requests, timing) -> {
          Latencies passes = measure(masks, requests, timing);
          List<Times> times =
              passes.models().stream()
                  .map(
                      each ->
                          new Times(
                              each.mask(),
                              each.nanos(),
                              each.baselineNanos(),
                              each.bytes(),
                              Optional.of(
                                  // The more layers go, the slower: no such runtime exists.
                                  new PerToken(
                                      9,
                                      each.nanos().stream()
                                          .map(n -> (1 + each.mask().removedCount()) * MILLI / 2)
                                          .toList(),
                                      each.nanos().stream().map(n -> MILLI / 2).toList()))))
                  .toList();
          return new Latencies(times, passes.prompts(), passes.tokens(), 3, "script");
        };
    PruneResult result =
        Tale.pruner()
            .tradeOff(TradeOff.latencyAtMost(Duration.ofMillis(5)))
            .prune(model().measuredBy(meter), task);
    int last = result.report().path().size() - 1;
    TokenCost cost =
        result.pathCosts().orElseThrow().costs().get(last).orElseThrow().perToken().orElseThrow();
    int removed = result.last().configuration().mask().removedCount();
    assertThat(cost.tokens()).isEqualTo(9);
    assertThat(cost.seconds().value()).isEqualTo((1 + removed) * 0.5e-3);
    assertThat(cost.speedup().value()).isEqualTo(1.0 / (1 + removed));
    assertThat(result.toString())
        .contains("and the mean of 9 tokens generated after one prompt", "ms a token");
    JsonNode json = new ObjectMapper().readTree(result.toJson());
    assertThat(json.at("/latency/steps/0/perToken/seconds/median").asDouble()).isEqualTo(0.5e-3);
    assertThat(json.at("/latency/steps/0/perToken/speedup/interval95")).hasSize(2);
    PruneResult passes =
        Tale.pruner()
            .tradeOff(TradeOff.latencyAtMost(Duration.ofMillis(5)))
            .prune(measured(), task);
    assertThat(result.chosen().configuration().mask())
        .isEqualTo(passes.chosen().configuration().mask());
    assertThat(passes.toString()).doesNotContain("token generated", "ms a token");
  }

  @Test
  void aBudgetThatIsMetIsHeld() throws IOException {
    PruneResult result =
        Tale.pruner()
            .tradeOff(TradeOff.latencyAtMost(Duration.ofMillis(5)))
            .timing(new Timing(2, 1, 6, Duration.ofSeconds(1)))
            .prune(measured(), task);
    assertThat(result.chosen().configuration().mask().removedCount()).isGreaterThanOrEqualTo(2);
    assertThat(result.pathCosts().orElseThrow().timing().batchSize()).isEqualTo(2);
    assertThat(result.choice(TradeOff.memoryAtMost(500)).met()).isTrue();
    TradeOff nothing = path -> Verdict.nearest(0, "never");
    assertThatThrownBy(() -> result.report().choose(nothing))
        .isInstanceOf(BudgetNotMetException.class)
        .hasMessage("never");
  }

  @Test
  void timingsAreChecked() {
    Duration second = Duration.ofSeconds(1);
    refused(() -> new Timing(0, 1, 6, second), "batchSize is 0");
    refused(() -> new Timing(1, 0, 6, second), "warmUps is 0");
    refused(() -> new Timing(1, 1, 5, second), "turns is 5; give at least 6");
    refused(() -> new Timing(1, 1, 6, Duration.ZERO), "limit is PT0S");
    refused(() -> new Timing(1, 1, 6, Duration.ofDays(2)), "limit is PT48H");
    assertThatThrownBy(() -> Tale.pruner().timing(Timing.DEFAULT).timing(Timing.DEFAULT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("timing is set already");
  }

  private static void refused(Runnable making, String part) {
    assertThatThrownBy(making::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(part);
  }
}
