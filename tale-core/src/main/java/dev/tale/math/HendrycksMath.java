package dev.tale.math;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The extraction and the string equality of {@code hendrycks_math500}: two answers are equal if
 * their normal forms are. A text that has no normal form, such as {@code x/2}, where both sides of
 * the one slash must be integers, or {@code \frac} at its end, equals itself alone, and so does
 * what it is compared with.
 */
public final class HendrycksMath {
  private static final Splitter EQUALS = Splitter.on('=');
  private static final Splitter SLASH = Splitter.on('/');
  private static final Splitter FRAC = Splitter.on("\\frac");
  private static final Splitter SQRT = Splitter.on("\\sqrt");
  private static final Splitter UNIT = Splitter.on("\\text{ ");

  /** What Python's int() reads, white space and all, and what it writes. */
  private static final Pattern INTEGER =
      Pattern.compile("\\s*+[+-]?\\p{Nd}++(?:_\\p{Nd}++)*+\\s*+");

  private static final Pattern CANONICAL = Pattern.compile("0|-?[1-9][0-9]*");

  private HendrycksMath() {}

  /** The text between the first and the last dollar sign; all of it if there are not two. */
  public static String answer(String text) {
    int first = text.indexOf('$');
    int last = text.lastIndexOf('$');
    return first == last ? text : text.substring(first + 1, last);
  }

  /** Returns whether two answers have the same normal form, or the same text where one has none. */
  public static boolean equivalent(String answer, String reference) {
    Optional<String> one = normalized(answer);
    Optional<String> other = normalized(reference);
    boolean both = one.isPresent() && other.isPresent();
    return both ? one.equals(other) : answer.equals(reference);
  }

  /** Returns the normal form, if the text has one. */
  public static Optional<String> normalized(String text) {
    return withoutUnit(plain(text))
        .map(HendrycksMath::withLeadingZeros)
        .map(HendrycksMath::withoutName)
        .flatMap(HendrycksMath::bracedRoots)
        .map(root -> root.replace(" ", ""))
        .flatMap(HendrycksMath::bracedFractions)
        .map(fraction -> fraction.equals("0.5") ? "\\frac{1}{2}" : fraction)
        .flatMap(HendrycksMath::slashAsFraction);
  }

  /** Without what changes the looks alone. The order counts: what one leaves, the next reads. */
  private static String plain(String text) {
    return text.replace("\n", "")
        .replace("\\!", "")
        .replace("\\\\", "\\")
        .replace("tfrac", "frac")
        .replace("dfrac", "frac")
        .replace("\\left", "")
        .replace("\\right", "")
        .replace("^{\\circ}", "")
        .replace("^\\circ", "")
        .replace("\\$", "");
  }

  private static Optional<String> withoutUnit(String text) {
    List<String> parts = UNIT.splitToList(text);
    return parts.size() > 2 ? Optional.empty() : Optional.of(parts.get(0));
  }

  private static String withLeadingZeros(String text) {
    String zeros = text.replace("\\%", "").replace(" .", " 0.").replace("{.", "{0.");
    return zeros.startsWith(".") ? "0" + zeros : zeros;
  }

  /** Without a name of at most 2 characters before the only equals sign. */
  private static String withoutName(String text) {
    List<String> sides = EQUALS.splitToList(text);
    boolean named = sides.size() == 2 && length(sides.get(0)) <= 2;
    return named ? sides.get(1) : text;
  }

  private static Optional<String> bracedRoots(String text) {
    List<String> parts = SQRT.splitToList(text);
    StringBuilder braced = new StringBuilder(parts.get(0));
    for (String part : parts.subList(1, parts.size())) {
      if (part.isEmpty()) {
        return Optional.empty();
      }
      braced.append("\\sqrt").append(part.startsWith("{") ? part : braced(part, 1));
    }
    return Optional.of(braced.toString());
  }

  private static Optional<String> bracedFractions(String text) {
    List<String> parts = FRAC.splitToList(text);
    StringBuilder braced = new StringBuilder(parts.get(0));
    for (String part : parts.subList(1, parts.size())) {
      if (part.isEmpty()) {
        return Optional.empty();
      }
      if (!part.startsWith("{") && length(part) < 2) {
        return Optional.of(text);
      }
      braced.append("\\frac").append(part.startsWith("{") ? part : bracedFraction(part));
    }
    return Optional.of(braced.toString());
  }

  private static String bracedFraction(String arguments) {
    int second = arguments.offsetByCodePoints(0, 1);
    return braced(arguments, arguments.charAt(second) == '{' ? 1 : 2);
  }

  /** The text with its first characters in braces of their own. */
  private static String braced(String text, int characters) {
    StringBuilder braced = new StringBuilder();
    int end = text.offsetByCodePoints(0, characters);
    text.substring(0, end)
        .codePoints()
        .forEach(character -> braced.append('{').appendCodePoint(character).append('}'));
    return braced.append(text, end, text.length()).toString();
  }

  private static Optional<String> slashAsFraction(String text) {
    List<String> sides = SLASH.splitToList(text);
    if (sides.size() != 2) {
      return Optional.of(text);
    }
    if (!sides.stream().allMatch(side -> INTEGER.matcher(side).matches())) {
      return Optional.empty();
    }
    return sides.stream().allMatch(side -> CANONICAL.matcher(side).matches())
        ? Optional.of("\\frac{" + sides.get(0) + "}{" + sides.get(1) + "}")
        : Optional.of(text);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
