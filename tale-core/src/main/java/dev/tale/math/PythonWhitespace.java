package dev.tale.math;

import com.google.common.base.CharMatcher;

/** White space as Python's {@code str.strip()} has it. */
public final class PythonWhitespace {
  /** The characters of Unicode's White_Space and the four ASCII separators. */
  private static final CharMatcher MATCHER =
      CharMatcher.whitespace().or(CharMatcher.inRange('\u001c', '\u001f'));

  private PythonWhitespace() {}

  /** Returns the text without white space at both ends. */
  public static String trim(String text) {
    return MATCHER.trimFrom(text);
  }

  /** Returns whether the first character is white space; not of the empty text. */
  public static boolean begins(String text) {
    return !text.isEmpty() && MATCHER.matches(text.charAt(0));
  }

  /** Returns whether the last character is white space; not of the empty text. */
  public static boolean ends(String text) {
    return !text.isEmpty() && MATCHER.matches(text.charAt(text.length() - 1));
  }
}
