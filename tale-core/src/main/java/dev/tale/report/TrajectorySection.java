package dev.tale.report;

import dev.tale.chart.LineChart;
import dev.tale.chart.Point;
import dev.tale.evaluate.Score;
import dev.tale.search.Round;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Accuracy against the number of removed layers along the search's path. */
final class TrajectorySection {
  private final ReportContent content;
  private final Report report;

  private TrajectorySection(ReportContent content) {
    this.content = content;
    this.report = content.report();
  }

  static Section of(ReportContent content) {
    return new TrajectorySection(content).write();
  }

  private Section write() {
    return Section.of("trajectory", "Accuracy as layers go")
        .say(
            "Each point is a configuration that the search accepted; whiskers are 95 % intervals."
                + " BEST has the highest accuracy on the selection rows, BSBA has the most"
                + " layers removed at or above the baseline there, FINAL is the last one accepted.")
        .draw("Accuracy against layers removed", chart())
        .show(table());
  }

  private String chart() {
    LineChart chart =
        LineChart.of("trajectory-chart", "Accuracy against layers removed", description())
            .axes("layers removed", "accuracy")
            .series("held-out", points("held-out", Entry::heldOut))
            .series("selection", points("selection", entry -> Optional.of(entry.selection())))
            .reference("baseline", report.baseline().score().accuracy());
    mark(chart, "BEST", report.best());
    mark(chart, "BSBA", report.bsba());
    mark(chart, "FINAL", report.last());
    if (titles(content.chosen()).equals(content.decision().word())) {
      mark(chart, "", content.chosen());
    }
    return chart.svg();
  }

  private void mark(LineChart chart, String name, Entry entry) {
    boolean chosen = entry.mask().equals(content.chosen().mask());
    String text = chosen ? (name + " " + content.decision().word()).strip() : name;
    chart.mark(text, entry.mask().removedCount());
  }

  private String description() {
    return Figures.format(
        "From %s of the unpruned model to %s without %d; the table below has the values.",
        Figures.accuracy(report.baseline().score().accuracy()),
        Figures.accuracy(report.last().score().accuracy()),
        report.last().mask().removedCount());
  }

  private List<Point> points(String rows, Function<Entry, Optional<Score>> score) {
    List<Point> points = new ArrayList<>();
    for (Entry entry : report.path()) {
      score.apply(entry).ifPresent(found -> points.add(point(rows, entry, found)));
    }
    return points;
  }

  private Point point(String rows, Entry entry, Score score) {
    return new Point(
        entry.mask().removedCount(),
        score.accuracy(),
        score.interval(),
        rows + " " + Figures.score(score) + ", removed " + Figures.names(content.removed(entry)));
  }

  private Table table() {
    Table table =
        Table.of(
                "The path",
                "removed",
                "layers removed",
                "held-out",
                "selection",
                "lowest accepted",
                "is")
            .fold();
    List<Entry> path = report.path();
    List<Double> floors =
        report.trajectory().rounds().stream()
            .filter(round -> round.accepted().isPresent())
            .map(Round::floor)
            .toList();
    for (int step = 0; step < path.size(); step++) {
      Entry entry = path.get(step);
      table =
          table.row(
              String.valueOf(entry.mask().removedCount()),
              Figures.names(content.removed(entry)),
              entry.heldOut().map(Figures::score).orElse("not measured"),
              Figures.score(entry.selection()),
              step == 0 ? "" : Figures.accuracy(floors.get(step - 1)),
              titles(entry));
    }
    return table;
  }

  private String titles(Entry entry) {
    List<String> titles = new ArrayList<>(report.titles(entry.mask()));
    if (entry.mask().equals(content.chosen().mask())) {
      titles.add(content.decision().word());
    }
    return String.join(", ", titles);
  }
}
