package dev.tale.onnx.jinja;

import com.google.common.collect.ImmutableMap;
import com.google.common.math.LongMath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Functions that every template can call. */
final class Globals {
  /** As Python's sandbox has it. */
  private static final int LONGEST_RANGE = 100_000;

  private static final ImmutableMap<String, Function> FUNCTIONS =
      ImmutableMap.of(
          "raise_exception", Globals::raise,
          "strftime_now", Globals::now,
          "namespace", Globals::namespace,
          "dict", Globals::dictionary,
          "range", Globals::range);

  private static final Set<String> UNSUPPORTED =
      Set.of("caller", "cycler", "joiner", "kwargs", "lipsum", "self", "super", "varargs");

  private Globals() {}

  static Object get(String name) {
    if (UNSUPPORTED.contains(name)) {
      throw TemplateException.unsupported("'" + name + "'");
    }
    Function function = FUNCTIONS.get(name);
    return function == null ? new Undefined("'" + name + "' is undefined") : function;
  }

  static Object call(Object function, Arguments arguments) {
    Operators.requireDefined(function);
    if (function instanceof Function callable) {
      return callable.call(arguments);
    }
    throw new TemplateException(Texts.shown(function) + " cannot be called");
  }

  private static Object raise(Arguments arguments) {
    throw new TemplateException(
        "the template refuses: " + Texts.of(arguments.only("message").get(0, "message")));
  }

  private static Object now(Arguments arguments) {
    String format = arguments.only("format").text(0, "format");
    return Strftime.format(arguments.rendering().now(), format);
  }

  private static Object namespace(Arguments arguments) {
    return new Namespace(new LinkedHashMap<>(dictionary(arguments)));
  }

  private static Map<Object, Object> dictionary(Arguments arguments) {
    Map<Object, Object> values = new LinkedHashMap<>();
    for (Object given : arguments.positional()) {
      if (!(given instanceof Map<?, ?> map)) {
        throw TemplateException.unsupported(arguments.name() + " of " + Texts.shown(given));
      }
      values.putAll(map);
    }
    values.putAll(arguments.named());
    return values;
  }

  private static Object range(Arguments arguments) {
    List<Object> given = arguments.only("start", "stop", "step").positional();
    long[] bounds = given.stream().mapToLong(Globals::bound).toArray();
    if (bounds.length == 0) {
      throw new TemplateException("range lacks its end");
    }
    long start = bounds.length == 1 ? 0 : bounds[0];
    long stop = bounds.length == 1 ? bounds[0] : bounds[1];
    long step = bounds.length == 3 ? bounds[2] : 1;
    List<Object> range = new ArrayList<>();
    for (long i = start;
        step > 0 ? i < stop : i > stop;
        i = LongMath.saturatedAdd(i, requireStep(step))) {
      range.add(i);
      if (range.size() > LONGEST_RANGE) {
        throw new TemplateException("range is longer than " + LONGEST_RANGE);
      }
    }
    return Iterated.view("a range", range);
  }

  private static long bound(Object value) {
    return Numbers.integer(value)
        .orElseThrow(() -> new TemplateException(Texts.shown(value) + " is not an integer"));
  }

  private static long requireStep(long step) {
    if (step == 0) {
      throw new TemplateException("the step of range is zero");
    }
    return step;
  }
}
