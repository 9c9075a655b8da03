package dev.tale.onnx.jinja.value;

import java.util.AbstractList;
import java.util.List;

/** Python's tuple: a list that neither prints like one nor equals one. */
public final class Tuple extends AbstractList<Object> {
  private final List<Object> values;

  public Tuple(List<Object> values) {
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
