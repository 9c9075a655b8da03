package dev.tale.report.section;

import dev.tale.document.Block;
import dev.tale.document.Block.Paragraph;
import dev.tale.document.Block.Warning;
import dev.tale.document.DocumentSection;
import dev.tale.document.Table;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Score;
import dev.tale.evaluate.TaskScore;
import dev.tale.model.ModelInfo;
import dev.tale.report.GuardScores;
import dev.tale.report.Looks;
import dev.tale.report.Provenance;
import dev.tale.report.Report;
import dev.tale.report.TaskSetSummary;
import dev.tale.report.TaskSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The findings, first and in short. */
final class SummarySection {
  private static final String TEST_SPLIT = " (a test split)";
  private final ReportContent content;
  private final Report report;
  private final Provenance from;
  private final Looks looks;
  private final List<Block> blocks = new ArrayList<>();

  private SummarySection(ReportContent content) {
    this.content = content;
    this.report = content.report();
    this.from = report.provenance();
    this.looks =
        Looks.at(
            Stream.concat(report.found().values().stream(), Stream.of(content.chosen())).toList());
  }

  static DocumentSection of(ReportContent content) {
    SummarySection summary = new SummarySection(content);
    summary.head();
    summary.choice();
    summary.blocks.addAll(GainText.parts(summary.report, content.chosen()));
    summary.blocks.addAll(GainText.answers(content));
    summary.blocks.addAll(GainText.warnings(summary.report));
    summary.tables();
    summary.say(summary.report.isHeldOut() ? summary.legend() : "");
    summary.blocks.addAll(RightAnswers.of(summary.report));
    new EvidenceText(summary.report).sentences().forEach(summary::say);
    GuardText.of(summary.report).forEach(summary::say);
    summary.work();
    return new DocumentSection("summary", "What was found", summary.blocks);
  }

  private void say(String text) {
    if (!text.isEmpty()) {
      blocks.add(new Paragraph(text));
    }
  }

  private void head() {
    TaskSetSummary tasks = from.selection();
    String what =
        tasks.isWeighted()
            ? "the weighted mean of " + tasks.tasks().size() + " tasks"
            : tasks.name() + ", " + tasks.metric();
    String rows = rows(tasks.rows(), from.heldOut().map(TaskSetSummary::rows));
    say(from.model().name() + " (" + size(from.model()) + ") on " + what + ": " + rows);
    for (int task = 0; tasks.isWeighted() && task < tasks.tasks().size(); task++) {
      say(
          Figures.format(
              "%.4f of %s, %s: %s",
              tasks.weights().share(task),
              tasks.tasks().get(task).name(),
              tasks.tasks().get(task).metric(),
              rows(task)));
    }
  }

  private String rows(int task) {
    return rows(
        from.selection().tasks().get(task).rows(),
        from.heldOut().map(heldOut -> heldOut.tasks().get(task).rows()));
  }

  private static String rows(int selection, Optional<Integer> heldOut) {
    return selection
        + " selection rows, "
        + heldOut.map(rows -> rows + " held-out rows").orElse("no held-out rows");
  }

  static String size(ModelInfo model) {
    return switch (model.granularity()) {
      case LAYER -> model.layerCount() + " layers";
      case SUBLAYER -> model.layerCount() + " attention and feed-forward parts";
    };
  }

  private void choice() {
    say(ChoiceText.of(content.run()));
    Configuration chosen = content.chosen();
    say(
        Figures.format(
            "The %s configuration removes %d of %s (%s) and answers %s right, where the unpruned"
                + " model answers %s.",
            content.word(),
            chosen.mask().removedCount(),
            size(from.model()),
            Figures.names(report.removed(chosen)),
            Figures.score(chosen.quoted()),
            Figures.score(report.baseline().quoted())));
    say(SavedText.of(content));
    if (!chosen.isBaseline() && chosen.versusBaseline().size() == 1) {
      say(test(chosen));
    }
    blocks.add(
        report.isHeldOut()
            ? new Paragraph(
                "Held-out rows chose nothing; selection rows chose the layers, and their accuracies"
                    + " are too high.")
            : new Warning(
                "Selected and reported on the same rows: expect less on new ones; give heldOut"
                    + " rows."));
    if (from.selection().isTestSplit()) {
      blocks.add(
          new Warning(
              "The layers were chosen on rows of a test split: no accuracy on them can be compared"
                  + " with figures that others report."));
    }
  }

  private String test(Configuration chosen) {
    PairedComparison versus = chosen.versusBaseline().get(0);
    double pValue = looks.adjustedP(chosen, 0).orElse(versus.pValue());
    return Figures.format(
        "Held-out rows gained %d, lost %d, exact McNemar p = %.3g%s: %s",
        versus.gained(),
        versus.lost(),
        pValue,
        adjusted(),
        pValue < 0.05
            ? "a difference at the 5 % level."
            : "these rows cannot tell the two apart at the 5 % level.");
  }

  private String adjusted() {
    return looks.count() > 1 ? ", adjusted by Holm for " + looks.count() + " comparisons" : "";
  }

  private String legend() {
    return (from.selection().isWeighted()
            ? "[ ] is the 95 % interval, Wilson's of a task, stratified of the weighted mean"
            : "[ ] is the 95 % Wilson interval")
        + "; + and - count held-out answers gained and lost, p is McNemar's exact"
        + adjusted()
        + ".";
  }

  /** Reported configurations by their names, those that are the same in one row. */
  private Map<String, Configuration> shown() {
    Map<String, Configuration> shown = new LinkedHashMap<>();
    Configuration chosen = content.chosen();
    List<Configuration> distinct =
        Stream.concat(report.reported().values().stream(), Stream.of(chosen)).toList();
    for (Configuration each : distinct) {
      List<String> names = new ArrayList<>(report.titles(each.mask()));
      if (is(each, chosen)) {
        names.add(content.word());
      }
      if (shown.values().stream().noneMatch(other -> is(other, each))) {
        shown.put(String.join(", ", names), each);
      }
    }
    return shown;
  }

  private static boolean is(Configuration one, Configuration other) {
    return one.mask().equals(other.mask());
  }

  private void tables() {
    List<String> figures =
        report.isHeldOut()
            ? List.of(
                "held-out", "gained / lost", looks.count() > 1 ? "p (Holm)" : "p", "selection")
            : List.of("right");
    blocks.add(
        Table.open(
            "Accuracy with 95 % interval",
            joined(List.of("configuration"), figures, List.of("removed")),
            rows(
                (name, configuration) ->
                    Stream.of(
                        joined(
                            List.of(name),
                            figures(configuration),
                            List.of(report.removed(configuration).toString()))))));
    if (from.selection().isWeighted()) {
      blocks.add(
          Table.open(
              "By task",
              joined(List.of("configuration", "task"), figures, List.of()),
              rows(
                  (name, configuration) ->
                      IntStream.range(0, from.selection().tasks().size())
                          .mapToObj(task -> byTask(name, configuration, task)))));
    }
    if (!report.guards().isEmpty()) {
      blocks.add(
          Table.open(
              "Guarded tasks",
              List.of("task", "configuration", "right", "at least"),
              IntStream.range(0, report.guards().size()).boxed().flatMap(this::guard).toList()));
    }
  }

  /** The rows of one configuration. */
  private interface Rows {
    Stream<List<String>> of(String name, Configuration configuration);
  }

  private List<List<String>> rows(Rows rows) {
    return shown().entrySet().stream()
        .flatMap(each -> rows.of(each.getKey(), each.getValue()))
        .toList();
  }

  private static List<String> joined(List<String> first, List<String> next, List<String> last) {
    return Stream.of(first, next, last).flatMap(List::stream).toList();
  }

  private List<String> byTask(String name, Configuration configuration, int task) {
    TaskSummary summary = from.selection().tasks().get(task);
    return joined(
        List.of(name, summary.name()),
        figures(
            configuration,
            configuration.score().byTask().get(task),
            configuration.heldOut().map(score -> score.byTask().get(task)),
            summary.isTestSplit(),
            task),
        List.of());
  }

  /** Of several tasks there is one comparison for each, and none of their mean. */
  private List<String> figures(Configuration configuration) {
    return figures(
        configuration,
        configuration.score(),
        configuration.heldOut(),
        from.selection().isTestSplit(),
        from.selection().isWeighted() ? -1 : 0);
  }

  private List<String> figures(
      Configuration configuration,
      Score selection,
      Optional<? extends Score> heldOut,
      boolean isTestSplit,
      int task) {
    String split = isTestSplit ? TEST_SPLIT : "";
    if (heldOut.isEmpty()) {
      return List.of(Figures.counted(selection) + " on the rows that chose it" + split);
    }
    List<String> versus =
        task < 0 || configuration.isBaseline() ? List.of("", "") : versus(configuration, task);
    return joined(
        List.of(Figures.counted(heldOut.get())),
        versus,
        List.of(Figures.counted(selection) + split));
  }

  private List<String> versus(Configuration configuration, int task) {
    PairedComparison versus = configuration.versusBaseline().get(task);
    double pValue = looks.adjustedP(configuration, task).orElse(versus.pValue());
    return List.of("+" + versus.gained() + " / -" + versus.lost(), Figures.format("%.3g", pValue));
  }

  private Stream<List<String>> guard(int position) {
    GuardScores guard = report.guards().get(position);
    return shown().entrySet().stream()
        .map(
            each -> {
              TaskScore score = each.getValue().guards().get(position);
              return List.of(
                  guard.guard().task().name(),
                  each.getKey(),
                  Figures.counted(score),
                  Figures.accuracy(guard.limit()));
            });
  }

  private void work() {
    say(
        Figures.format(
            "%d masks (%s) on %,d of %,d rows times masks, %,d layer-forwards (%,d without racing"
                + " and sharing)",
            report.evaluations(),
            from.strategy(),
            report.selectionWork().rowEvaluations(),
            report.selectionWork().naiveRowEvaluations(),
            report.selectionWork().layerForwards(),
            report.selectionWork().naiveLayerForwards()));
    report.trajectory().remarks().forEach(this::say);
  }
}
