package dev.tale.onnx.jinja;

import dev.tale.onnx.jinja.value.Arguments;
import dev.tale.onnx.jinja.value.Function;
import dev.tale.onnx.jinja.value.Rendering;
import dev.tale.onnx.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function that a template defines.
 *
 * @param name for messages
 * @param parameters in order, with the default of each that has one
 * @param body what it writes is its value
 * @param around where it is defined
 */
record Macro(
    String name, Map<String, @Nullable Expression> parameters, Statement body, Scope around)
    implements Function {

  @Override
  public Object call(Arguments arguments) {
    Scope scope = around.inner();
    List<String> names = new ArrayList<>(parameters.keySet());
    Arguments given = arguments.only(names.toArray(String[]::new));
    for (int i = 0; i < names.size(); i++) {
      scope.set(names.get(i), argument(given, i, names.get(i), scope));
    }
    StringBuilder text = new StringBuilder();
    Rendering rendering = arguments.rendering();
    rendering.enterMacro();
    body.run(scope, text);
    rendering.leaveMacro();
    return text.toString();
  }

  private Object argument(Arguments given, int place, String parameter, Scope scope) {
    if (place < given.positional().size() || given.named().containsKey(parameter)) {
      return given.get(place, parameter);
    }
    Expression otherwise = parameters.get(parameter);
    return otherwise == null
        ? new Undefined("parameter '" + parameter + "' of " + name + " was not given")
        : otherwise.value(scope);
  }
}
