package dev.tale.onnx.jinja;

import java.util.List;
import java.util.Map;

/**
 * Python's {@code ==}, within bounds: lists that hold the same list twice, and that one too, and so
 * on, are short to make and long to compare.
 */
final class Equality {
  private static final int COMPARISONS = 1 << 22;

  private int left = COMPARISONS;

  boolean holds(Object one, Object other) {
    if (--left < 0) {
      throw new TemplateException("more than " + COMPARISONS + " values compared");
    }
    if (one == other) {
      return true;
    }
    if (Numbers.isNumber(one) && Numbers.isNumber(other)) {
      return Operators.compareNumbers(one, other) == 0;
    }
    if (one instanceof List<?> a && other instanceof List<?> b) {
      return one instanceof Tuple == other instanceof Tuple && ofLists(a, b);
    }
    if (one instanceof Map<?, ?> a && other instanceof Map<?, ?> b) {
      return ofMaps(a, b);
    }
    return one instanceof Undefined ? other instanceof Undefined : ofTexts(one, other);
  }

  /** What is neither text nor any of the above equals itself alone. */
  private static boolean ofTexts(Object one, Object other) {
    return one instanceof String && one.equals(other);
  }

  private boolean ofLists(List<?> one, List<?> other) {
    boolean equal = one.size() == other.size();
    for (int i = 0; equal && i < one.size(); i++) {
      equal = holds(one.get(i), other.get(i));
    }
    return equal;
  }

  private boolean ofMaps(Map<?, ?> one, Map<?, ?> other) {
    return one.size() == other.size()
        && one.entrySet().stream()
            .allMatch(
                e -> other.containsKey(e.getKey()) && holds(e.getValue(), other.get(e.getKey())));
  }
}
