package dev.tale.document;

import java.util.List;

/**
 * A table of texts.
 *
 * @param caption its subject
 * @param folded whether it repeats the values of a chart
 * @param head headings of the columns; the first column names its row
 * @param rows cells by row, as many as there are headings
 */
public record Table(String caption, boolean folded, List<String> head, List<List<String>> rows)
    implements Block {
  /**
   * Copies the cells.
   *
   * @throws IllegalArgumentException if a row has more or fewer cells than there are headings
   */
  public Table {
    head = List.copyOf(head);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != head.size()) {
        throw new IllegalArgumentException(
            "Table " + caption + " has columns " + head + ", but a row is " + row);
      }
    }
  }

  /** Creates a table that stands open. */
  public static Table open(String caption, List<String> head, List<List<String>> rows) {
    return new Table(caption, false, head, rows);
  }

  /** Creates a table that repeats the values of a chart. */
  public static Table ofChart(String caption, List<String> head, List<List<String>> rows) {
    return new Table(caption, true, head, rows);
  }
}
