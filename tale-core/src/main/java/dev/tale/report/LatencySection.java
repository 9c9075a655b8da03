package dev.tale.report;

import dev.tale.chart.ScatterChart;
import dev.tale.chart.ScatterChart.Mark;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Accuracy against measured latency, and which configurations nothing beats in both. */
final class LatencySection {
  private LatencySection() {}

  static Section of(ReportContent content) {
    Section section = Section.of("latency", "Accuracy and latency");
    List<LatencyPoint> points = content.measurements().latencies();
    if (points.isEmpty()) {
      return section.say("No latency was measured for this report, so there is no Pareto front.");
    }
    Set<Integer> front = front(points);
    return section
        .say(
            "Each point is a configuration with its measured latency; whiskers are 95 % intervals."
                + " Accuracies are those of "
                + (content.report().heldOut().isEmpty()
                    ? "the selection rows."
                    : "the held-out rows; the front in report.json is by the selection rows, which"
                        + " chose.")
                + " On the Pareto front are those than which no other is faster and at least as"
                + " accurate, or more accurate and at least as fast, by the middle of the"
                + " intervals.")
        .draw(
            "Accuracy against latency",
            ScatterChart.of(
                    "latency-chart", points.stream().map(LatencySection::mark).toList(), front)
                .svg(
                    "Accuracy against latency",
                    front.size()
                        + " of "
                        + points.size()
                        + " points are on the Pareto front; the"
                        + " table below has the values.",
                    "milliseconds",
                    "accuracy"))
        .show(table(points, front));
  }

  /** Returns the positions of the points that no other dominates. */
  static Set<Integer> front(List<LatencyPoint> points) {
    return IntStream.range(0, points.size())
        .filter(i -> points.stream().noneMatch(other -> other.dominates(points.get(i))))
        .boxed()
        .collect(Collectors.toSet());
  }

  private static Mark mark(LatencyPoint point) {
    return new Mark(
        point.label(),
        point.milliseconds(),
        point.millisecondsInterval(),
        point.accuracy(),
        point.accuracyInterval());
  }

  private static Table table(List<LatencyPoint> points, Set<Integer> front) {
    Table table =
        Table.of(
                "Accuracy and latency",
                "configuration",
                "removed",
                "accuracy",
                "milliseconds",
                "Pareto front")
            .fold();
    for (int i = 0; i < points.size(); i++) {
      LatencyPoint point = points.get(i);
      table =
          table.row(
              point.label(),
              String.valueOf(point.removedLayers()),
              Figures.accuracy(point.accuracy()) + " " + Figures.interval(point.accuracyInterval()),
              Figures.value(point.milliseconds(), point.millisecondsInterval()),
              front.contains(i) ? "yes" : "no");
    }
    return table;
  }
}
