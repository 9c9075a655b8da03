package dev.tale.onnx.jinja.value;

import com.google.common.base.CharMatcher;

/** White space as Python's {@code str.isspace} knows it; all of it lies in the basic plane. */
public final class Whitespace {
  /** Matches the white space. */
  public static final CharMatcher SPACE =
      CharMatcher.inRange('\t', '\r')
          .or(CharMatcher.inRange('\u001c', ' '))
          .or(CharMatcher.anyOf("\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000"))
          .or(CharMatcher.inRange('\u2000', '\u200a'))
          .precomputed();

  private Whitespace() {}

  public static String stripTrailing(String text) {
    return SPACE.trimTrailingFrom(text);
  }

  public static boolean isBlank(String text) {
    return SPACE.matchesAllOf(text);
  }
}
