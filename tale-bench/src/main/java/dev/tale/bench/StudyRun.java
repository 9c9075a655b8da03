package dev.tale.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.bench.StudySearches.Found;
import dev.tale.evaluate.Comparison;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Score;
import dev.tale.importance.LayerScorer;
import dev.tale.importance.LayerScores;
import dev.tale.model.LatencyMeter.Latencies;
import dev.tale.model.LayerMask;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.nano.NanoTask;
import dev.tale.policy.Cost;
import dev.tale.stats.Interval;
import dev.tale.stats.Tango;
import dev.tale.task.Task;
import dev.tale.task.TaskSplit;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One task of nano-llama on one draw of its rows, by every strategy.
 *
 * <p>What several strategies ask, the model answers once; each strategy's layer-forwards are
 * counted as if it had been alone.
 */
final class StudyRun {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StudyModel layers;
  private final StudyModel parts;
  private final StudyPlan plan;
  private final NanoTask task;
  private final int seed;
  private final TaskSplit rows;
  private final ObjectNode json = JSON.createObjectNode();
  private final ObjectNode seconds = JSON.createObjectNode();
  private long phaseStart = System.nanoTime();

  /**
   * Asks two models, which it leaves open.
   *
   * @param layers of which whole layers are removed
   * @param parts the same model by attention and feed-forward parts
   */
  StudyRun(OnnxModel layers, OnnxModel parts, StudyPlan plan, NanoTask task, int seed) {
    this.layers = StudyModel.of(layers);
    this.parts = StudyModel.of(parts);
    this.plan = plan;
    this.task = task;
    this.seed = seed;
    this.rows = plan.split(task, seed);
  }

  /** Runs everything; minutes. */
  ObjectNode json() throws IOException {
    json.put("task", task.toString());
    json.put("inDistribution", task.inDistribution());
    json.put("seed", seed);
    json.set("settings", plan.settings());
    json.put("selectionRows", rows.selection().size());
    json.put("heldOutRows", rows.heldOut().size());
    json.put("availableRows", task.available());
    StudyScores scores = StudyScores.of(layers.onnx(), rows.selection(), reference(), seed);
    phase("importance");
    List<Found> found = searches(scores).run(layers.remembering(), rows.selection());
    phase("searches");
    List<Found> foundOfParts =
        StudySearches.ofParts(parts.perLayer()).run(parts.remembering(), rows.selection());
    phase("searchesOfParts");
    Figures figures = figures(layers, found);
    putBaseline(found.get(0).trajectory().baseline().score(), figures.whole());
    putRows(found, figures);
    putRows(foundOfParts, figures(parts, foundOfParts));
    phase("heldOutAndLatency");
    putImportance(scores);
    phase("agreement");
    if (plan.gates(seed)) {
      json.set("gates", gates());
      phase("gates");
    }
    json.set("seconds", seconds);
    return json;
  }

  private StudySearches searches(StudyScores scores) {
    return StudySearches.of(layers.onnx(), rows.selection(), scores, plan.exhaustive(seed), seed);
  }

  private void phase(String name) {
    long now = System.nanoTime();
    seconds.put(name, (now - phaseStart) / 1e9);
    phaseStart = now;
  }

  /** Rows like those of training, where those of the task are not. */
  private Optional<Task> reference() {
    return Arrays.stream(NanoTask.values())
        .filter(other -> other.inDistribution() && !task.inDistribution())
        .filter(other -> other.trainedAs().equals(task.trainedAs()))
        .map(other -> plan.split(other, seed).selection())
        .findFirst();
  }

  private Figures figures(StudyModel model, List<Found> found) throws IOException {
    List<LayerMask> masks = masks(model, found);
    List<LayerMask> timed = plan.timesEveryMask(seed) ? masks : StudyModel.oneOfEachSize(masks);
    Latencies latencies = model.latencies(rows.selection(), timed);
    putLatency(latencies);
    return new Figures(
        model, masks, model.heldOut(rows.heldOut(), masks), StudyModel.costs(latencies));
  }

  /** The whole model, then all that any strategy found best. */
  private static List<LayerMask> masks(StudyModel model, List<Found> found) {
    Stream<LayerMask> best =
        found.stream().flatMap(each -> best(model, each).stream()).map(Configuration::mask);
    return Stream.concat(Stream.of(model.none()), best).distinct().toList();
  }

  /** What a strategy found best of each number of removed layers. */
  private static List<Configuration> best(StudyModel model, Found found) {
    return IntStream.rangeClosed(1, StudySearches.MOST_REMOVED)
        .mapToObj(removed -> found.trajectory().bestWithRemoved(removed * model.perLayer()))
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * What was measured of the configurations that strategies found best, the whole model first.
   *
   * @param costs of masks of each size at least
   */
  private record Figures(
      StudyModel model, List<LayerMask> masks, List<Score> heldOut, Map<LayerMask, Cost> costs) {

    Score whole() {
      return heldOut.get(0);
    }

    Score heldOut(LayerMask mask) {
      return heldOut.get(masks.indexOf(mask));
    }

    /** Returns the mask itself if it was timed, or else one of the same size. */
    LayerMask timed(LayerMask mask) {
      return costs.keySet().stream()
          .filter(other -> other.removedCount() == mask.removedCount())
          .min(Comparator.comparing(other -> !other.equals(mask)))
          .orElseThrow();
    }

    Cost cost(LayerMask timed) {
      return Objects.requireNonNull(costs.get(timed), () -> "not timed: " + timed);
    }
  }

  private void putLatency(Latencies measured) {
    json.putObject("latency")
        .put("runtime", measured.runtime())
        .put("threads", measured.threads())
        .put("prompts", measured.prompts())
        .put("meanTokens", (double) measured.tokens() / measured.prompts())
        .put("turns", measured.models().get(0).nanos().size())
        .put(
            "measured",
            plan.timesEveryMask(seed) ? "every mask" : "one mask of each number removed");
  }

  private void putBaseline(Score selection, Score heldOut) {
    double commonest = commonest(rows.heldOut());
    json.put("commonestAnswer", commonest);
    json.put("atChance", heldOut.interval().low() <= commonest);
    ObjectNode node = json.putObject("baseline");
    put(node, "selection", selection);
    put(node, "heldOut", heldOut);
  }

  /** Share of the rows that one answer for all would have right. */
  private static double commonest(Task task) {
    Map<String, Long> counts =
        IntStream.range(0, task.size())
            .mapToObj(task::label)
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    long most = counts.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    return (double) most / task.size();
  }

  private static void put(ObjectNode node, String which, Score score) {
    node.put(which + "Correct", score.correct());
    node.put(which + "Total", score.total());
    node.put(which + "Accuracy", score.accuracy());
    put(node.putArray(which + "Interval"), score.interval());
  }

  private static void put(ArrayNode node, LayerMask mask) {
    mask.removed().forEach(node::add);
  }

  private static void put(ArrayNode node, Interval interval) {
    node.add(interval.low()).add(interval.high());
  }

  private void putRows(List<Found> found, Figures figures) {
    ObjectNode strategies = json.withObject("/strategies");
    ObjectNode searchSeconds = json.withObject("/searchSeconds");
    ArrayNode table = json.withArray("/rows");
    for (Found each : found) {
      searchSeconds.put(each.contestant().name(), each.seconds());
      strategies.put(each.contestant().name(), each.contestant().strategy().toString());
      for (Configuration best : best(figures.model(), each)) {
        put(table.addObject(), each, best, figures);
      }
    }
  }

  /** Half of a layer's work is counted for one of its parts. */
  private void put(ObjectNode row, Found found, Configuration best, Figures figures) {
    int perLayer = figures.model().perLayer();
    row.put("task", task.toString());
    row.put("inDistribution", task.inDistribution());
    row.put("seed", seed);
    row.put("strategy", found.contestant().name());
    row.put("removed", best.mask().removedCount() / perLayer);
    put(row.putArray(perLayer == 1 ? "mask" : "maskOfParts"), best.mask());
    put(row, "selection", best.score());
    put(row, "heldOut", figures.heldOut(best.mask()));
    put(row, figures.whole(), figures.heldOut(best.mask()));
    LayerMask timed = figures.timed(best.mask());
    put(row, figures.cost(timed));
    put(row.putArray("speedupMask"), timed);
    row.put("layerForwards", found.work().layerForwards() / perLayer);
    row.put("naiveLayerForwards", found.work().naiveLayerForwards() / perLayer);
    row.put("scoringLayerForwards", found.contestant().scoring());
  }

  private static void put(ObjectNode row, Score whole, Score pruned) {
    Comparison comparison = Comparison.of(whole.byTask().get(0), pruned.byTask().get(0));
    row.put("gained", comparison.gained());
    row.put("lost", comparison.lost());
    row.put("pValue", comparison.pValue());
    put(
        row.putArray("changeInterval"),
        Tango.interval(comparison.gained(), comparison.lost(), whole.total(), Score.CONFIDENCE));
  }

  private static void put(ObjectNode row, Cost cost) {
    row.put("speedup", cost.speedup().value());
    put(row.putArray("speedupInterval"), cost.speedup().interval());
  }

  /** What removal costs is taken from the rows that chose nothing, so that it is not the score. */
  private void putImportance(StudyScores scores) {
    LayerScores drop =
        LayerScorer.leaveOneOutAccuracy().score(layers.remembering(), rows.heldOut());
    json.put("informationRows", scores.informationRows());
    ArrayNode values = json.putArray("accuracyDropOnHeldOutRows");
    drop.layers().forEach(layer -> values.add(layer.value()));
    scores.putInto(json.putArray("importance"), drop);
  }

  private ObjectNode gates() {
    return new GateSteps(
            layers.onnx().scaledLayers().orElseThrow(),
            layers.onnx().info().layerCount(),
            rows.selection())
        .json();
  }
}
