package dev.tale.report;

import static java.util.stream.Collectors.joining;

import dev.tale.chart.LineChart;
import dev.tale.chart.Point;
import dev.tale.importance.LayerScore;
import java.util.List;

/** Information by layer, before and after pruning. */
final class InformationSection {
  private InformationSection() {}

  static Section of(ReportContent content) {
    Section section = Section.of("information", "Information by layer");
    List<LayerSeries> series = content.measurements().information();
    if (series.isEmpty()) {
      return section.say("The information that each layer has was not measured for this report.");
    }
    section =
        section.say(
            "What the hidden state after each layer tells of the answer; whiskers are 95 %"
                + " intervals.");
    LineChart chart =
        LineChart.of(
                "information-chart",
                "Information by layer",
                series.size() + " series by layer; the table below has the values.")
            .axes("layer", series.get(0).unit());
    for (LayerSeries each : series) {
      chart.series(each.name(), each.points().stream().map(s -> point(each, s)).toList());
      each.falls().forEach(layer -> chart.mark(each.name() + " falls", layer));
      section = section.say(falls(each));
    }
    return section.draw("Information by layer", chart.svg()).show(table(series));
  }

  private static String falls(LayerSeries series) {
    return series.falls().isEmpty()
        ? series.name() + ": at no layer does information fall by more than its error."
        : series.name()
            + ": information falls by more than its error at "
            + series.falls().stream().map(layer -> "layer " + layer).collect(joining(", "))
            + ".";
  }

  private static Point point(LayerSeries series, LayerScore score) {
    return new Point(
        score.layer(),
        score.value(),
        score.interval(),
        series.name()
            + ", layer "
            + score.layer()
            + ": "
            + Figures.value(score.value(), score.interval())
            + " "
            + series.unit());
  }

  private static Table table(List<LayerSeries> series) {
    Table table = Table.of("Information by layer", "of", "layer", "value", "falls").fold();
    for (LayerSeries each : series) {
      for (LayerScore score : each.points()) {
        table =
            table.row(
                each.name(),
                String.valueOf(score.layer()),
                Figures.value(score.value(), score.interval()) + " " + each.unit(),
                each.falls().contains(score.layer()) ? "yes" : "no");
      }
    }
    return table;
  }
}
