package dev.tale.onnx.jinja.value;

/**
 * What a name, attribute or item gives that is not there: nothing when printed, false, empty, and
 * an error in every other use.
 *
 * @param what what is not there
 */
public record Undefined(String what) {
  TemplateException used() {
    return new TemplateException(what);
  }
}
