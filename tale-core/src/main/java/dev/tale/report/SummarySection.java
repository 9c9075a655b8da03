package dev.tale.report;

import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Score;
import dev.tale.evaluate.TaskScore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was found, first and in short. */
final class SummarySection {

  private final ReportContent content;
  private final Report report;
  private final Looks looks;

  private SummarySection(ReportContent content) {
    this.content = content;
    this.report = content.report();
    this.looks = Looks.at(List.of(report.best(), report.bsba(), report.last(), content.chosen()));
  }

  static Section of(ReportContent content) {
    return new SummarySection(content).write();
  }

  private Section write() {
    Section section =
        Section.of("summary", "What was found")
            .say(content.decision().text())
            .say(verdict())
            .say(rows());
    for (String sentence : RightAnswers.sentences(report)) {
      section = section.say(sentence);
    }
    for (String sentence : StatisticsText.write(report).lines().toList()) {
      section = section.say(sentence);
    }
    if (content.provenance().selection().isTestSplit()) {
      section =
          section.say(
              "The layers were chosen on rows of a test split: no accuracy on them can be compared"
                  + " with figures that others report.");
    }
    section = section.show(table());
    if (content.provenance().selection().isWeighted()) {
      section = section.show(byTask());
    }
    return report.guards().isEmpty() ? section : section.show(guards());
  }

  private String verdict() {
    Entry chosen = content.chosen();
    Score baseline = report.baseline().score();
    String removes =
        Figures.format(
            "The %s configuration removes %d of %d %s (%s) and answers %s right, where the"
                + " unpruned model answers %s.",
            content.decision().word(),
            chosen.mask().removedCount(),
            content.provenance().model().layerCount(),
            unit(),
            Figures.names(content.removed(chosen)),
            Figures.score(chosen.score()),
            Figures.score(baseline));
    return chosen.mask().removedCount() == 0 || chosen.versusBaseline().size() != 1
        ? removes
        : removes + " " + test(chosen);
  }

  private String test(Entry chosen) {
    PairedComparison versus = chosen.versusBaseline().get(0);
    double pValue = looks.adjustedP(chosen, 0).orElse(versus.pValue());
    String figures =
        Figures.format(
            "Held-out rows gained %d, lost %d, exact McNemar p = %.3g%s: ",
            versus.gained(), versus.lost(), pValue, adjustment());
    return figures
        + (pValue < 0.05
            ? "a difference at the 5 % level."
            : "these rows cannot tell the two apart at the 5 % level.");
  }

  private String adjustment() {
    return looks.count() > 1 ? ", adjusted by Holm for " + looks.count() + " comparisons" : "";
  }

  private String pHead() {
    return looks.count() > 1 ? "p (Holm)" : "p";
  }

  private String unit() {
    return switch (content.provenance().model().granularity()) {
      case LAYER -> "layers";
      case SUBLAYER -> "attention and feed-forward parts";
    };
  }

  private String rows() {
    return report.heldOut().isEmpty()
        ? "There are no held-out rows: every accuracy is that of the rows that chose the layers, so"
            + " expect less on new ones."
        : "Held-out rows chose nothing; selection rows chose the layers, and their accuracies are"
            + " too high.";
  }

  private Map<String, Entry> entries() {
    Map<String, Entry> entries = new LinkedHashMap<>();
    entries.put("baseline", report.baseline());
    put(entries, "BEST", report.best());
    put(entries, "BSBA", report.bsba());
    put(entries, "FINAL", report.last());
    if (entries.keySet().stream().noneMatch(name -> name.endsWith(mark()))) {
      entries.put(content.decision().word(), content.chosen());
    }
    return entries;
  }

  private void put(Map<String, Entry> entries, String name, Entry entry) {
    boolean chosen = entry.mask().equals(content.chosen().mask());
    entries.put(chosen ? name + mark() : name, entry);
  }

  private String mark() {
    return ", " + content.decision().word();
  }

  private Table table() {
    List<String> head = new ArrayList<>(List.of("configuration", "removed", "layers removed"));
    if (!report.heldOut().isEmpty()) {
      head.addAll(List.of("held-out", "gained / lost", pHead()));
    }
    head.add("selection");
    Table table = new Table("Accuracy with 95 % interval", false, head, List.of());
    for (Map.Entry<String, Entry> entry : entries().entrySet()) {
      table = table.row(row(entry.getKey(), entry.getValue()));
    }
    return table;
  }

  private List<String> row(String name, Entry entry) {
    List<String> row =
        new ArrayList<>(
            List.of(
                name,
                String.valueOf(entry.mask().removedCount()),
                Figures.names(content.removed(entry))));
    if (entry.heldOut().isPresent()) {
      row.add(counted(entry.heldOut().get()));
      row.addAll(versus(entry));
    }
    row.add(counted(entry.selection()));
    return row;
  }

  private static String counted(Score score) {
    // The mean of several tasks is not their rows' count.
    return score.byTask().size() == 1
        ? Figures.count(score) + " = " + Figures.score(score)
        : Figures.score(score);
  }

  /** Of several tasks there is one comparison for each, see {@link #byTask}. */
  private List<String> versus(Entry entry) {
    return entry.versusBaseline().size() != 1 || entry.mask().removedCount() == 0
        ? List.of("", "")
        : versus(entry, 0);
  }

  private List<String> versus(Entry entry, int task) {
    PairedComparison versus = entry.versusBaseline().get(task);
    double pValue = looks.adjustedP(entry, task).orElse(versus.pValue());
    return List.of("+" + versus.gained() + " / -" + versus.lost(), Figures.format("%.3g", pValue));
  }

  private Table byTask() {
    Table table =
        Table.of("By task", "configuration", "task", "rows", "right", "gained / lost", pHead());
    for (Map.Entry<String, Entry> entry : entries().entrySet()) {
      for (int task = 0; task < content.selection().tasks().size(); task++) {
        table = table.row(taskRow(entry.getKey(), entry.getValue(), task));
      }
    }
    return table;
  }

  private List<String> taskRow(String name, Entry entry, int task) {
    TaskScore score = entry.score().byTask().get(task);
    List<String> row =
        new ArrayList<>(
            List.of(
                name,
                content.selection().tasks().get(task).name(),
                entry.heldOut().isPresent() ? "held-out" : "selection",
                counted(score)));
    boolean compared = entry.heldOut().isPresent() && entry.mask().removedCount() > 0;
    row.addAll(compared ? versus(entry, task) : List.of("", ""));
    return row;
  }

  private Table guards() {
    Table table = Table.of("Guarded tasks", "task", "configuration", "right", "at least");
    for (int guard = 0; guard < report.guards().size(); guard++) {
      GuardScores scores = report.guards().get(guard);
      for (Map.Entry<String, Entry> entry : entries().entrySet()) {
        TaskScore score = entry.getValue().guards().get(guard);
        table =
            table.row(
                scores.guard().task().name(),
                entry.getKey(),
                counted(score),
                Figures.accuracy(scores.limit()));
      }
    }
    return table;
  }
}
