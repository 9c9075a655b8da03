package dev.tale.onnx.jinja.value;

import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Python's numbers: integers up to 64 bits, floats, and truth values, which are 0 and 1. */
public final class Numbers {
  private Numbers() {}

  static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  /** Returns the integer that a value is, if it is one; truth values are. */
  static OptionalLong integer(Object value) {
    if (value instanceof Long number) {
      return OptionalLong.of(number);
    }
    return value instanceof Boolean truth ? OptionalLong.of(truth ? 1 : 0) : OptionalLong.empty();
  }

  static double toDouble(Object value) {
    return value instanceof Double number ? number : integer(value).orElseThrow();
  }

  /** Returns a place in a sequence. */
  static int index(Object value) {
    long index =
        integer(value)
            .orElseThrow(() -> new TemplateException(Texts.shown(value) + " is not an integer"));
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, index));
  }

  public static Object negate(Object value) {
    return value instanceof Double number ? -number : subtract(0L, value);
  }

  public static Object subtract(Object left, Object right) {
    requireNumbers("-", left, right);
    return bothIntegers(left, right)
        ? exact("-", () -> Math.subtractExact(whole(left), whole(right)))
        : (Object) (toDouble(left) - toDouble(right));
  }

  public static Object add(Object left, Object right) {
    requireNumbers("+", left, right);
    return bothIntegers(left, right)
        ? exact("+", () -> Math.addExact(whole(left), whole(right)))
        : (Object) (toDouble(left) + toDouble(right));
  }

  static Object multiply(Object left, Object right) {
    requireNumbers("*", left, right);
    return bothIntegers(left, right)
        ? exact("*", () -> Math.multiplyExact(whole(left), whole(right)))
        : (Object) (toDouble(left) * toDouble(right));
  }

  public static Object divide(Object left, Object right) {
    requireNumbers("/", left, right);
    requireNotZero("/", right);
    return toDouble(left) / toDouble(right);
  }

  public static Object floorDivide(Object left, Object right) {
    requireIntegers("//", left, right);
    requireNotZero("//", right);
    return exact("//", () -> Math.floorDiv(whole(left), whole(right)));
  }

  static Object modulo(Object left, Object right) {
    requireIntegers("%", left, right);
    requireNotZero("%", right);
    return Math.floorMod(whole(left), whole(right));
  }

  /** The text that Python prints; the range in which its notation is plain. */
  static String shown(double value) {
    double size = Math.abs(value);
    if (value != 0 && !(size >= 1e-4 && size < 1e16)) {
      throw TemplateException.unsupported("printing the number " + value);
    }
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    String sign = value == 0 && 1 / value < 0 ? "-" : "";
    return sign + (decimal.scale() <= 0 ? decimal.setScale(1) : decimal).toPlainString();
  }

  private static long whole(Object value) {
    return integer(value).orElseThrow();
  }

  private static boolean bothIntegers(Object left, Object right) {
    return integer(left).isPresent() && integer(right).isPresent();
  }

  private static void requireNumbers(String operator, Object left, Object right) {
    if (!isNumber(left) || !isNumber(right)) {
      throw Operators.wrongTypes(operator, left, right);
    }
  }

  private static void requireIntegers(String operator, Object left, Object right) {
    requireNumbers(operator, left, right);
    if (!bothIntegers(left, right)) {
      throw TemplateException.unsupported(operator + " of numbers that are not integers");
    }
  }

  private static void requireNotZero(String operator, Object right) {
    if (toDouble(right) == 0) {
      throw new TemplateException("the number after " + operator + " is zero");
    }
  }

  private static Object exact(String operator, LongSupplier result) {
    try {
      return result.getAsLong();
    } catch (ArithmeticException e) {
      throw TemplateException.unsupported(operator + " that gives an integer of more than 64 bits");
    }
  }
}
