package dev.tale;

import dev.tale.evaluate.Score;
import dev.tale.policy.Cost;
import dev.tale.report.Entry;
import dev.tale.report.LatencyPoint;
import dev.tale.report.Report;
import dev.tale.stats.Interval;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Measured costs of a path as points of a report. */
final class LatencyPoints {
  private static final double MILLIS = 1e3;

  private LatencyPoints() {}

  /** Returns a point for each configuration of the path; none if nothing was measured. */
  static List<LatencyPoint> of(Report report, Optional<PathCosts> costs) {
    return costs
        .map(
            measured ->
                IntStream.range(0, measured.costs().size())
                    .mapToObj(i -> point(report, measured, i))
                    .toList())
        .orElse(List.of());
  }

  private static LatencyPoint point(Report report, PathCosts measured, int position) {
    Entry entry = report.path().get(position);
    Cost cost = measured.costs().get(position);
    Score score = entry.score();
    Interval seconds = cost.latencySeconds().interval();
    return new LatencyPoint(
        label(report, entry),
        entry.mask().removedCount(),
        score.accuracy(),
        score.interval(),
        cost.latencySeconds().value() * MILLIS,
        new Interval(seconds.low() * MILLIS, seconds.high() * MILLIS),
        measured.paretoFront().contains(position));
  }

  private static String label(Report report, Entry entry) {
    List<String> titles = report.titles(entry.mask());
    return titles.isEmpty() ? entry.mask().removedCount() + " removed" : String.join(", ", titles);
  }
}
