package dev.tale.report.section;

import dev.tale.chart.LineChart;
import dev.tale.chart.Point;
import dev.tale.document.Block.Chart;
import dev.tale.document.DocumentSection;
import dev.tale.document.Table;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Score;
import dev.tale.report.Report;
import dev.tale.search.Round;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Accuracy against the number of removed layers along the search's path. */
final class TrajectorySection {
  private final ReportContent content;
  private final Report report;

  private TrajectorySection(ReportContent content) {
    this.content = content;
    this.report = content.report();
  }

  static DocumentSection of(ReportContent content) {
    TrajectorySection section = new TrajectorySection(content);
    Chart chart =
        new Chart(
            "Accuracy against layers removed",
            "Each point is a configuration that the search accepted; whiskers are 95 % intervals."
                + " BEST has the highest accuracy on the selection rows, BSBA has the most layers"
                + " removed at or above the baseline there, FINAL is the last one accepted.",
            section.chart());
    return new DocumentSection(
        "trajectory", "Accuracy as layers go", List.of(chart, section.table()));
  }

  private String chart() {
    double baseline = report.baseline().quoted().accuracy();
    LineChart chart =
        LineChart.of("trajectory-chart", "Accuracy against layers removed", description(baseline))
            .axes("layers removed", "accuracy")
            .series("held-out", points("held-out", Configuration::heldOut))
            .series("selection", points("selection", each -> Optional.of(each.score())))
            .reference("baseline", baseline);
    report.found().forEach((name, found) -> mark(chart, name, found));
    if (report.titles(content.chosen().mask()).isEmpty()) {
      mark(chart, "", content.chosen());
    }
    return chart.svg();
  }

  private void mark(LineChart chart, String name, Configuration configuration) {
    String text = isChosen(configuration) ? (name + " " + content.word()).strip() : name;
    chart.mark(text, configuration.mask().removedCount());
  }

  private boolean isChosen(Configuration configuration) {
    return configuration.mask().equals(content.chosen().mask());
  }

  private String description(double baseline) {
    return Figures.format(
        "From %s of the unpruned model to %s without %d; the table below has the values.",
        Figures.accuracy(baseline),
        Figures.accuracy(report.last().quoted().accuracy()),
        report.last().mask().removedCount());
  }

  private List<Point> points(String rows, Function<Configuration, Optional<Score>> score) {
    return report.path().stream()
        .flatMap(each -> score.apply(each).map(found -> point(rows, each, found)).stream())
        .toList();
  }

  private Point point(String rows, Configuration configuration, Score score) {
    return new Point(
        configuration.mask().removedCount(),
        score.accuracy(),
        score.interval(),
        rows
            + " "
            + Figures.score(score)
            + ", removed "
            + Figures.names(report.removed(configuration)));
  }

  private Table table() {
    List<Configuration> path = report.path();
    List<String> floors = new ArrayList<>(List.of(""));
    report.trajectory().rounds().stream()
        .filter(round -> round.accepted().isPresent())
        .map(Round::floor)
        .map(Figures::accuracy)
        .forEach(floors::add);
    return Table.ofChart(
        "The path",
        List.of("removed", "layers removed", "held-out", "selection", "lowest accepted", "is"),
        IntStream.range(0, path.size()).mapToObj(i -> row(path.get(i), floors.get(i))).toList());
  }

  private List<String> row(Configuration configuration, String floor) {
    List<String> titles = new ArrayList<>(report.titles(configuration.mask()));
    if (isChosen(configuration)) {
      titles.add(content.word());
    }
    return List.of(
        String.valueOf(configuration.mask().removedCount()),
        Figures.names(report.removed(configuration)),
        configuration.heldOut().map(Figures::score).orElse("not measured"),
        Figures.score(configuration.score()),
        floor,
        String.join(", ", titles));
  }
}
