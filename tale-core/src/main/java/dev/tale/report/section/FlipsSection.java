package dev.tale.report.section;

import dev.tale.document.Block;
import dev.tale.document.Block.Paragraph;
import dev.tale.document.DocumentSection;
import dev.tale.document.Shortened;
import dev.tale.document.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The answers that the chosen configuration has otherwise than the baseline, both ways. */
final class FlipsSection {
  /** So many rows of a kind; {@code report.json} has them all. */
  private static final int SHOWN = 100;

  private FlipsSection() {}

  static DocumentSection of(ReportContent content) {
    List<Block> blocks = new ArrayList<>();
    List<Flip> flips = content.flips();
    if (flips.isEmpty()) {
      blocks.add(
          new Paragraph(
              "The "
                  + content.word()
                  + " configuration has the same rows right as the unpruned model."));
    }
    for (String rows : List.of("held-out", "selection")) {
      List<Flip> those = flips.stream().filter(flip -> flip.rows().equals(rows)).toList();
      if (!those.isEmpty()) {
        blocks.add(new Paragraph(count(rows, those)));
        blocks.add(table(rows, those, content.selection().tasks().size() > 1));
      }
    }
    return new DocumentSection("flips", "Answers that changed", blocks);
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
    List<String> head =
        new ArrayList<>(List.of("row", "change", "prompt", "right answer", "unpruned", "chosen"));
    if (severalTasks) {
      head.add(1, "task");
    }
    return Table.open(
        "Changed " + rows + " rows",
        head,
        flips.stream().limit(SHOWN).map(flip -> row(flip, severalTasks)).toList());
  }

  private static List<String> row(Flip flip, boolean severalTasks) {
    return Stream.of(
            Stream.of(flip.row()),
            Stream.of(flip.task()).filter(task -> severalTasks),
            Stream.of(flip.change(), flip.prompt(), flip.target(), flip.before(), flip.after()))
        .flatMap(texts -> texts)
        .map(Shortened::of)
        .toList();
  }
}
