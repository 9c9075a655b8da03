package dev.tale.chart;

import dev.tale.estimate.Interval;

/** Draws intervals; one that is not finite is cut at the edge of the plot. */
final class Whisker {
  private static final double CAP = 3;

  private Whisker() {}

  static Element vertical(double x, Interval interval, Scale y) {
    double low = y.at(Math.max(interval.low(), y.low()));
    double high = y.at(Math.min(interval.high(), y.high()));
    return Element.of("g")
        .with("class", "whisker")
        .add(Element.line(x, low, x, high, "stem"))
        .add(Element.line(x - CAP, low, x + CAP, low, "cap"))
        .add(Element.line(x - CAP, high, x + CAP, high, "cap"));
  }

  static Element horizontal(double y, Interval interval, Scale x) {
    double low = x.at(Math.max(interval.low(), x.low()));
    double high = x.at(Math.min(interval.high(), x.high()));
    return Element.of("g")
        .with("class", "whisker")
        .add(Element.line(low, y, high, y, "stem"))
        .add(Element.line(low, y - CAP, low, y + CAP, "cap"))
        .add(Element.line(high, y - CAP, high, y + CAP, "cap"));
  }
}
