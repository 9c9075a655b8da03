package dev.tale.report;

import dev.tale.chart.Markup;
import java.util.List;

/** A report as Markdown: the sentences and tables of the page, without its plots. */
final class MarkdownText {
  private MarkdownText() {}

  static String write(ReportContent content, List<Section> sections) {
    StringBuilder text = new StringBuilder("# " + escape(Sections.title(content)) + "\n");
    sections.forEach(section -> append(text, section));
    return text.toString();
  }

  private static void append(StringBuilder text, Section section) {
    text.append("\n## ").append(escape(section.title())).append("\n");
    section.sentences().forEach(said -> text.append("\n").append(escape(said)).append("\n"));
    section.tables().forEach(table -> append(text, table));
  }

  private static void append(StringBuilder text, Table table) {
    text.append("\n").append(escape(table.caption())).append("\n\n");
    append(text, table.head());
    text.append("|").append("---|".repeat(table.head().size())).append("\n");
    table.rows().forEach(row -> append(text, row));
  }

  private static void append(StringBuilder text, List<String> cells) {
    text.append("|");
    cells.forEach(cell -> text.append(" ").append(escape(cell)).append(" |"));
    text.append("\n");
  }

  /** Every character that Markdown reads as a sign is made a text, and the text is one line. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\n' || c == '\t') {
                escaped.append(' ');
              } else if (!Markup.isVisible(c)) {
                escaped.append(Figures.format("\\\\u%04X", c));
              } else if ("<>&".indexOf(c) >= 0) {
                escaped.append(Markup.escape(Character.toString(c)));
              } else if ("\\`*_[]|#~$".indexOf(c) >= 0) {
                escaped.append('\\').appendCodePoint(c);
              } else {
                escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }
}
