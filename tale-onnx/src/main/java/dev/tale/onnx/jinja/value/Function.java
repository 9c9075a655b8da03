package dev.tale.onnx.jinja.value;

/** What a template can call. */
@FunctionalInterface
public interface Function {
  Object call(Arguments arguments);
}
