package dev.tale.benchmark;

import com.samskivert.mustache.Mustache;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What a template can name: values of a row, and functions. */
final class Values {
  private Values() {}

  static Map<String, Object> withFunctions(
      Map<String, ?> values, Map<String, UnaryOperator<String>> functions) {
    Map<String, Object> all = new LinkedHashMap<>(values);
    functions.forEach((name, function) -> all.put(name, lambda(function)));
    return all;
  }

  private static Mustache.Lambda lambda(UnaryOperator<String> function) {
    return (fragment, out) -> {
      BoundedWriter text = new BoundedWriter();
      fragment.execute(text);
      out.write(function.apply(text.toString()));
    };
  }
}
