package dev.tale.onnx.jinja.value;

/** Python's {@code None}. */
public enum None {
  NONE
}
