package dev.tale.chart;

/**
 * The two axes of a plot, with their grid.
 *
 * @param x from left to right
 * @param y from bottom to top
 */
record Axes(Scale x, Scale y) {
  private static final int TICKS = 6;

  void draw(Canvas canvas, String xName, String yName, boolean wholeX) {
    for (double tick : y.ticks(TICKS)) {
      canvas.add(Element.line(x.start(), y.at(tick), x.end(), y.at(tick), "grid"));
      canvas.add(tickY(tick));
    }
    for (double tick : wholeX ? x.wholeTicks(2 * TICKS) : x.ticks(TICKS)) {
      canvas.add(Element.line(x.at(tick), y.start(), x.at(tick), y.start() + 4, "axis"));
      canvas.add(
          Element.text(x.at(tick), y.start() + 18, "middle", xLabel(tick, wholeX))
              .with("class", "tick x"));
    }
    canvas.add(Element.line(x.start(), y.start(), x.end(), y.start(), "axis"));
    names(canvas, xName, yName);
  }

  private String xLabel(double tick, boolean whole) {
    return whole ? String.valueOf(Math.round(tick)) : x.label(tick, TICKS);
  }

  private Element tickY(double tick) {
    return Element.text(x.start() - 6, y.at(tick) + 4, "end", y.label(tick, TICKS))
        .with("class", "tick y");
  }

  private void names(Canvas canvas, String xName, String yName) {
    canvas.add(Element.text((x.start() + x.end()) / 2, y.start() + 38, "middle", xName));
    String middle = Element.number((y.start() + y.end()) / 2);
    canvas.add(
        Element.text(0, 0, "middle", yName)
            .with("transform", "translate(18 " + middle + ") rotate(-90)"));
  }
}
