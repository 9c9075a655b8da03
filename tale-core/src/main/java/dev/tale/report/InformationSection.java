package dev.tale.report;

import static java.util.stream.Collectors.joining;

import dev.tale.chart.LineChart;
import dev.tale.chart.Point;
import java.util.List;

/** Information by layer boundary, before and after pruning. */
final class InformationSection {
  private InformationSection() {}

  static Section of(ReportContent content) {
    Section section = Section.of("information", "Information by layer");
    List<BoundarySeries> series = content.measurements().information();
    if (series.isEmpty()) {
      return section.say("The information that each layer has was not measured for this report.");
    }
    section =
        section.say(
            "What the hidden states tell of the answer: at boundary 0 before the first layer, at"
                + " boundary l + 1 after layer l. Whiskers are 95 % intervals.");
    LineChart chart =
        LineChart.of(
                "information-chart",
                "Information by layer boundary",
                series.size() + " series by boundary; the table below has the values.")
            .axes("layer boundary", series.get(0).unit());
    for (BoundarySeries each : series) {
      chart.series(each.name(), each.points().stream().map(p -> point(each, p)).toList());
      each.falls().forEach(layer -> chart.mark(each.name() + " falls", layer + 1));
      section = section.say(falls(each));
    }
    return section.draw("Information by layer boundary", chart.svg()).show(table(series));
  }

  private static String falls(BoundarySeries series) {
    return series.falls().isEmpty()
        ? series.name() + ": across no layer does it fall by more than its error."
        : series.name()
            + ": it falls by more than its error across "
            + series.falls().stream().map(layer -> "layer " + layer).collect(joining(", "))
            + ".";
  }

  private static Point point(BoundarySeries series, BoundarySeries.Point point) {
    return new Point(
        point.boundary(),
        point.value(),
        point.interval(),
        series.name()
            + ", boundary "
            + point.boundary()
            + ": "
            + Figures.value(point.value(), point.interval())
            + " "
            + series.unit());
  }

  private static Table table(List<BoundarySeries> series) {
    Table table =
        Table.of("Information by layer boundary", "of", "boundary", "value", "fell").fold();
    for (BoundarySeries each : series) {
      for (BoundarySeries.Point point : each.points()) {
        table =
            table.row(
                each.name(),
                String.valueOf(point.boundary()),
                Figures.value(point.value(), point.interval()) + " " + each.unit(),
                each.falls().contains(point.boundary() - 1) ? "yes" : "no");
      }
    }
    return table;
  }
}
