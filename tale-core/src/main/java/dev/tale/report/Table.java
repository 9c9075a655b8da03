package dev.tale.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A table of texts.
 *
 * @param caption what it holds
 * @param folded whether it repeats what a plot shows
 */
record Table(String caption, boolean folded, List<String> head, List<List<String>> rows) {

  Table {
    head = List.copyOf(head);
    rows = rows.stream().map(List::copyOf).toList();
  }

  /** Returns an open table without rows. */
  static Table of(String caption, String... head) {
    return new Table(caption, false, List.of(head), List.of());
  }

  Table fold() {
    return new Table(caption, true, head, rows);
  }

  Table row(String... cells) {
    return row(List.of(cells));
  }

  Table row(List<String> cells) {
    if (cells.size() != head.size()) {
      throw new IllegalArgumentException(
          "Table " + caption + " has columns " + head + ", but a row is " + cells);
    }
    List<List<String>> more = new ArrayList<>(rows);
    more.add(cells);
    return new Table(caption, folded, head, more);
  }
}
