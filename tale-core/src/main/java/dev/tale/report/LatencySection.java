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
    List<LatencyPoint> points = content.latencies();
    if (points.isEmpty()) {
      return section.say("No latency was measured for this report, so there is no Pareto front.");
    }
    Set<Integer> front =
        IntStream.range(0, points.size())
            .filter(i -> points.get(i).onFront())
            .boxed()
            .collect(Collectors.toSet());
    return section
        .say(
            "Each point is a configuration with its measured latency; whiskers are 95 % intervals."
                + " On the Pareto front, here and in report.json, are those than which no other is"
                + " faster and at least as accurate, or more accurate and at least as fast, by the"
                + " middle of the intervals. "
                + rows(content.report()))
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
                    content.report().heldOut().isEmpty() ? "accuracy" : "held-out accuracy"))
        .show(table(content.report(), points));
  }

  private static String rows(Report report) {
    return report.heldOut().isEmpty()
        ? "Accuracies are those on the rows that chose the layers."
        : "Accuracies are those on the held-out rows, which choose nothing: what a trade-off"
            + " chooses, it chooses by accuracy on the selection rows.";
  }

  private static Mark mark(LatencyPoint point) {
    return new Mark(
        point.label(),
        point.milliseconds(),
        point.millisecondsInterval(),
        point.accuracy(),
        point.accuracyInterval());
  }

  private static Table table(Report report, List<LatencyPoint> points) {
    Table table =
        Table.of(
                "Accuracy and latency",
                "configuration",
                "removed",
                report.heldOut().isEmpty()
                    ? "accuracy on the rows that chose"
                    : "held-out accuracy",
                "milliseconds",
                "Pareto front")
            .fold();
    for (LatencyPoint point : points) {
      table =
          table.row(
              point.label(),
              String.valueOf(point.removedLayers()),
              Figures.accuracy(point.accuracy()) + " " + Figures.interval(point.accuracyInterval()),
              Figures.value(point.milliseconds(), point.millisecondsInterval()),
              point.onFront() ? "yes" : "no");
    }
    return table;
  }
}
