package dev.tale.onnx.jinja;

import java.util.List;

/**
 * Values that can be gone through but are no list: what a filter yields, once, or a dictionary's
 * keys, values or items, or a range, as often as wanted.
 */
final class Iterated {
  private final String what;
  private final List<Object> values;
  private final boolean once;
  private boolean used;

  private Iterated(String what, List<Object> values, boolean once) {
    this.what = what;
    this.values = values;
    this.once = once;
  }

  static Iterated once(String what, List<Object> values) {
    return new Iterated(what, values, true);
  }

  static Iterated view(String what, List<Object> values) {
    return new Iterated(what, values, false);
  }

  String what() {
    return what;
  }

  List<Object> values() {
    if (once && used) {
      throw unsupported("going twice through");
    }
    used = true;
    return values;
  }

  int size() {
    if (once) {
      throw new TemplateException(what + " has no length");
    }
    return values.size();
  }

  /** Returns the number of values, whether or not a template may know it. */
  int made() {
    return values.size();
  }

  boolean isOnce() {
    return once;
  }

  boolean isTrue() {
    return once || !values.isEmpty();
  }

  TemplateException unsupported(String use) {
    return TemplateException.unsupported(use + " " + what);
  }
}
