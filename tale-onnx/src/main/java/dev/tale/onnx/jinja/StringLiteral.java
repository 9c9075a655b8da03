package dev.tale.onnx.jinja;

import dev.tale.onnx.jinja.value.TemplateException;
import java.util.Map;

/** Escapes in string literals, as Python's {@code unicode-escape} reads them. */
final class StringLiteral {
  private static final Map<Character, String> SIMPLE =
      Map.ofEntries(
          Map.entry('\n', ""),
          Map.entry('\\', "\\"),
          Map.entry('\'', "'"),
          Map.entry('"', "\""),
          Map.entry('a', "\u0007"),
          Map.entry('b', "\b"),
          Map.entry('f', "\f"),
          Map.entry('n', "\n"),
          Map.entry('r', "\r"),
          Map.entry('t', "\t"),
          Map.entry('v', "\u000b"));

  private final String body;
  private final StringBuilder value = new StringBuilder();
  private int position;

  private StringLiteral(String body) {
    this.body = body;
  }

  static String value(String body, int line) {
    try {
      return new StringLiteral(body).read();
    } catch (TemplateException e) {
      throw e.atLine(line);
    }
  }

  private String read() {
    while (position < body.length()) {
      char c = body.charAt(position++);
      if (c == '\\') {
        readEscape(body.charAt(position++));
      } else {
        value.append(c);
      }
    }
    return value.toString();
  }

  private void readEscape(char c) {
    if (SIMPLE.containsKey(c)) {
      value.append(SIMPLE.get(c));
    } else if (c == 'x' || c == 'u' || c == 'U') {
      appendCode(c, c == 'x' ? 2 : c == 'u' ? 4 : 8, 16);
    } else if (isOctal(c)) {
      position--;
      int digits = 1;
      while (digits < 3
          && position + digits < body.length()
          && isOctal(body.charAt(position + digits))) {
        digits++;
      }
      appendCode(c, digits, 8);
    } else if (c == 'N') {
      throw TemplateException.unsupported("the escape \\N in a string");
    } else {
      value.append('\\').append(c);
    }
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }

  private void appendCode(char escape, int digits, int radix) {
    int end = Math.min(body.length(), position + digits);
    try {
      value.appendCodePoint(Integer.parseUnsignedInt(body.substring(position, end), radix));
    } catch (IllegalArgumentException e) {
      throw new TemplateException("the escape \\" + escape + " in a string is malformed");
    }
    position = end;
  }
}
