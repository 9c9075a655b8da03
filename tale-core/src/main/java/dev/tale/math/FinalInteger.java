package dev.tale.math;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The answer to a mathematics problem as the search scripts of TALE take it: the first number after
 * the last {@code ####}; where none is there, the last number of the text without its commas; cut
 * to an integer through a double.
 *
 * <p>So {@code #### 1,234} is 1, since commas are dropped in the second case only, and an integer
 * of more than 53 bits is the nearest double.
 */
public final class FinalInteger {
  private static final String MARK = "####";
  private static final Pattern NUMBER = Pattern.compile("-?\\p{Nd}+\\.?\\p{Nd}*");

  private FinalInteger() {}

  /** Returns the integer in decimal digits; empty without a number, or if it is beyond a double. */
  public static Optional<String> of(String text) {
    int mark = text.lastIndexOf(MARK);
    Optional<String> marked =
        mark < 0
            ? Optional.empty()
            : numbers(text.substring(mark + MARK.length())).stream().findFirst();
    return marked.or(() -> last(text.replace(",", ""))).flatMap(FinalInteger::cut);
  }

  private static Optional<String> last(String text) {
    List<String> numbers = numbers(text);
    return numbers.isEmpty() ? Optional.empty() : Optional.of(numbers.get(numbers.size() - 1));
  }

  private static List<String> numbers(String text) {
    return NUMBER.matcher(text).results().map(MatchResult::group).toList();
  }

  private static Optional<String> cut(String number) {
    double value = Double.parseDouble(ascii(number));
    return Double.isInfinite(value)
        ? Optional.empty()
        : Optional.of(new BigDecimal(value).toBigInteger().toString());
  }

  /** The number in ASCII: a digit is one in any script. */
  private static String ascii(String number) {
    StringBuilder ascii = new StringBuilder();
    number
        .codePoints()
        .map(c -> Character.isDigit(c) ? '0' + Character.digit(c, 10) : c)
        .forEach(ascii::appendCodePoint);
    return ascii.toString();
  }
}
