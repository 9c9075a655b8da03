package dev.tale.report;

import dev.tale.chart.Cell;
import dev.tale.chart.HeatMap;
import dev.tale.model.LayerInfo;
import java.util.List;

/** What every round knew of every layer. */
final class RoundsSection {
  private RoundsSection() {}

  static Section of(ReportContent content) {
    Section section = Section.of("rounds", "What each round saw");
    for (String remark : content.report().trajectory().remarks()) {
      section = section.say(remark);
    }
    List<List<Cell>> rows = new RoundCells(content.report()).rows();
    if (rows.isEmpty()) {
      return section.say("The search held no round.");
    }
    List<String> columns =
        content.provenance().model().layers().stream().map(RoundsSection::brief).toList();
    return section
        .say(
            "Accuracy on the selection rows without each layer, round by round: of the best"
                + " candidate that lacks it, whose text, here and in the table, names every layer"
                + " that it lacks. A thick border is what the round accepted; hatched cells are"
                + " candidates that were asked fewer rows and are known only to be at most so good;"
                + " a dash is a layer removed before.")
        .draw(
            "Accuracy by round and removed layer",
            HeatMap.svg(
                "rounds-chart",
                "Accuracy by round and removed layer",
                rows.size() + " rounds by " + columns.size() + "; the table below has the values.",
                columns,
                rows))
        .show(table(rows));
  }

  /** Parts have names that are too long for a column. */
  private static String brief(LayerInfo layer) {
    return switch (layer.part()) {
      case WHOLE -> layer.name();
      case ATTENTION -> layer.layer() + "a";
      case FEED_FORWARD -> layer.layer() + "m";
    };
  }

  private static Table table(List<List<Cell>> rows) {
    Table table = Table.of("Each round's candidates", "round", "candidate", "was").fold();
    for (int round = 0; round < rows.size(); round++) {
      for (Cell cell : rows.get(round)) {
        if (cell.kind() != Cell.Kind.GONE && cell.kind() != Cell.Kind.NONE) {
          table = table.row(String.valueOf(round + 1), cell.description(), was(cell));
        }
      }
    }
    return table;
  }

  private static String was(Cell cell) {
    return switch (cell.kind()) {
      case CHOSEN -> "accepted";
      case REFUSED -> "refused by a guard";
      case BOUNDS -> "not asked on every row";
      case VALUE, GONE, NONE -> "";
    };
  }
}
