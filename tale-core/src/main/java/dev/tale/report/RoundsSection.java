package dev.tale.report;

import dev.tale.chart.Cell;
import dev.tale.chart.HeatMap;
import dev.tale.model.LayerInfo;
import java.util.ArrayList;
import java.util.List;

/** What every round knew of every layer. */
final class RoundsSection {
  private RoundsSection() {}

  static Section of(ReportContent content) {
    Section section = Section.of("rounds", "What each round saw");
    List<List<Cell>> rows = new RoundCells(content.report()).rows();
    if (rows.isEmpty()) {
      return section.say("The search held no round.");
    }
    List<String> layers =
        content.provenance().model().layers().stream().map(LayerInfo::name).toList();
    List<String> columns =
        content.provenance().model().layers().stream().map(RoundsSection::brief).toList();
    return section
        .say(
            "Accuracy on the selection rows after removing each layer, round by round. A thick"
                + " border is what the round accepted; hatched cells are candidates that were asked"
                + " fewer rows and are known only to be at most so good; a dash is a layer removed"
                + " before.")
        .draw(
            "Accuracy by round and removed layer",
            HeatMap.svg(
                "rounds-chart",
                "Accuracy by round and removed layer",
                rows.size() + " rounds by " + layers.size() + "; the table below has the values.",
                columns,
                rows))
        .show(table(layers, rows));
  }

  /** Parts have names that are too long for a column. */
  private static String brief(LayerInfo layer) {
    return switch (layer.part()) {
      case WHOLE -> layer.name();
      case ATTENTION -> layer.layer() + "a";
      case FEED_FORWARD -> layer.layer() + "m";
    };
  }

  private static Table table(List<String> layers, List<List<Cell>> rows) {
    Table table = Table.of("Each round's candidates", "round", "without", "accuracy", "was").fold();
    for (int round = 0; round < rows.size(); round++) {
      for (int layer = 0; layer < layers.size(); layer++) {
        Cell cell = rows.get(round).get(layer);
        if (cell.kind() != Cell.Kind.GONE && cell.kind() != Cell.Kind.NONE) {
          table = table.row(row(round + 1, layers.get(layer), cell));
        }
      }
    }
    return table;
  }

  private static List<String> row(int round, String layer, Cell cell) {
    List<String> row = new ArrayList<>(List.of(String.valueOf(round), layer));
    row.add((cell.kind() == Cell.Kind.BOUNDS ? "at most " : "") + Figures.accuracy(cell.value()));
    row.add(
        switch (cell.kind()) {
          case CHOSEN -> "accepted";
          case REFUSED -> "refused by a guard";
          case BOUNDS -> "not asked on every row";
          case VALUE, GONE, NONE -> "";
        });
    return row;
  }
}
