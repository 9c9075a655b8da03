package dev.tale.document;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import dev.tale.chart.Markup;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A document as one page that needs nothing else: style and plots are in it, and it forbids itself
 * to load or run anything. It is well-formed XML, too.
 */
public final class HtmlPage {
  private static final Template TEMPLATE =
      Mustache.compiler()
          .defaultValue("")
          .emptyStringIsFalse(true)
          .withEscaper(Markup::escape)
          .compile(resource("page.html"));

  private static final Pattern FIGURE =
      Pattern.compile("([-+\\d][-+\\d/=.e ]*?)(?: (\\[[-+\\d.e, ]+\\](?: \\w+)?))?");

  private HtmlPage() {}

  /** Writes a document. */
  public static String write(Document document) {
    return TEMPLATE.execute(
        Map.of(
            "title",
            document.title(),
            "sections",
            document.sections().stream().map(HtmlPage::section).toList()));
  }

  /** Asks this class: in a named module no other sees its resources. */
  private static String resource(String name) {
    try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> section(DocumentSection section) {
    return Map.of(
        "id", section.id(),
        "heading", section.title(),
        "blocks", section.blocks().stream().map(HtmlPage::block).toList());
  }

  private static Map<String, Object> block(Block block) {
    if (block instanceof Table table) {
      return Map.of("table", table(table));
    }
    if (block instanceof Block.Chart chart) {
      return Map.of(
          "chart", Map.of("caption", chart.caption(), "svg", chart.svg()), "text", chart.note());
    }
    return block instanceof Block.Warning warning
        ? Map.of("class", "warning", "text", warning.marked())
        : Map.of("text", ((Block.Paragraph) block).text());
  }

  private static Map<String, Object> table(Table table) {
    return Map.of(
        "caption", table.caption(),
        "folded", table.folded(),
        "head", table.head(),
        "rows", table.rows().stream().map(HtmlPage::row).toList());
  }

  private static Map<String, Object> row(List<String> cells) {
    return Map.of(
        "first", cells.get(0), "others", cells.stream().skip(1).map(HtmlPage::cell).toList());
  }

  /** A figure with its interval breaks between the two or not at all. */
  private static Map<String, Object> cell(String text) {
    Matcher figure = FIGURE.matcher(text);
    return figure.matches()
        ? Map.of(
            "figures",
            Stream.of(figure.group(1), figure.group(2)).filter(Objects::nonNull).toList(),
            "text",
            "")
        : Map.of("figures", List.of(), "text", text);
  }
}
