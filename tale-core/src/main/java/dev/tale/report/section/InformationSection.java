package dev.tale.report.section;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.Lists;
import dev.tale.analysis.BoundarySeries;
import dev.tale.analysis.LayerAnalysis.Kind;
import dev.tale.chart.LineChart;
import dev.tale.chart.Point;
import dev.tale.document.Block;
import dev.tale.document.Block.Chart;
import dev.tale.document.Block.Paragraph;
import dev.tale.document.DocumentSection;
import dev.tale.document.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Information by layer boundary, before and after pruning. */
final class InformationSection {
  /** So many series look different. */
  private static final int LOOKS = 4;

  private static final String TITLE = "Information by layer boundary";
  private static final String NOTE =
      "What the hidden states tell of the answer: at boundary 0 before the first layer, at boundary"
          + " l + 1 after layer l. Whiskers are 95 % intervals.";

  private InformationSection() {}

  static DocumentSection of(ReportContent content) {
    List<Block> blocks = new ArrayList<>();
    List<BoundarySeries> series = content.analysis().information();
    if (series.isEmpty()) {
      blocks.add(
          new Paragraph("The information that each layer has was not measured for this report."));
    } else {
      series.forEach(each -> blocks.add(new Paragraph(falls(each))));
      int number = 0;
      for (List<BoundarySeries> together : Lists.partition(series, LOOKS)) {
        String id = number == 0 ? "information-chart" : "information-chart-" + number;
        blocks.add(new Chart(TITLE, number == 0 ? NOTE : "", chart(id, together)));
        number++;
      }
      blocks.add(table(series));
    }
    blocks.addAll(NotMeasured.of(content.analysis(), Kind.INFORMATION));
    return new DocumentSection("information", "Information by layer", blocks);
  }

  private static String chart(String id, List<BoundarySeries> series) {
    LineChart chart =
        LineChart.of(
                id, TITLE, series.size() + " series by boundary; the table below has the values.")
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
        series.name() + ", boundary " + point.boundary() + ": " + value(series, point));
  }

  private static String value(BoundarySeries series, BoundarySeries.Point point) {
    return Figures.value(point.value(), point.interval()) + " " + series.unit();
  }

  private static Table table(List<BoundarySeries> series) {
    return Table.ofChart(
        TITLE,
        List.of("of", "boundary", "value", "fell"),
        series.stream().flatMap(InformationSection::rows).toList());
  }

  private static Stream<List<String>> rows(BoundarySeries series) {
    return series.points().stream()
        .map(
            point ->
                List.of(
                    series.name(),
                    String.valueOf(point.boundary()),
                    value(series, point),
                    series.falls().contains(point.boundary() - 1) ? "yes" : "no"));
  }
}
