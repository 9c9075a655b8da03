package dev.tale.document;

import static java.util.stream.Collectors.joining;

import dev.tale.chart.Markup;
import java.util.List;
import java.util.Locale;

/** A document as Markdown: everything but its drawings. */
public final class MarkdownText {
  private MarkdownText() {}

  /** Writes a document. */
  public static String write(Document document) {
    return document.sections().stream()
        .map(MarkdownText::section)
        .collect(joining("", "# " + escape(document.title()) + "\n", ""));
  }

  private static String section(DocumentSection section) {
    return section.blocks().stream()
        .map(MarkdownText::block)
        .collect(joining("", "\n## " + escape(section.title()) + "\n", ""));
  }

  private static String block(Block block) {
    if (block instanceof Table table) {
      return table(table);
    }
    String text =
        block instanceof Block.Paragraph paragraph
            ? paragraph.text()
            : block instanceof Block.Warning warning
                ? warning.marked()
                : ((Block.Chart) block).note();
    return text.isEmpty() ? "" : "\n" + escape(text) + "\n";
  }

  private static String table(Table table) {
    return table.rows().stream()
        .map(MarkdownText::row)
        .collect(
            joining(
                "",
                "\n" + escape(table.caption()) + "\n\n" + row(table.head()) + rule(table.head()),
                ""));
  }

  private static String rule(List<String> head) {
    return "|" + "---|".repeat(head.size()) + "\n";
  }

  private static String row(List<String> cells) {
    return cells.stream().map(cell -> " " + escape(cell) + " |").collect(joining("", "|", "\n"));
  }

  /** Every character that Markdown reads as a sign is made a text, and the text is one line. */
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints().forEach(c -> append(escaped, c));
    return escaped.toString();
  }

  private static void append(StringBuilder escaped, int c) {
    if (c == '\n' || c == '\t') {
      escaped.append(' ');
    } else if (!Markup.isVisible(c)) {
      escaped.append(String.format(Locale.ROOT, "\\\\u%04X", c));
    } else if ("<>&".indexOf(c) >= 0) {
      escaped.append(Markup.escape(Character.toString(c)));
    } else if ("\\`*_[]|#~$".indexOf(c) >= 0) {
      escaped.append('\\').appendCodePoint(c);
    } else {
      escaped.appendCodePoint(c);
    }
  }
}
