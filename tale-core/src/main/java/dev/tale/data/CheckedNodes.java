package dev.tale.data;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.io.Serial;
import java.math.BigDecimal;

/** Nodes of values that the rest of Tale can hold: Unicode text, and numbers it can write out. */
final class CheckedNodes extends JsonNodeFactory {
  /** Decimal places before or after the point; the range of a double is 324. */
  static final int MAX_SCALE = 1000;

  @Serial private static final long serialVersionUID = 1;

  /** A value that is JSON and yet unusable. */
  static final class UnusableValueException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final String problem;

    UnusableValueException(String problem) {
      super(problem);
      this.problem = problem;
    }

    String problem() {
      return problem;
    }
  }

  CheckedNodes() {
    super(true);
  }

  /** Decimals are read as BigDecimal: only NaN and the infinities come here. */
  @Override
  public NumericNode numberNode(double value) {
    throw new UnusableValueException(value + " is no number");
  }

  @Override
  public ValueNode numberNode(BigDecimal value) {
    if (Math.abs((long) value.scale()) > MAX_SCALE) {
      throw new UnusableValueException(
          "The number " + value + " has a decimal exponent beyond the limit of " + MAX_SCALE);
    }
    return super.numberNode(value);
  }

  @Override
  public TextNode textNode(String text) {
    int broken = loneSurrogate(text);
    if (broken >= 0) {
      throw new UnusableValueException(
          String.format(
              "A string holds the lone surrogate \\u%04X at character %d, which is no Unicode text",
              (int) text.charAt(broken), broken));
    }
    return super.textNode(text);
  }

  /** Index of the first surrogate without its other half, or -1. */
  static int loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }
}
