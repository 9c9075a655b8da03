package dev.tale.onnx.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Python's operators. */
final class Operators {
  private static final Comparator<String> BY_CODE_POINT =
      (left, right) -> {
        int[] a = left.codePoints().toArray();
        int[] b = right.codePoints().toArray();
        return Arrays.compare(a, b);
      };

  private Operators() {}

  static boolean isTrue(Object value) {
    if (value instanceof Boolean truth) {
      return truth;
    }
    if (value instanceof String text) {
      return !text.isEmpty();
    }
    if (Numbers.isNumber(value)) {
      return Numbers.toDouble(value) != 0;
    }
    if (value instanceof List<?> list) {
      return !list.isEmpty();
    }
    if (value instanceof Map<?, ?> map) {
      return !map.isEmpty();
    }
    if (value instanceof Iterated iterated) {
      return iterated.isTrue();
    }
    return !(value instanceof None || value instanceof Undefined);
  }

  static boolean areEqual(Object left, Object right) {
    return new Equality().holds(left, right);
  }

  static Object add(Rendering rendering, Object left, Object right) {
    if (left instanceof String a && right instanceof String b) {
      rendering.produce((long) a.length() + b.length());
      return a + b;
    }
    if (left instanceof List<?> a
        && right instanceof List<?> b
        && left instanceof Tuple == right instanceof Tuple) {
      rendering.produceList((long) a.size() + b.size());
      List<Object> both = new ArrayList<>(a);
      both.addAll(b);
      return left instanceof Tuple ? new Tuple(both) : both;
    }
    return Numbers.add(requireDefined(left), requireDefined(right));
  }

  static Object multiply(Rendering rendering, Object left, Object right) {
    if (left instanceof String text && Numbers.integer(right).isPresent()) {
      int count = Math.max(0, Numbers.index(right));
      rendering.produce((long) text.length() * count);
      return text.repeat(count);
    }
    if (right instanceof String && Numbers.integer(left).isPresent()) {
      return multiply(rendering, right, left);
    }
    if (left instanceof List || right instanceof List) {
      throw TemplateException.unsupported("* of a list");
    }
    return Numbers.multiply(requireDefined(left), requireDefined(right));
  }

  static Object modulo(Object left, Object right) {
    if (left instanceof String) {
      throw TemplateException.unsupported("% that formats a text");
    }
    return Numbers.modulo(requireDefined(left), requireDefined(right));
  }

  static int compare(String operator, Object left, Object right) {
    if (left instanceof String a && right instanceof String b) {
      return BY_CODE_POINT.compare(a, b);
    }
    if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
      return compareNumbers(left, right);
    }
    throw wrongTypes(operator, requireDefined(left), requireDefined(right));
  }

  static int compareNumbers(Object left, Object right) {
    return left instanceof Double || right instanceof Double
        ? Double.compare(Numbers.toDouble(left) + 0.0, Numbers.toDouble(right) + 0.0)
        : Long.compare(Numbers.integer(left).orElseThrow(), Numbers.integer(right).orElseThrow());
  }

  static boolean contains(Object container, Object value) {
    if (container instanceof String text) {
      return text.contains(Texts.required(value, "in"));
    }
    if (container instanceof Map<?, ?> map) {
      return value instanceof String && map.containsKey(value);
    }
    if (container instanceof Iterated iterated && iterated.isOnce()) {
      throw iterated.unsupported("looking for a value in");
    }
    Equality equality = new Equality();
    return Sequences.of(container).stream().anyMatch(each -> equality.holds(each, value));
  }

  static Object requireDefined(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.used();
    }
    return value;
  }

  static TemplateException wrongTypes(String operator, Object left, Object right) {
    return new TemplateException(
        operator + " cannot be used between " + Texts.shown(left) + " and " + Texts.shown(right));
  }
}
