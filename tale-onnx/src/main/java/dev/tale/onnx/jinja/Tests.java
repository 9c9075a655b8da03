package dev.tale.onnx.jinja;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tests by name. The value is the first positional argument. */
final class Tests {
  private static final ImmutableMap<String, Predicate<Object>> OF_ONE =
      ImmutableMap.<String, Predicate<Object>>builder()
          .put("defined", value -> !(value instanceof Undefined))
          .put("undefined", value -> value instanceof Undefined)
          .put("none", value -> value instanceof None)
          .put("string", value -> value instanceof String)
          .put("mapping", value -> value instanceof Map)
          .put("iterable", Sequences::isIterable)
          .put("sequence", Sequences::isSequence)
          .put("number", Numbers::isNumber)
          .put("integer", value -> value instanceof Long)
          .put("float", value -> value instanceof Double)
          .put("boolean", value -> value instanceof Boolean)
          .put("true", value -> value.equals(true))
          .put("false", value -> value.equals(false))
          .put("callable", value -> value instanceof Function)
          .put("odd", value -> Operators.areEqual(Operators.modulo(value, 2L), 1L))
          .put("even", value -> Operators.areEqual(Operators.modulo(value, 2L), 0L))
          .buildOrThrow();

  private static final ImmutableMap<String, String> COMPARISONS =
      ImmutableMap.<String, String>builder()
          .put("eq", "==")
          .put("equalto", "==")
          .put("==", "==")
          .put("ne", "!=")
          .put("!=", "!=")
          .put("lt", "<")
          .put("lessthan", "<")
          .put("<", "<")
          .put("le", "<=")
          .put("<=", "<=")
          .put("gt", ">")
          .put("greaterthan", ">")
          .put(">", ">")
          .put("ge", ">=")
          .put(">=", ">=")
          .put("in", "in")
          .buildOrThrow();

  private Tests() {}

  static boolean passes(String name, Arguments arguments) {
    List<Object> given = arguments.positional();
    given.forEach(arguments.rendering()::work);
    @Nullable Predicate<Object> test = OF_ONE.get(name);
    if (test != null) {
      return test.test(arguments.only("value").get(0, "value"));
    }
    @Nullable String operator = COMPARISONS.get(name);
    if (operator != null) {
      return Comparison.holds(
          operator, given.get(0), arguments.only("value", "other").get(1, "other"));
    }
    if (name.equals("divisibleby")) {
      Object remainder =
          Operators.modulo(given.get(0), arguments.only("value", "num").get(1, "num"));
      return Operators.areEqual(remainder, 0L);
    }
    throw TemplateException.unsupported("the test '" + name + "'");
  }
}
