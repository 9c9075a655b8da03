package dev.tale.onnx.jinja;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** {@code value.name} and {@code value[key]}. */
final class Subscripts {
  private Subscripts() {}

  static Object attribute(Object value, String name) {
    refuseInternal(name);
    if (value instanceof Loop loop) {
      return loop.get(name);
    }
    if (value instanceof Namespace namespace) {
      return namespace.get(name);
    }
    if (value instanceof Map<?, ?> map) {
      Object entry = map.get(name);
      if (Methods.isAttributeOf(map, name)) {
        throw TemplateException.unsupported("the method '" + name + "' of a dictionary as a value");
      }
      return entry == null ? missing(value, name) : entry;
    }
    Operators.requireDefined(value);
    if (Methods.isAttributeOf(value, name)) {
      throw TemplateException.unsupported("the method '" + name + "' as a value");
    }
    return missing(value, name);
  }

  static Object item(Object value, Object key) {
    Operators.requireDefined(value);
    if (value instanceof Iterated iterated) {
      throw iterated.unsupported("an item of");
    }
    if (value instanceof Map<?, ?> map && key instanceof String && map.get(key) != null) {
      return map.get(key);
    }
    if (value instanceof List || value instanceof String) {
      OptionalLong index = Numbers.integer(key);
      if (index.isPresent() && value instanceof String text) {
        return character(text, index.getAsLong(), key);
      }
      if (index.isPresent()) {
        return at(Sequences.of(value), index.getAsLong(), value, key);
      }
    }
    return key instanceof String name
            && !(value instanceof Map<?, ?> && !Methods.isAttributeOf(value, name))
        ? attribute(value, name)
        : missing(value, key);
  }

  private static Object character(String text, long index, Object key) {
    int size = text.codePointCount(0, text.length());
    long place = index < 0 ? index + size : index;
    return place >= 0 && place < size
        ? Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) place)))
        : missing(text, key);
  }

  private static Object at(List<Object> values, long index, Object value, Object key) {
    long place = index < 0 ? index + values.size() : index;
    return place >= 0 && place < values.size() ? values.get((int) place) : missing(value, key);
  }

  private static Undefined missing(Object value, Object key) {
    return new Undefined(Texts.shown(value) + " has no " + Texts.shown(key));
  }

  private static void refuseInternal(String name) {
    if (name.startsWith("_")) {
      throw TemplateException.unsupported("the internal attribute '" + name + "'");
    }
  }
}
