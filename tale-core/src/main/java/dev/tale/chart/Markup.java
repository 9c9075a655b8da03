package dev.tale.chart;

import java.util.Locale;

/** Makes any text safe to be read as XML or HTML, in content and in quoted attributes. */
public final class Markup {
  private Markup() {}

  /**
   * Returns the text with {@code & < > " '} as entities. What a page cannot hold, or what would
   * reorder the text around it, is written out as {@code \}{@code u0007} is: control characters but
   * tab and line feed, lone surrogates, non-characters and the controls of writing direction.
   */
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(codePoint -> append(escaped, codePoint));
    return escaped.toString();
  }

  private static void append(StringBuilder escaped, int codePoint) {
    switch (codePoint) {
      case '&' -> escaped.append("&amp;");
      case '<' -> escaped.append("&lt;");
      case '>' -> escaped.append("&gt;");
      case '"' -> escaped.append("&quot;");
      case '\'' -> escaped.append("&#39;");
      default -> {
        if (isVisible(codePoint)) {
          escaped.appendCodePoint(codePoint);
        } else {
          escaped.append(String.format(Locale.ROOT, "\\u%04X", codePoint));
        }
      }
    }
  }

  /** Returns whether a character can stand in a page as it is, see {@link #escape}. */
  public static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL -> codePoint == '\n' || codePoint == '\t';
      case Character.SURROGATE -> false;
      case Character.FORMAT -> !isDirection(codePoint);
      default -> (codePoint & 0xFFFE) != 0xFFFE && !(0xFDD0 <= codePoint && codePoint <= 0xFDEF);
    };
  }

  private static boolean isDirection(int codePoint) {
    return codePoint == 0x061C
        || codePoint == 0x200E
        || codePoint == 0x200F
        || (0x202A <= codePoint && codePoint <= 0x202E)
        || (0x2066 <= codePoint && codePoint <= 0x2069);
  }
}
