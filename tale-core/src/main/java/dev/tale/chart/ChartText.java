package dev.tale.chart;

import java.util.Locale;

/** Writes texts and numbers into a chart. */
final class ChartText {
  private ChartText() {}

  /** Returns a fraction with three decimals. */
  static String fraction(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  /** Returns a text, cut if it has more characters than there is room for. */
  static String cut(String text, int characters) {
    return text.codePointCount(0, text.length()) <= characters
        ? text
        : text.substring(0, text.offsetByCodePoints(0, characters - 1)) + "\u2026";
  }
}
