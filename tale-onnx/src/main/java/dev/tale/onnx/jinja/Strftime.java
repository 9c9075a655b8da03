package dev.tale.onnx.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Dates as Python's {@code strftime} writes them in the C locale. */
final class Strftime {
  private static final int LONGEST = 1000;

  private static final Map<Character, String> PATTERNS =
      Map.ofEntries(
          Map.entry('a', "EEE"),
          Map.entry('A', "EEEE"),
          Map.entry('b', "MMM"),
          Map.entry('B', "MMMM"),
          Map.entry('d', "dd"),
          Map.entry('H', "HH"),
          Map.entry('I', "hh"),
          Map.entry('j', "DDD"),
          Map.entry('m', "MM"),
          Map.entry('M', "mm"),
          Map.entry('S', "ss"),
          Map.entry('y', "uu"),
          Map.entry('Y', "uuuu"));

  private Strftime() {}

  static String format(LocalDateTime time, String format) {
    if (format.length() > LONGEST) {
      throw TemplateException.unsupported("a date format of more than " + LONGEST + " characters");
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%') {
        text.append(c);
      } else if (++i < format.length()) {
        text.append(field(time, format.charAt(i)));
      } else {
        throw TemplateException.unsupported("a date format that ends in %");
      }
    }
    return text.toString();
  }

  private static String field(LocalDateTime time, char letter) {
    if (letter == '%') {
      return "%";
    }
    if (letter == 'p') {
      return time.getHour() < 12 ? "AM" : "PM";
    }
    String pattern = PATTERNS.get(letter);
    if (pattern == null) {
      throw TemplateException.unsupported("%" + letter + " in a date format");
    }
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
  }
}
