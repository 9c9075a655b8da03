package dev.tale.report;

import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Score;
import dev.tale.model.ModelInfo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Writes a report as a table for people: the held-out figure first, where there is one. */
final class ReportText {
  private static final String TEST_SPLIT = " (a test split)";

  private final Report report;
  private final Provenance from;
  private final Looks looks;
  private final StringBuilder text = new StringBuilder();

  private ReportText(Report report) {
    this.report = report;
    this.looks = Findings.looks(report);
    this.from = report.provenance();
  }

  static String write(Report report) {
    return new ReportText(report).write();
  }

  private String write() {
    head();
    entry("baseline", report.baseline());
    entry("BEST", report.best());
    entry("BSBA", report.bsba());
    entry("FINAL", report.last());
    text.append(GuardText.write(report));
    foot();
    return text.toString();
  }

  private void head() {
    TaskSetSummary tasks = from.selection();
    String what =
        tasks.isWeighted()
            ? "the weighted mean of " + tasks.tasks().size() + " tasks"
            : tasks.name() + ", " + tasks.metric();
    append("%s (%s) on %s: %s%n", from.model().name(), size(from.model()), what, rows());
    for (int task = 0; tasks.isWeighted() && task < tasks.tasks().size(); task++) {
      TaskSummary each = tasks.tasks().get(task);
      append(
          "  %.4f of %s, %s: %s%n",
          tasks.weights().share(task), each.name(), each.metric(), rows(task));
    }
  }

  private String rows() {
    return rows(from.selection().rows(), from.heldOut().map(TaskSetSummary::rows));
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

  private static String size(ModelInfo model) {
    return switch (model.granularity()) {
      case LAYER -> model.layerCount() + " layers";
      case SUBLAYER -> model.layerCount() + " attention and feed-forward parts";
    };
  }

  private void entry(String name, Entry entry) {
    List<String> removed = from.model().removedNames(entry.mask());
    if (!from.selection().isWeighted()) {
      append("%-8s  %s  removed %s%n", name, figures(entry, 0), removed);
      return;
    }
    String split = from.selection().isTestSplit() ? TEST_SPLIT : "";
    String mean = figures(entry.selection(), split, entry.heldOut(), "");
    append("%-8s  %s  removed %s%n", name, mean, removed);
    for (int task = 0; task < from.selection().tasks().size(); task++) {
      append("          %s: %s%n", from.selection().tasks().get(task).name(), figures(entry, task));
    }
  }

  private String figures(Entry entry, int task) {
    return figures(
        entry.selection().byTask().get(task),
        from.selection().tasks().get(task).isTestSplit() ? TEST_SPLIT : "",
        entry.heldOut().map(score -> score.byTask().get(task)),
        entry.versusBaseline().stream()
            .skip(task)
            .findFirst()
            .map(versus -> comparison(entry, task, versus))
            .orElse(""));
  }

  private static String figures(
      Score selection, String split, Optional<? extends Score> heldOut, String versus) {
    return heldOut.isEmpty()
        ? score(selection) + " on the rows that chose it" + split
        : "held-out " + score(heldOut.get()) + versus + "  selection " + selection + split;
  }

  private static String score(Score score) {
    return String.format(
        Locale.ROOT, "%s [%.3f, %.3f]", score, score.interval().low(), score.interval().high());
  }

  private String comparison(Entry entry, int task, PairedComparison versus) {
    OptionalDouble adjustedP = looks.adjustedP(entry, task);
    if (adjustedP.isEmpty()) {
      return "                       ";
    }
    return String.format(
        Locale.ROOT,
        "  +%d -%d p = %-9.3g",
        versus.gained(),
        versus.lost(),
        adjustedP.getAsDouble());
  }

  private void foot() {
    append("%s%n", report.heldOut().isEmpty() ? warning() : legend());
    RightAnswers.sentences(report).forEach(sentence -> append("%s%n", sentence));
    text.append(StatisticsText.write(report));
    append(
        "%d masks (%s) on %,d of %,d rows times masks, %,d layer-forwards (%,d without racing and"
            + " sharing)%n",
        report.evaluations(),
        from.strategy(),
        report.selectionWork().rowEvaluations(),
        report.selectionWork().naiveRowEvaluations(),
        report.selectionWork().layerForwards(),
        report.selectionWork().naiveLayerForwards());
    report.trajectory().remarks().forEach(remark -> append("%s%n", remark));
  }

  private static String warning() {
    return "Selected and reported on the same rows: expect less on new ones; give heldOut rows.";
  }

  private String legend() {
    String interval =
        from.selection().isWeighted()
            ? "[ ] is the 95 % interval, Wilson's of a task, stratified of the weighted mean"
            : "[ ] is the 95 % Wilson interval";
    String adjusted =
        looks.count() > 1 ? ", adjusted by Holm for " + looks.count() + " comparisons." : ".";
    return interval
        + "; + and - count held-out answers gained and lost, p is McNemar's exact"
        + adjusted;
  }

  private void append(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments));
  }
}
