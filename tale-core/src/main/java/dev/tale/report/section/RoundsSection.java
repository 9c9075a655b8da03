package dev.tale.report.section;

import dev.tale.chart.Cell;
import dev.tale.chart.HeatMap;
import dev.tale.document.Block;
import dev.tale.document.Block.Chart;
import dev.tale.document.Block.Paragraph;
import dev.tale.document.DocumentSection;
import dev.tale.document.Table;
import dev.tale.model.LayerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The knowledge of every round about every layer. */
final class RoundsSection {
  private RoundsSection() {}

  static DocumentSection of(ReportContent content) {
    List<Block> blocks = new ArrayList<>();
    content.report().trajectory().remarks().forEach(remark -> blocks.add(new Paragraph(remark)));
    List<List<Cell>> rows = new RoundCells(content.report()).rows();
    if (rows.isEmpty()) {
      blocks.add(new Paragraph("The search held no round."));
    } else {
      List<String> columns =
          content.provenance().model().layers().stream().map(RoundsSection::brief).toList();
      blocks.add(chart(columns, rows));
      blocks.add(table(rows));
    }
    return new DocumentSection("rounds", "What each round saw", blocks);
  }

  private static Chart chart(List<String> columns, List<List<Cell>> rows) {
    return new Chart(
        "Accuracy by round and removed layer",
        "Accuracy on the selection rows without each layer, round by round: of the best candidate"
            + " that lacks it, whose text, here and in the table, names every layer that it lacks."
            + " A thick border is what the round accepted; hatched cells are candidates that were"
            + " asked fewer rows and are known only to be at most so good; a dash is a layer"
            + " removed before.",
        HeatMap.svg(
            "rounds-chart",
            "Accuracy by round and removed layer",
            rows.size() + " rounds by " + columns.size() + "; the table below has the values.",
            columns,
            rows));
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
    return Table.ofChart(
        "Each round's candidates",
        List.of("round", "candidate", "was"),
        IntStream.range(0, rows.size()).boxed().flatMap(i -> cells(i + 1, rows.get(i))).toList());
  }

  private static Stream<List<String>> cells(int round, List<Cell> cells) {
    return cells.stream()
        .filter(cell -> cell.kind() != Cell.Kind.GONE && cell.kind() != Cell.Kind.NONE)
        .map(cell -> List.of(String.valueOf(round), cell.description(), was(cell)));
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
