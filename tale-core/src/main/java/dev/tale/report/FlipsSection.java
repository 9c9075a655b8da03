package dev.tale.report;

import java.util.ArrayList;
import java.util.List;

/** Which answers the chosen configuration has otherwise than the baseline, both ways. */
final class FlipsSection {
  /** So many rows of a kind; {@code report.json} has them all. */
  private static final int SHOWN = 100;

  private FlipsSection() {}

  static Section of(ReportContent content) {
    List<Flip> flips = content.flips();
    Section section = Section.of("flips", "Answers that changed");
    if (flips.isEmpty()) {
      return section.say(
          "The "
              + content.decision().word()
              + " configuration has the same rows right as the unpruned model.");
    }
    boolean severalTasks = content.selection().tasks().size() > 1;
    for (String rows : List.of("held-out", "selection")) {
      List<Flip> those = flips.stream().filter(flip -> flip.rows().equals(rows)).toList();
      if (!those.isEmpty()) {
        section = section.say(count(rows, those)).show(table(rows, those, severalTasks));
      }
    }
    return section;
  }

  private static String count(String rows, List<Flip> flips) {
    long gained = flips.stream().filter(Flip::gained).count();
    String all =
        Figures.format(
            "Of the %s rows the chosen configuration gained %d and lost %d against the unpruned"
                + " model.",
            rows, gained, flips.size() - gained);
    return flips.size() <= SHOWN
        ? all
        : all + " The first " + SHOWN + " are shown; report.json has them all.";
  }

  private static Table table(String rows, List<Flip> flips, boolean severalTasks) {
    List<String> head = new ArrayList<>(List.of("row"));
    if (severalTasks) {
      head.add("task");
    }
    head.addAll(List.of("change", "prompt", "right answer", "unpruned", "chosen"));
    Table table = new Table("Changed " + rows + " rows", false, head, List.of());
    for (Flip flip : flips.subList(0, Math.min(SHOWN, flips.size()))) {
      table = table.row(row(flip, severalTasks));
    }
    return table;
  }

  private static List<String> row(Flip flip, boolean severalTasks) {
    List<String> row = new ArrayList<>(List.of(Shortened.of(flip.row())));
    if (severalTasks) {
      row.add(Shortened.of(flip.task()));
    }
    row.add(flip.change());
    row.add(Shortened.of(flip.prompt()));
    row.add(Shortened.of(flip.target()));
    row.add(Shortened.of(flip.before()));
    row.add(Shortened.of(flip.after()));
    return row;
  }
}
