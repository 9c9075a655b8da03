package dev.tale.bench.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.bench.study.StudySearches.Found;
import dev.tale.estimate.Interval;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Cost;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Score;
import dev.tale.model.LatencyMeter.Latencies;
import dev.tale.model.LatencyMeter.Times;
import dev.tale.model.LayerMask;
import dev.tale.stats.Tango;
import dev.tale.task.Task;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What strategies found best of each number of removed layers, with what it does on held-out rows
 * and how fast it is.
 *
 * @param masks what was scored on held-out rows, the whole model first
 * @param heldOut its scores
 * @param latencies of masks of each size at least, the whole model first
 */
record StudyRows(
    StudyModel model,
    StudyDraw draw,
    List<Found> found,
    List<LayerMask> masks,
    List<Score> heldOut,
    Latencies latencies) {

  /** Scores and times what was found. */
  static StudyRows of(StudyModel model, StudyDraw draw, List<Found> found) throws IOException {
    List<LayerMask> masks = masks(model, found);
    boolean every = draw.plan().timesEveryMask(draw.seed());
    List<LayerMask> timed = every ? masks : StudyModel.oneOfEachSize(masks);
    return new StudyRows(
        model,
        draw,
        found,
        masks,
        model.heldOut(draw.rows().heldOut(), masks),
        model.latencies(draw.rows().selection(), timed));
  }

  private static List<LayerMask> masks(StudyModel model, List<Found> found) {
    Stream<LayerMask> best =
        found.stream().flatMap(each -> best(model, each).stream()).map(Configuration::mask);
    return Stream.concat(Stream.of(model.none()), best).distinct().toList();
  }

  private static List<Configuration> best(StudyModel model, Found found) {
    return IntStream.rangeClosed(1, StudySearches.MOST_REMOVED)
        .mapToObj(removed -> found.trajectory().bestWithRemoved(removed * model.perLayer()))
        .flatMap(Optional::stream)
        .toList();
  }

  void putInto(ObjectNode json) {
    putBaseline(json);
    putLatency(json.putObject("latency"));
    ObjectNode strategies = json.putObject("strategies");
    ObjectNode seconds = json.putObject("searchSeconds");
    ArrayNode table = json.putArray("rows");
    for (Found each : found) {
      strategies.put(each.contestant().name(), each.contestant().strategy().toString());
      seconds.put(each.contestant().name(), each.seconds());
      best(model, each).forEach(best -> put(table.addObject(), each, best));
    }
  }

  private void putBaseline(ObjectNode json) {
    Score selection = found.get(0).trajectory().baseline().score();
    double commonest = commonest(draw.rows().heldOut());
    json.put("selectionRows", selection.total());
    json.put("heldOutRows", heldOut.get(0).total());
    json.put("commonestAnswer", commonest);
    json.put("atChance", heldOut.get(0).interval().low() <= commonest);
    ObjectNode node = json.putObject("baseline");
    put(node, "selection", selection);
    put(node, "heldOut", heldOut.get(0));
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

  private void putLatency(ObjectNode node) {
    boolean every = draw.plan().timesEveryMask(draw.seed());
    node.put("runtime", latencies.runtime())
        .put("threads", latencies.threads())
        .put("prompts", latencies.prompts())
        .put("meanTokens", (double) latencies.tokens() / latencies.prompts())
        .put("turns", latencies.models().get(0).nanos().size())
        .put("measured", every ? "every mask" : "one mask of each number removed");
  }

  /** Half of a layer's work is counted for one of its two parts. */
  private void put(ObjectNode row, Found found, Configuration best) {
    int perLayer = model.perLayer();
    Score onHeldOut = heldOut.get(masks.indexOf(best.mask()));
    draw.putInto(row);
    row.put("strategy", found.contestant().name());
    row.put("removed", best.mask().removedCount() / perLayer);
    put(row.putArray(perLayer == 1 ? "mask" : "maskOfParts"), best.mask());
    put(row, "selection", best.score());
    put(row, "heldOut", onHeldOut);
    put(row, PairedComparison.of(heldOut.get(0).byTask().get(0), onHeldOut.byTask().get(0)));
    put(row, timed(best.mask()));
    row.put("layerForwards", found.work().layerForwards() / perLayer);
    row.put("naiveLayerForwards", found.work().naiveLayerForwards() / perLayer);
    row.put("scoringLayerForwards", found.contestant().scoring());
  }

  /** Returns the times of the mask itself if it was timed, or else of one of the same size. */
  private Times timed(LayerMask mask) {
    return latencies.models().stream()
        .filter(times -> times.mask().removedCount() == mask.removedCount())
        .min(Comparator.comparing(times -> !times.mask().equals(mask)))
        .orElseThrow();
  }

  private static void put(ObjectNode node, String which, Score score) {
    node.put(which + "Correct", score.correct());
    node.put(which + "Total", score.total());
    node.put(which + "Accuracy", score.accuracy());
    put(node.putArray(which + "Interval"), score.interval());
  }

  private void put(ObjectNode row, PairedComparison comparison) {
    row.put("gained", comparison.gained());
    row.put("lost", comparison.lost());
    row.put("pValue", comparison.pValue());
    put(
        row.putArray("changeInterval"),
        Tango.interval(
            comparison.gained(), comparison.lost(), heldOut.get(0).total(), Score.CONFIDENCE));
  }

  private static void put(ObjectNode row, Times times) {
    Cost cost = Cost.of(times);
    row.put("speedup", cost.speedup().value());
    put(row.putArray("speedupInterval"), cost.speedup().interval());
    put(row.putArray("speedupMask"), times.mask());
  }

  private static void put(ArrayNode node, LayerMask mask) {
    mask.removed().forEach(node::add);
  }

  private static void put(ArrayNode node, Interval interval) {
    node.add(interval.low()).add(interval.high());
  }
}
