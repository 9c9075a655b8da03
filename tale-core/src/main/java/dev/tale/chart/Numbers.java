package dev.tale.chart;

import java.util.Locale;

/** Writes numbers for people. */
final class Numbers {
  private Numbers() {}

  /** Returns a fraction with three decimals. */
  static String fraction(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
