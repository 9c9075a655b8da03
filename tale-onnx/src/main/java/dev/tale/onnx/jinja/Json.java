package dev.tale.onnx.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** JSON as Python's {@code json.dumps} writes it. */
final class Json {
  private static final int MOST_INDENT = 100;

  private final StringBuilder json = new StringBuilder();
  private final Rendering rendering;
  private final boolean asciiOnly;
  private final int indent;

  private Json(Rendering rendering, boolean asciiOnly, int indent) {
    this.rendering = rendering;
    this.asciiOnly = asciiOnly;
    this.indent = indent;
  }

  static String of(Arguments arguments) {
    for (int i = 3; i < 5; i++) {
      String parameter = i == 3 ? "separators" : "sort_keys";
      if (Operators.isTrue(arguments.get(i, parameter, None.NONE))) {
        throw TemplateException.unsupported("the argument '" + parameter + "' of tojson");
      }
    }
    Object indent = arguments.get(2, "indent", None.NONE);
    Json json =
        new Json(
            arguments.rendering(),
            Operators.isTrue(arguments.get(1, "ensure_ascii", false)),
            indent instanceof None ? -1 : indent(Numbers.index(indent)));
    json.write(arguments.get(0, "value"), 0);
    return json.json.toString();
  }

  private static int indent(int indent) {
    if (indent > MOST_INDENT) {
      throw TemplateException.unsupported(
          "tojson with an indent of " + indent + ", more than " + MOST_INDENT + ",");
    }
    return Math.max(0, indent);
  }

  private void write(Object value, int depth) {
    if (value instanceof String text) {
      writeText(text);
    } else if (value instanceof Boolean || value instanceof Long) {
      json.append(value);
    } else if (value instanceof Double number) {
      json.append(Numbers.shown(number));
    } else if (value instanceof None) {
      json.append("null");
    } else if (value instanceof Map<?, ?> map) {
      writeMap(map, depth);
    } else if (value instanceof List<?> list) {
      writeList(list, depth);
    } else {
      throw new TemplateException("tojson of " + Texts.shown(value));
    }
    if (json.length() > Rendering.CHARACTERS) {
      throw new TemplateException("more than " + Rendering.CHARACTERS + " characters printed");
    }
  }

  private void writeMap(Map<?, ?> map, int depth) {
    json.append('{');
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      breakLine(depth + 1);
      writeText(Texts.required(entry.getKey(), "tojson"));
      json.append(": ");
      write(entry.getValue(), depth + 1);
      separate(entries.hasNext());
    }
    close(map.isEmpty(), depth, '}');
  }

  private void writeList(List<?> list, int depth) {
    json.append('[');
    Iterator<?> values = list.iterator();
    while (values.hasNext()) {
      breakLine(depth + 1);
      write(values.next(), depth + 1);
      separate(values.hasNext());
    }
    close(list.isEmpty(), depth, ']');
  }

  private void breakLine(int depth) {
    if (indent >= 0) {
      json.append('\n').append(rendering.produced(" ".repeat(indent * depth)));
    }
  }

  private void separate(boolean more) {
    if (more) {
      json.append(indent >= 0 ? "," : ", ");
    }
  }

  private void close(boolean empty, int depth, char end) {
    if (!empty) {
      breakLine(depth);
    }
    json.append(end);
  }

  private void writeText(String text) {
    rendering.produce(text.length());
    json.append('"');
    text.chars().forEach(c -> writeCharacter((char) c));
    json.append('"');
  }

  private void writeCharacter(char c) {
    switch (c) {
      case '"' -> json.append("\\\"");
      case '\\' -> json.append("\\\\");
      case '\n' -> json.append("\\n");
      case '\r' -> json.append("\\r");
      case '\t' -> json.append("\\t");
      case '\f' -> json.append("\\f");
      case '\b' -> json.append("\\b");
      default -> {
        if (c < ' ' || (asciiOnly && c > 0x7e)) {
          json.append(String.format("\\u%04x", (int) c));
        } else {
          json.append(c);
        }
      }
    }
  }
}
