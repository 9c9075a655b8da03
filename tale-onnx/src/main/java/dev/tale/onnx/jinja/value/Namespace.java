package dev.tale.onnx.jinja.value;

import java.util.Map;

/**
 * What {@code namespace()} gives: the one value whose attributes a template may set.
 *
 * @param values the attributes, mutable
 */
public record Namespace(Map<Object, Object> values) {
  Object get(String name) {
    Object value = values.get(name);
    return value == null ? new Undefined("the namespace has no attribute '" + name + "'") : value;
  }
}
