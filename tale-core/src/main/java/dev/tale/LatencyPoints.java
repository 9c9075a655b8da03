package dev.tale;

import dev.tale.estimate.Interval;
import dev.tale.evaluate.Score;
import dev.tale.policy.Cost;
import dev.tale.report.Entry;
import dev.tale.report.LatencyPoint;
import dev.tale.report.Report;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Measured costs of a path as points of a report. */
final class LatencyPoints {
  private static final double MILLIS = 1e3;

  private LatencyPoints() {}

  /** Returns a point for each configuration that was measured; none if nothing was measured. */
  static List<LatencyPoint> of(Report report, Optional<PathCosts> costs) {
    return costs
        .map(
            measured ->
                IntStream.range(0, measured.costs().size())
                    .mapToObj(i -> point(report, measured, i))
                    .flatMap(Optional::stream)
                    .toList())
        .orElse(List.of());
  }

  private static Optional<LatencyPoint> point(Report report, PathCosts measured, int position) {
    boolean isOnFront = measured.paretoFront().contains(position);
    return measured
        .costs()
        .get(position)
        .map(cost -> point(report, report.path().get(position), cost, isOnFront));
  }

  private static LatencyPoint point(Report report, Entry entry, Cost cost, boolean isOnFront) {
    Score score = entry.score();
    Interval seconds = cost.latencySeconds().interval();
    return new LatencyPoint(
        label(report, entry),
        entry.mask().removedCount(),
        score.accuracy(),
        score.interval(),
        cost.latencySeconds().value() * MILLIS,
        new Interval(seconds.low() * MILLIS, seconds.high() * MILLIS),
        isOnFront);
  }

  private static String label(Report report, Entry entry) {
    List<String> titles = report.titles(entry.mask());
    return titles.isEmpty() ? entry.mask().removedCount() + " removed" : String.join(", ", titles);
  }
}
