package dev.tale.report;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.Lists;
import dev.tale.analysis.BoundarySeries;
import dev.tale.analysis.LayerAnalysis.Kind;
import dev.tale.chart.LineChart;
import dev.tale.chart.Point;
import java.util.List;

/** Information by layer boundary, before and after pruning. */
final class InformationSection {
  /** So many series look different. */
  private static final int LOOKS = 4;

  private InformationSection() {}

  static Section of(ReportContent content) {
    Section section = Section.of("information", "Information by layer");
    List<BoundarySeries> series = content.analysis().information();
    if (series.isEmpty()) {
      section =
          section.say("The information that each layer has was not measured for this report.");
      return section.say(content.analysis().missing(Kind.INFORMATION));
    }
    section =
        section.say(
            "What the hidden states tell of the answer: at boundary 0 before the first layer, at"
                + " boundary l + 1 after layer l. Whiskers are 95 % intervals.");
    for (BoundarySeries each : series) {
      section = section.say(falls(each));
    }
    int number = 0;
    for (List<BoundarySeries> together : Lists.partition(series, LOOKS)) {
      String id = number == 0 ? "information-chart" : "information-chart-" + number;
      section = section.draw("Information by layer boundary", chart(id, together));
      number++;
    }
    return section.show(table(series)).say(content.analysis().missing(Kind.INFORMATION));
  }

  private static String chart(String id, List<BoundarySeries> series) {
    LineChart chart =
        LineChart.of(
                id,
                "Information by layer boundary",
                series.size() + " series by boundary; the table below has the values.")
            .axes("layer boundary", series.get(0).unit());
    for (BoundarySeries each : series) {
      chart.series(each.name(), each.points().stream().map(p -> point(each, p)).toList());
      each.falls().forEach(layer -> chart.mark(each.name() + " falls", layer + 1));
    }
    return chart.svg();
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
