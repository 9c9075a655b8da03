package dev.tale.report;

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
 * A report as one page that needs nothing else: style and plots are in it, and it forbids itself to
 * load or run anything. It is well-formed XML, too.
 */
final class HtmlPage {
  private static final Template TEMPLATE =
      Mustache.compiler().withEscaper(Markup::escape).compile(resource("page.html"));

  private static final Pattern FIGURE =
      Pattern.compile("([-+\\d][-+\\d/=.e ]*?)(?: (\\[[-+\\d.e, ]+\\](?: \\w+)?))?");

  private HtmlPage() {}

  static String write(ReportContent content, List<Section> sections) {
    return TEMPLATE.execute(
        Map.of(
            "title",
            Sections.title(content),
            "sections",
            sections.stream().map(HtmlPage::section).toList()));
  }

  /** Asks this class: in a named module no other sees its resources. */
  private static String resource(String name) {
    try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> section(Section section) {
    return Map.of(
        "id", section.id(),
        "heading", section.title(),
        "sentences", section.sentences(),
        "plots", section.plots().stream().map(HtmlPage::plot).toList(),
        "tables", section.tables().stream().map(HtmlPage::table).toList());
  }

  private static Map<String, Object> plot(Plot plot) {
    return Map.of("caption", plot.caption(), "svg", plot.svg());
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
