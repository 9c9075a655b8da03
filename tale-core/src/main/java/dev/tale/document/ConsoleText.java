package dev.tale.document;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A document as lines of a terminal: without headings and charts, and each cell of a table behind
 * the heading of its column, so that no figure stands without its name.
 */
public final class ConsoleText {
  private ConsoleText() {}

  /** Writes a document. */
  public static String write(Document document) {
    return document.sections().stream()
        .flatMap(section -> section.blocks().stream())
        .flatMap(ConsoleText::lines)
        .map(line -> line + System.lineSeparator())
        .collect(Collectors.joining());
  }

  private static Stream<String> lines(Block block) {
    if (block instanceof Table table) {
      return table.rows().stream().map(row -> line(table, row));
    }
    return block instanceof Block.Paragraph paragraph
        ? Stream.of(paragraph.text())
        : block instanceof Block.Warning warning ? Stream.of(warning.marked()) : Stream.of();
  }

  private static String line(Table table, List<String> row) {
    return IntStream.range(0, row.size())
        .mapToObj(column -> padded(table, row, column))
        .collect(Collectors.joining())
        .stripTrailing();
  }

  /** A column without any figure is left out. */
  private static String padded(Table table, List<String> row, int column) {
    int width = table.rows().stream().mapToInt(each -> each.get(column).length()).max().orElse(0);
    String label = column == 0 ? "" : table.head().get(column) + " ";
    String cell = row.get(column);
    String text = cell.isEmpty() ? "" : label + cell;
    return width == 0 ? "" : text + " ".repeat(label.length() + width + 2 - text.length());
  }
}
