package dev.tale.report.section;

import dev.tale.answers.AnswersGiven;
import dev.tale.answers.AnswersGiven.Share;
import dev.tale.chart.BarChart;
import dev.tale.chart.Point;
import dev.tale.document.Block;
import dev.tale.document.Block.Chart;
import dev.tale.document.Block.Paragraph;
import dev.tale.document.DocumentSection;
import dev.tale.document.Table;
import dev.tale.estimate.Interval;
import dev.tale.evaluate.TaskScore;
import dev.tale.gain.ConfigurationGain;
import dev.tale.gain.ConfigurationGain.Versus;
import dev.tale.gain.FreeBaseline;
import dev.tale.gain.GainParts;
import dev.tale.gain.TaskGain;
import dev.tale.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Answers given, free baselines, and gains in parts. */
final class AnswersSection {
  private static final String RULE =
      "Each part is the rows won from one score to the next: the unpruned model; with answers that"
          + " count where it has none (format); less a bias for each option, fitted on the rows that"
          + " chose the layers (bias); the pruned model (rest, with its 95 % interval).";

  private final Report report;
  private final ReportContent content;
  private final List<Block> blocks = new ArrayList<>();

  private AnswersSection(ReportContent content) {
    this.content = content;
    this.report = content.report();
  }

  static DocumentSection of(ReportContent content) {
    AnswersSection section = new AnswersSection(content);
    List<TaskGain> tasks = section.report.gains().tasks();
    for (int task = 0; task < tasks.size(); task++) {
      section.add(task, tasks.get(task));
    }
    return new DocumentSection("answers", "Answers given, and what comes free", section.blocks);
  }

  private void add(int position, TaskGain gain) {
    String of = report.gains().tasks().size() > 1 ? " of " + gain.task() : "";
    String rows = gain.isHeldOut() ? "held-out" : "selection";
    chart(position, gain, of);
    blocks.add(
        Table.open(
            "Answers given" + of,
            List.of(
                "rows", "configuration", "count", "options together", "below a token", "greedy"),
            gain.path().stream().flatMap(found -> answers(found).stream()).toList()));
    if (!gain.free().isEmpty()) {
      blocks.add(
          Table.open(
              "What comes free of any removal, " + rows + " rows" + of,
              List.of("answer", "right", "BEST against it", "p (Holm)"),
              gain.free().stream().map(free -> free(gain, free)).toList()));
    }
    blocks.add(new Paragraph(RULE));
    blocks.add(
        Table.open(
            "Gains in parts, " + rows + " rows" + of,
            List.of("removed", "gain", "format", "bias", "rest", "this model less a fitted bias"),
            gain.path().stream().flatMap(found -> parts(found).stream()).toList()));
  }

  private void chart(int position, TaskGain gain, String of) {
    AnswersGiven given = gain.of(content.chosen().mask()).orElse(gain.path().get(0)).quoted();
    List<Point> bars = new ArrayList<>();
    List<List<String>> values = new ArrayList<>();
    for (int i = 0; i < given.shares().size(); i++) {
      Share share = given.shares().get(i);
      double more = (share.given() - share.right()) / (double) given.rows();
      String text =
          Figures.format("%s: given %d, right %d", share.answer(), share.given(), share.right());
      bars.add(new Point(i, more, new Interval(more, more), text));
      values.add(
          List.of(
              String.valueOf(i),
              share.answer(),
              String.valueOf(share.given()),
              String.valueOf(share.right())));
    }
    blocks.add(
        new Chart(
            "Answers of the " + content.word() + " configuration" + of,
            "How much oftener each answer is given than it is right, as a share of the rows; a model"
                + " without preference is at zero.",
            BarChart.svg(
                "answers" + position, "Answers given", "answer", "share", bars, Set.of())));
    blocks.add(Table.ofChart("Answers" + of, List.of("", "answer", "given", "right"), values));
  }

  private List<List<String>> answers(ConfigurationGain found) {
    List<List<String>> rows = new ArrayList<>();
    found.heldOut().ifPresent(given -> rows.add(answers("held-out", found, given)));
    rows.add(answers("selection", found, found.selection()));
    return rows;
  }

  private List<String> answers(String rows, ConfigurationGain found, AnswersGiven given) {
    boolean likely = given.mass().isPresent();
    return List.of(
        rows,
        name(found),
        given.counted() + " of " + given.rows(),
        likely ? Figures.digits(given.mass().getAsDouble()) : "",
        likely ? String.valueOf(given.belowTop()) : "",
        likely ? String.valueOf(given.greedy()) : "");
  }

  private String name(ConfigurationGain found) {
    List<String> names = report.provenance().model().removedNames(found.mask());
    return names.isEmpty() ? "unpruned" : "without " + String.join(", ", names);
  }

  private List<String> free(TaskGain gain, FreeBaseline free) {
    Optional<Versus> versus =
        gain.of(report.best().mask()).stream()
            .flatMap(found -> found.versus().stream())
            .filter(each -> each.kind() == free.kind())
            .findFirst();
    return List.of(
        free.kind().text(),
        Figures.counted(free.quoted()),
        versus.map(v -> "+" + v.comparison().gained() + " / -" + v.comparison().lost()).orElse(""),
        versus.map(v -> Figures.format("%.3g", v.adjustedP())).orElse(""));
  }

  private List<List<String>> parts(ConfigurationGain found) {
    if (found.parts().isEmpty()) {
      return List.of();
    }
    GainParts parts = found.parts().get();
    return List.of(
        List.of(
            String.join(", ", report.provenance().model().removedNames(found.mask())),
            signed(parts.total()),
            signed(parts.format()),
            signed(parts.bias()),
            Figures.format(
                "%s [%+.0f, %+.0f]",
                signed(parts.rest()), parts.restInterval().low(), parts.restInterval().high()),
            found.unbiased().map(TaskScore::toString).orElse("")));
  }

  private static String signed(int rows) {
    return rows == 0 ? "0" : Figures.format("%+d", rows);
  }
}
