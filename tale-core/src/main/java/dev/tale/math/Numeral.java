package dev.tale.math;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A number as people and models write it: {@code -3.50}, {@code 1,234,567}, {@code $18}, {@code
 * 1e13}, {@code 18.}; read exactly, with up to {@value #MOST_DIGITS} characters. A comma is a
 * thousands separator where it stands as one, every three digits; {@code 1,5} is no number.
 */
public final class Numeral {
  private static final String DIGITS = "(?:[0-9]{1,3}(?:,[0-9]{3})++|[0-9]++)(?:\\.[0-9]++)?";
  private static final String UNSIGNED = "(?:" + DIGITS + "|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?";

  private static final Pattern WHOLE =
      Pattern.compile("(?<sign>[+\\-\u2212]?)\\$?(?<digits>" + UNSIGNED + ")\\.?");

  private static final Pattern WITHIN = Pattern.compile("(?<![0-9.])[\\-\u2212]?\\$?" + UNSIGNED);

  /** The range of a double: beyond it a number takes more memory than it is worth. */
  private static final int LARGEST_EXPONENT = 308;

  /** Reading a number takes time that grows with the square of its length. */
  static final int MOST_DIGITS = 10_000;

  private Numeral() {}

  /** Returns the value of a text that is a number, but for white space around it. */
  public static Optional<BigDecimal> value(String text) {
    var matcher = WHOLE.matcher(PythonWhitespace.trim(text));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return unsigned(matcher.group("digits").replace(",", ""))
        .map(value -> matcher.group("sign").matches("[-\u2212]") ? value.negate() : value);
  }

  private static Optional<BigDecimal> unsigned(String digits) {
    if (digits.length() > MOST_DIGITS) {
      return Optional.empty();
    }
    int exponent = Math.max(digits.indexOf('e'), digits.indexOf('E'));
    // Ten million digits of an exponent overflow an int, so its length is looked at first.
    if (exponent >= 0
        && (digits.length() - exponent > 5
            || Math.abs(Integer.parseInt(digits.substring(exponent + 1))) > LARGEST_EXPONENT)) {
      return Optional.empty();
    }
    return Optional.of(new BigDecimal(digits));
  }

  /** Returns the last number in a text, as it is written there. */
  public static Optional<String> last(String text) {
    List<MatchResult> all = WITHIN.matcher(text).results().toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1).group());
  }

  /**
   * Returns whether two texts are numbers that differ by less than the tolerance, or not at all.
   *
   * @param tolerance largest difference that does not count, exclusive
   */
  public static boolean close(String text, String other, BigDecimal tolerance) {
    return value(text)
        .flatMap(one -> value(other).map(two -> one.subtract(two).abs()))
        .map(difference -> difference.signum() == 0 || difference.compareTo(tolerance) < 0)
        .orElse(false);
  }
}
