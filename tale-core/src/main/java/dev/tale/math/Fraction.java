package dev.tale.math;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A number as LaTeX writes it: an integer, a decimal, {@code a/b} or {@code \frac{a}{b}} of
 * integers, with a minus sign or without.
 */
record Fraction(BigDecimal numerator, BigDecimal denominator) {
  /** Without leading zeros: the harness cannot read {@code 07}. */
  private static final String NATURAL = "(?:0|[1-9][0-9]*)";

  private static final Pattern LATEX =
      Pattern.compile(
          "(?<minus>-?)(?:(?<decimal>"
              + NATURAL
              + "(?:\\.[0-9]+)?)|\\\\[dt]?frac\\{(?<over>-?"
              + NATURAL
              + ")\\}\\{(?<under>-?"
              + NATURAL
              + ")\\}|(?<left>"
              + NATURAL
              + ")/(?<right>"
              + NATURAL
              + "))");

  /** Whether two texts are numbers of the same value. */
  static boolean equal(String text, String other) {
    return of(text).flatMap(one -> of(other).map(one::hasValueOf)).orElse(false);
  }

  private static Optional<Fraction> of(String text) {
    Matcher matcher = LATEX.matcher(text);
    return matcher.matches()
        ? fraction(matcher).filter(fraction -> fraction.denominator.signum() != 0)
        : Optional.empty();
  }

  private static Optional<Fraction> fraction(Matcher matcher) {
    String minus = matcher.group("minus");
    return of(minus, matcher.group("decimal"), "1")
        .or(() -> of(minus, matcher.group("over"), matcher.group("under")))
        .or(() -> of(minus, matcher.group("left"), matcher.group("right")));
  }

  private static Optional<Fraction> of(
      String minus, @Nullable String numerator, @Nullable String denominator) {
    if (numerator == null
        || denominator == null
        || numerator.length() + denominator.length() > Numeral.MOST_DIGITS) {
      return Optional.empty();
    }
    BigDecimal value = new BigDecimal(numerator);
    return Optional.of(
        new Fraction(minus.isEmpty() ? value : value.negate(), new BigDecimal(denominator)));
  }

  private boolean hasValueOf(Fraction other) {
    return numerator.multiply(other.denominator).compareTo(other.numerator.multiply(denominator))
        == 0;
  }
}
