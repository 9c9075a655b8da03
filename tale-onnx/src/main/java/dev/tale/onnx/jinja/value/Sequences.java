package dev.tale.onnx.jinja.value;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What can be gone through, counted, indexed and sliced. */
public final class Sequences {
  private Sequences() {}

  /** The items of a loop over a value. */
  public static List<Object> of(Object value) {
    if (value instanceof List<?> list) {
      return Collections.unmodifiableList(list);
    }
    if (value instanceof String text) {
      return Texts.characters(text);
    }
    if (value instanceof Map<?, ?> map) {
      return List.copyOf(map.keySet());
    }
    if (value instanceof Iterated iterated) {
      return iterated.values();
    }
    if (value instanceof Undefined) {
      return List.of();
    }
    throw new TemplateException(Texts.shown(value) + " cannot be gone through");
  }

  static boolean isIterable(Object value) {
    return isSequence(value) || value instanceof Iterated;
  }

  /** Whether a value has a length and items, as its class says; undefined values claim both. */
  static boolean isSequence(Object value) {
    return value instanceof List
        || value instanceof String
        || value instanceof Map
        || value instanceof Undefined;
  }

  static long length(Object value) {
    if (value instanceof String text) {
      return Texts.length(text);
    }
    return value instanceof Iterated iterated ? iterated.size() : of(value).size();
  }

  static List<Object> items(Map<?, ?> map) {
    List<Object> items = new ArrayList<>();
    map.forEach((key, value) -> items.add(new Tuple(List.of(key, value))));
    return items;
  }

  /** Returns {@code value[start:stop:step]}; {@link None} stands for what is left out. */
  public static Object slice(Object value, Object start, Object stop, Object step) {
    Operators.requireDefined(value);
    if (value instanceof Iterated iterated) {
      throw iterated.unsupported("a slice of");
    }
    if (!(value instanceof List || value instanceof String)) {
      throw new TemplateException(Texts.shown(value) + " cannot be sliced");
    }
    int[] characters = value instanceof String text ? text.codePoints().toArray() : new int[0];
    List<Object> all = value instanceof String ? List.of() : of(value);
    int size = characters.length + all.size();
    int by = step instanceof None ? 1 : Numbers.index(step);
    if (by == 0) {
      throw new TemplateException("the step of a slice is zero");
    }
    int first = bound(start, size, by, by > 0 ? 0 : size - 1);
    int end = bound(stop, size, by, by > 0 ? size : -1);
    List<Object> part = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (long i = first; by > 0 ? i < end : i > end; i += by) {
      if (value instanceof String) {
        text.appendCodePoint(characters[(int) i]);
      } else {
        part.add(all.get((int) i));
      }
    }
    if (value instanceof String) {
      return text.toString();
    }
    return value instanceof Tuple ? new Tuple(part) : part;
  }

  private static int bound(Object bound, int size, int step, int otherwise) {
    if (bound instanceof None) {
      return otherwise;
    }
    int index = Numbers.index(bound);
    if (index < 0) {
      return Math.max(index + size, step > 0 ? 0 : -1);
    }
    return Math.min(index, step > 0 ? size : size - 1);
  }
}
