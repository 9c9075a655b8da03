package dev.tale.onnx.jinja.value;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** A value as Python's {@code repr} writes it. */
final class Representation {
  private final StringBuilder text = new StringBuilder();

  String of(Object value) {
    append(value);
    return text.toString();
  }

  private void append(Object value) {
    if (value instanceof String string) {
      quote(string);
    } else if (value instanceof Boolean truth) {
      text.append(truth ? "True" : "False");
    } else if (value instanceof None) {
      text.append("None");
    } else if (value instanceof Double number) {
      text.append(Numbers.shown(number));
    } else if (value instanceof Long number) {
      text.append((long) number);
    } else {
      appendContainer(value);
    }
    // A list that holds itself twice, and that list too, and so on, is short to make.
    if (text.length() > Rendering.CHARACTERS) {
      throw new TemplateException("more than " + Rendering.CHARACTERS + " characters printed");
    }
  }

  private void appendContainer(Object value) {
    if (value instanceof Tuple tuple) {
      appendAll(tuple, '(', tuple.size() == 1 ? ",)" : ")");
    } else if (value instanceof List<?> list) {
      appendAll(list, '[', "]");
    } else if (value instanceof Map<?, ?> map) {
      appendEntries(map);
    } else {
      throw TemplateException.unsupported("printing " + Texts.shown(value));
    }
  }

  private void appendAll(List<?> values, char begin, String end) {
    text.append(begin);
    Iterator<?> each = values.iterator();
    while (each.hasNext()) {
      append(each.next());
      text.append(each.hasNext() ? ", " : "");
    }
    text.append(end);
  }

  private void appendEntries(Map<?, ?> map) {
    text.append('{');
    String separator = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      text.append(separator);
      append(entry.getKey());
      text.append(": ");
      append(entry.getValue());
      separator = ", ";
    }
    text.append('}');
  }

  private void quote(String string) {
    char quote = string.contains("'") && !string.contains("\"") ? '"' : '\'';
    text.append(quote);
    string.codePoints().forEach(c -> appendQuoted(c, quote));
    text.append(quote);
  }

  private void appendQuoted(int c, char quote) {
    if (c == quote || c == '\\') {
      text.append('\\').appendCodePoint(c);
    } else if (c == '\n' || c == '\r' || c == '\t') {
      text.append(c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
    } else if (c < ' ' || c == 0x7f) {
      text.append(String.format("\\x%02x", c));
    } else if (c < 0x7f || isPrintable(c)) {
      text.appendCodePoint(c);
    } else {
      text.append(String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
    }
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
