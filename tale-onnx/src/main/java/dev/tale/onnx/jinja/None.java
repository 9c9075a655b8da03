package dev.tale.onnx.jinja;

/** Python's {@code None}. */
enum None {
  NONE
}
