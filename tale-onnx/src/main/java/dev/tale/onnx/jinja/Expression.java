package dev.tale.onnx.jinja;

/** What has a value where it is used. */
@FunctionalInterface
interface Expression {
  Object value(Scope scope);
}
