package dev.tale.onnx.jinja;

import dev.tale.onnx.jinja.value.Globals;
import dev.tale.onnx.jinja.value.Rendering;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Variables: those of a loop's turn or a macro hide those around, and end with it. */
final class Scope {
  private final Rendering rendering;
  private final @Nullable Scope outer;
  private final Map<String, Object> variables;

  private Scope(Rendering rendering, @Nullable Scope outer, Map<String, Object> variables) {
    this.rendering = rendering;
    this.outer = outer;
    this.variables = variables;
  }

  static Scope of(Rendering rendering, Map<String, Object> variables) {
    return new Scope(rendering, null, new HashMap<>(variables));
  }

  Scope inner() {
    return new Scope(rendering, this, new HashMap<>());
  }

  Rendering rendering() {
    return rendering;
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }

  Object get(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Object value = scope.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return Globals.get(name);
  }
}
