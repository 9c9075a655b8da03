package dev.tale.onnx.jinja;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;

/** Values as Python writes them, and texts as Python counts them: in code points. */
final class Texts {
  private static final int SHOWN = 60;

  /** Characters that can be gone through one by one, each a text then. */
  private static final int MOST_CHARACTERS = 1 << 20;

  private static final ImmutableMap<Class<?>, String> KINDS =
      ImmutableMap.of(
          Undefined.class, "an undefined value",
          Function.class, "a function",
          Namespace.class, "a namespace",
          Loop.class, "the loop",
          Tuple.class, "a tuple",
          List.class, "a list",
          Map.class, "a dictionary");

  private Texts() {}

  /** Returns Python's {@code str}. */
  static String of(Object value) {
    if (value instanceof String text) {
      return text;
    }
    return value instanceof Undefined ? "" : representation(value);
  }

  /** Returns a text that must be one. */
  static String required(Object value, String by) {
    if (value instanceof String text) {
      return text;
    }
    if (value instanceof Undefined undefined) {
      throw undefined.used();
    }
    throw new TemplateException(by + " wants a text, not " + shown(value));
  }

  /** Returns Python's {@code repr}. */
  static String representation(Object value) {
    return new Representation().of(value);
  }

  /** Returns a value for a message. */
  static String shown(Object value) {
    if (value instanceof String text) {
      int end = Math.min(text.length(), SHOWN);
      return representation(text.substring(0, end)) + (end < text.length() ? "..." : "");
    }
    if (value instanceof Iterated iterated) {
      return iterated.what();
    }
    boolean printed = value instanceof None || Numbers.isNumber(value);
    return printed ? representation(value) : KINDS.getOrDefault(kind(value), "a value");
  }

  private static Class<?> kind(Object value) {
    return KINDS.keySet().stream()
        .filter(kind -> kind.isInstance(value))
        .findFirst()
        .orElse(Object.class);
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  static List<Object> characters(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new TemplateException(
          "going through a text of " + text.length() + " characters, more than " + MOST_CHARACTERS);
    }
    return text.codePoints().mapToObj(c -> (Object) Character.toString(c)).toList();
  }
}
