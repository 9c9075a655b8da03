package dev.tale.chart;

import java.util.Locale;

/** An element of SVG, written as XML. Every text is escaped; coordinates have two decimals. */
final class Element {
  private final String name;
  private final StringBuilder attributes = new StringBuilder();
  private final StringBuilder content = new StringBuilder();

  private Element(String name) {
    this.name = name;
  }

  static Element of(String name) {
    return new Element(name);
  }

  static Element text(double x, double y, String anchor, String text) {
    return of("text").with("x", x).with("y", y).with("text-anchor", anchor).containing(text);
  }

  static Element line(double x1, double y1, double x2, double y2, String style) {
    return of("line")
        .with("class", style)
        .with("x1", x1)
        .with("y1", y1)
        .with("x2", x2)
        .with("y2", y2);
  }

  static Element rect(double x, double y, double width, double height, String style) {
    return of("rect")
        .with("class", style)
        .with("x", x)
        .with("y", y)
        .with("width", width)
        .with("height", height);
  }

  Element with(String attribute, String value) {
    attributes.append(' ').append(attribute).append("=\"").append(Markup.escape(value)).append('"');
    return this;
  }

  Element with(String attribute, double value) {
    return with(attribute, number(value));
  }

  /** What is said of the element where a pointer rests on it, and aloud. */
  Element titled(String title) {
    return title.isEmpty() ? this : add(of("title").containing(title));
  }

  Element containing(String text) {
    content.append(Markup.escape(text));
    return this;
  }

  Element add(Element child) {
    content.append(child);
    return this;
  }

  /** Returns a number with two decimals at most, the same in every locale. */
  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    String shorter = text.replaceAll("0+$", "").replaceAll("\\.$", "");
    return shorter.equals("-0") ? "0" : shorter;
  }

  @Override
  public String toString() {
    String start = "<" + name + attributes;
    return content.isEmpty() ? start + "/>" : start + ">" + content + "</" + name + ">";
  }
}
