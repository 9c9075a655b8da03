package dev.tale.chart;

/** An {@code <svg>} element in the making: sizes, title and description. */
final class Canvas {
  private final Element svg = Element.of("svg");

  /**
   * @param id name of the chart, unique in its page
   * @param title what it shows, short
   * @param description what there is to see, in words
   */
  Canvas(String id, String title, String description, double width, double height) {
    svg.with("viewBox", "0 0 " + Element.number(width) + " " + Element.number(height))
        .with("width", width)
        .with("height", height)
        .with("role", "img")
        .with("aria-labelledby", id + "-title " + id + "-description")
        .add(Element.of("title").with("id", id + "-title").containing(title))
        .add(Element.of("desc").with("id", id + "-description").containing(description));
  }

  void add(Element element) {
    svg.add(element);
  }

  @Override
  public String toString() {
    return svg.toString();
  }
}
