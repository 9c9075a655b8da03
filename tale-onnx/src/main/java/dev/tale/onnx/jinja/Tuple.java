package dev.tale.onnx.jinja;

import java.util.AbstractList;
import java.util.List;

/** Python's tuple: a list that neither prints like one nor equals one. */
final class Tuple extends AbstractList<Object> {
  private final List<Object> values;

  Tuple(List<Object> values) {
    this.values = values;
  }

  @Override
  public Object get(int index) {
    return values.get(index);
  }

  @Override
  public int size() {
    return values.size();
  }
}
