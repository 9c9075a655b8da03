package dev.tale.report.section;

import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.analysis.BoundarySeries;
import dev.tale.analysis.LayerAnalysis;
import dev.tale.analysis.RankAgreement;
import dev.tale.estimate.Interval;
import dev.tale.importance.LayerScore;
import dev.tale.importance.LayerScores;
import dev.tale.model.LatencyMeter.Latencies;
import dev.tale.model.LatencyMeter.Times;
import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.model.Timing;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Results of a scripted model, and an analysis. */
public final class Reports {
  public static final String MARKUP = "<script>alert(\"1\")</script> & '|`*=";
  public static final String HOSTILE =
      MARKUP + "\u0007\u0000\u202e\u05d0\u05d1\u05d2 \ud800 \u2028 \ufffe line\nbreak | cell";

  private Reports() {}

  public static Task task(String name, int rows, IntFunction<String> prompt) {
    return Task.multipleChoice(
        name,
        IntStream.range(0, rows).boxed().toList(),
        id ->
            Example.multipleChoice(prompt.apply(id), List.of("no", "yes"), id % 2)
                .withId("question " + id));
  }

  public static PruneResult result(int layers, int rows) throws IOException {
    Task all =
        task(
            "boolean_expressions",
            2 * rows,
            id -> "not ( True and False ) or row " + id + " is it so, or is it not?");
    return Tale.pruner()
        .heldOut(all.slice(rows, 2 * rows))
        .prune(
            ScriptedModel.of(layers, Script.additive(3), all).measuredBy(Reports::measure),
            all.slice(0, rows));
  }

  /** A millisecond a layer, a little more from turn to turn. */
  public static Latencies measure(List<LayerMask> masks, List<Request> requests, Timing timing) {
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
        .mapToObj(turn -> mask.kept().size() * (1_000_000L + 20_000L * turn))
        .toList();
  }

  public static LayerAnalysis analysis(int layers) {
    return LayerAnalysis.none()
        .withImportance(
            List.of(
                scores("block influence (1 - cosine)", "", layers, 0.02),
                scores("leave-one-out loss", "nat", layers, -0.4)))
        .withAgreements(
            List.of(
                new RankAgreement(
                    "block influence (1 - cosine)", "held-out", 0.42, new Interval(0.1, 0.7))))
        .withInformation(List.of(series("unpruned", layers, 0), series("chosen", layers, 3)));
  }

  private static LayerScores scores(String measure, String unit, int layers, double shift) {
    return new LayerScores(
        measure,
        unit,
        IntStream.range(0, layers).mapToObj(layer -> score(layer, shift + value(layer))).toList());
  }

  private static BoundarySeries series(String name, int layers, int without) {
    return new BoundarySeries(
        name,
        "bit",
        IntStream.rangeClosed(0, layers)
            .filter(boundary -> without == 0 || boundary % without != 1)
            .mapToObj(boundary -> point(boundary, 0.9 * boundary / layers - 0.1 * value(boundary)))
            .toList(),
        without == 0 ? List.of(3) : List.of());
  }

  private static BoundarySeries.Point point(int boundary, double value) {
    return new BoundarySeries.Point(boundary, value, new Interval(value - 0.05, value + 0.08));
  }

  private static LayerScore score(int layer, double value) {
    return new LayerScore(layer, value, new Interval(value - 0.05, value + 0.08));
  }

  /** Some values in [0, 1). */
  private static double value(int layer) {
    return layer * 7 % 11 / 11.0;
  }
}
