package dev.tale.report.section;

import dev.tale.chart.ScatterChart;
import dev.tale.chart.ScatterChart.Mark;
import dev.tale.document.Block;
import dev.tale.document.Block.Chart;
import dev.tale.document.Block.Paragraph;
import dev.tale.document.DocumentSection;
import dev.tale.document.Table;
import dev.tale.estimate.Estimate;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Cost;
import dev.tale.report.PathCosts;
import dev.tale.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Accuracy against measured latency, and the configurations that no other beats in both. */
final class LatencySection {
  private static final double MILLIS = 1e3;
  private final Report report;
  private final PathCosts measured;

  /** Positions in the path. */
  private final List<Integer> positions;

  private final List<Configuration> path;

  private LatencySection(ReportContent content, PathCosts measured) {
    this.report = content.report();
    this.measured = measured;
    this.path = content.run().path();
    this.positions =
        IntStream.range(0, path.size())
            .filter(i -> path.get(i).cost().isPresent())
            .boxed()
            .toList();
  }

  static DocumentSection of(ReportContent content) {
    List<Block> blocks =
        content
            .run()
            .costs()
            .map(measured -> new LatencySection(content, measured).blocks())
            .orElseGet(
                () ->
                    List.of(
                        new Paragraph(
                            "Latency was not measured: " + content.run().missing() + ".")));
    return new DocumentSection("latency", "Accuracy and latency", blocks);
  }

  private List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Paragraph(conditions()));
    if (report.isHeldOut()) {
      blocks.add(
          new Paragraph(
              "The choice is by accuracy on the selection rows; held-out rows choose nothing."));
    }
    if (!measured.isComplete()) {
      blocks.add(new Paragraph("Not measured: " + measured.rest() + "."));
    }
    blocks.add(
        new Chart(
            "Accuracy against latency",
            "Each point is a configuration with its measured latency; whiskers are 95 % intervals."
                + " On the Pareto front, here and in report.json, are those than which no other is"
                + " faster and at least as accurate, or more accurate and at least as fast, by the"
                + " middle of the intervals.",
            chart()));
    blocks.add(table());
    return blocks;
  }

  private String conditions() {
    return Figures.format(
        "Written models, one pass over %d of %d prompts of %.0f tokens%s, %s, %d threads, median"
            + " [95 %% interval]; * is on the Pareto front of %s and latency.",
        measured.timing().batchSize(),
        measured.prompts(),
        measured.meanTokens(),
        tokens()
            .map(tokens -> ", and the mean of " + tokens + " tokens generated after one prompt")
            .orElse(""),
        measured.runtime(),
        measured.threads(),
        report.isHeldOut() ? "held-out accuracy" : "accuracy on the rows that chose it");
  }

  private Optional<Integer> tokens() {
    return positions.stream()
        .flatMap(i -> path.get(i).cost().flatMap(Cost::perToken).stream())
        .map(Cost.TokenCost::tokens)
        .findFirst();
  }

  private String chart() {
    Set<Integer> front =
        measured.paretoFront().stream().map(positions::indexOf).collect(Collectors.toSet());
    return ScatterChart.of("latency-chart", positions.stream().map(this::mark).toList(), front)
        .svg(
            "Accuracy against latency",
            front.size()
                + " of "
                + positions.size()
                + " points are on the Pareto front; the table below has the values.",
            "milliseconds",
            report.isHeldOut() ? "held-out accuracy" : "accuracy");
  }

  private Mark mark(int position) {
    Configuration configuration = path.get(position);
    Estimate latency = configuration.requireCost().latencySeconds().times(MILLIS);
    return new Mark(
        label(configuration),
        latency.value(),
        latency.interval(),
        configuration.quoted().accuracy(),
        configuration.quoted().interval());
  }

  private String label(Configuration configuration) {
    List<String> titles = report.titles(configuration.mask());
    return titles.isEmpty()
        ? configuration.mask().removedCount() + " removed"
        : String.join(", ", titles);
  }

  private Table table() {
    List<String> head = new ArrayList<>(List.of("configuration", "front", "ms", "times as fast"));
    tokens().ifPresent(tokens -> head.add("ms a token"));
    head.addAll(List.of("bytes", "accuracy", "removed"));
    return Table.ofChart("Accuracy and latency", head, positions.stream().map(this::row).toList());
  }

  private List<String> row(int position) {
    Configuration configuration = path.get(position);
    Cost cost = configuration.requireCost();
    List<String> row = new ArrayList<>();
    row.add(label(configuration));
    row.add(measured.paretoFront().contains(position) ? "*" : "-");
    row.add(cost.latencySeconds().times(MILLIS).toString());
    row.add(cost.speedup().toString());
    if (tokens().isPresent()) {
      row.add(cost.perToken().map(token -> token.seconds().times(MILLIS).toString()).orElse(""));
    }
    row.add(Figures.format("%,d", cost.bytes()));
    row.add(accuracy(configuration));
    row.add(report.removed(configuration).toString());
    return row;
  }

  /** An accuracy never stands without the rows that it is of. */
  private String accuracy(Configuration configuration) {
    String figure = Figures.score(configuration.quoted());
    if (configuration.heldOut().isPresent()) {
      return "held-out " + figure;
    }
    boolean isTestSplit = report.provenance().selection().isTestSplit();
    return figure + " on the rows that chose it" + (isTestSplit ? " (a test split)" : "");
  }
}
