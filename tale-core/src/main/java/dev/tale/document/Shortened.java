package dev.tale.document;

/** Shortens texts of users for a table: the beginning and the end, on one line. */
public final class Shortened {
  private static final int START = 110;
  private static final int END = 70;

  private Shortened() {}

  /** Shortens a text. */
  public static String of(String text) {
    int length = text.codePointCount(0, text.length());
    String shown = text;
    if (length > START + END + 1) {
      shown =
          text.substring(0, text.offsetByCodePoints(0, START))
              + "\u2026"
              + text.substring(text.offsetByCodePoints(text.length(), -END));
    }
    return shown.replaceAll("\\R", "\u21b5 ");
  }
}
