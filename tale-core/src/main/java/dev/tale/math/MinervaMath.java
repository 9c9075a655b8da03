package dev.tale.math;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The extraction and the normal form of {@code minerva_math500} (Lewkowycz et al., 2022, appendix
 * D, as release 0.4.13 of the harness has it), and a stricter equality.
 *
 * <p>The harness holds two normal forms for equal if they are the same text, or if a computer
 * algebra system finds their difference to be 0. {@link #equivalent} has the first half, and of the
 * second what needs no algebra: two numbers, written as integers, decimals or fractions of
 * integers, are equal if their values are. Answers that are the same only by algebra, such as
 * {@code x+1} and {@code 1+x}, are different here and equal there, so that accuracy here is never
 * above the harness'.
 */
public final class MinervaMath {
  /** The answer of a text that does not say which its final answer is. */
  public static final String INVALID = "[invalidanswer]";

  private static final String END = " I hope it is correct";

  private static final String BEGIN = "Final Answer: The final answer is";

  /** Pairs of what is replaced and by what, in this order. */
  private static final List<List<String>> SUBSTITUTIONS =
      List.of(
          List.of("an ", ""),
          List.of("a ", ""),
          List.of(".$", "$"),
          List.of("\\$", ""),
          List.of("\\ ", ""),
          List.of(" ", ""),
          List.of("mbox", "text"),
          List.of(",\\text{and}", ","),
          List.of("\\text{and}", ","),
          List.of("\\text{m}", "\\text{}"));

  /** Units, other words and marks, in this order. */
  private static final List<String> REMOVED =
      List.of(
          "square",
          "ways",
          "integers",
          "dollars",
          "mph",
          "inches",
          "ft",
          "hours",
          "km",
          "units",
          "\\ldots",
          "sue",
          "points",
          "feet",
          "minutes",
          "digits",
          "cents",
          "degrees",
          "cm",
          "gm",
          "pounds",
          "meters",
          "meals",
          "edges",
          "students",
          "childrentickets",
          "multiples",
          "\\text{s}",
          "\\text{.}",
          "\\text{\ns}",
          "\\text{}^2",
          "\\text{}^3",
          "\\text{\n}",
          "\\text{}",
          "\\mathrm{th}",
          "^\\circ",
          "^{\\circ}",
          "\\;",
          ",\\!",
          "{,}",
          "\"",
          "\\dots");

  private static final Pattern COMMAND = Pattern.compile("\\\\[a-zA-Z]+");
  private static final Pattern LETTERS = Pattern.compile("[a-z]+");
  private static final Pattern THOUSANDS = Pattern.compile("-?\\p{Nd}{1,3}(?:,\\p{Nd}{3})++");

  /** Unit words that stand by themselves. */
  private static final List<Rewrite> WORDS =
      REMOVED.stream()
          .filter(MinervaMath::isWord)
          .map(word -> Rewrite.of("(?<![\\\\\\p{L}\\p{N}_])" + word + "(?![\\p{L}\\p{N}_])", ""))
          .toList();

  /** Commands whose argument stays, up to the first closing brace of the line. */
  private static final List<String> WRAPPERS = List.of("\\text{", "\\textbf{", "\\overline{");

  private static final String BOX = "\\boxed{";

  private static final Rewrite FRACTIONS = Rewrite.of("(frac)([^{])(.)", "frac{$2}{$3}");
  private static final Rewrite SQUARE_ROOTS = Rewrite.of("(sqrt)(?!\\[)([^{])", "sqrt{$2}");
  private static final String ROOT = "sqrt[";

  private MinervaMath() {}

  /**
   * Returns the normal form of the answer that a text names as its final one; of {@link #INVALID}
   * if there is none.
   */
  public static String answer(String text) {
    return normalized(
        lines(text + END.substring(1) + ".")
            .map(MinervaMath::finalAnswer)
            .flatMap(Optional::stream)
            .findFirst()
            .map(PythonWhitespace::trim)
            .orElse(INVALID));
  }

  /**
   * The harness has {@code Final Answer: The final answer is(.*?). I hope it is correct.}, whose
   * full stops are any character but a line feed. If it does not match where it first begins on a
   * line, it matches nowhere on that line.
   */
  private static Optional<String> finalAnswer(String line) {
    int begin = line.indexOf(BEGIN) + BEGIN.length();
    int end = begin < BEGIN.length() ? -1 : line.indexOf(END, begin + 1);
    return end < 0 || end + END.length() == line.length()
        ? Optional.empty()
        : Optional.of(line.substring(begin, end - Character.charCount(line.codePointBefore(end))));
  }

  private static Stream<String> lines(String text) {
    return Splitter.on('\n').splitToStream(text);
  }

  /** Returns whether two normal forms are the same text, or are numbers of the same value. */
  public static boolean equivalent(String answer, String reference) {
    return (answer.equals(reference) && !answer.isEmpty()) || Fraction.equal(answer, reference);
  }

  /** Returns the normal form of an answer. */
  public static String normalized(String answer) {
    String text = rewrite(answer.substring(answer.lastIndexOf('=') + 1), WORDS);
    for (List<String> substitution : SUBSTITUTIONS) {
      text = text.replace(substitution.get(0), substitution.get(1));
    }
    text = rewrite(unwrapped(withoutUnits(text)), List.of(FRACTIONS));
    text = rewrite(bracedRoots(text), List.of(SQUARE_ROOTS));
    return withoutThousands(text.replace("$", ""));
  }

  /**
   * Puts the letter or digit after {@code sqrt[...]} in braces. What begins within the brackets of
   * a root ends with them.
   */
  private static String bracedRoots(String text) {
    StringBuilder braced = new StringBuilder();
    int from = 0;
    int end = endOfRoot(text, from);
    while (end > 0) {
      braced.append(text, from, end);
      from = end;
      if (end < text.length() && isWord(text.codePointAt(end))) {
        from = text.offsetByCodePoints(end, 1);
        braced.append('{').append(text, end, from).append('}');
      }
      end = endOfRoot(text, from);
    }
    return braced.append(text, from, text.length()).toString();
  }

  /** The offset after the closing bracket of the next root; 0 if there is none. */
  private static int endOfRoot(String text, int from) {
    int begin = text.indexOf(ROOT, from);
    return begin < 0 ? 0 : text.indexOf(']', begin) + 1;
  }

  /** As Python's {@code \\w}. */
  private static boolean isWord(int character) {
    return Character.isLetter(character) || isNumber(character) || character == '_';
  }

  private static boolean isNumber(int character) {
    return switch (Character.getType(character)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
      default -> false;
    };
  }

  /** Of each line what is in dollar signs, then without the commands around texts. */
  private static String unwrapped(String text) {
    return lines(text).map(MinervaMath::unwrappedLine).collect(Collectors.joining("\n"));
  }

  private static String unwrappedLine(String line) {
    int first = line.indexOf('$');
    int second = first < 0 ? -1 : line.indexOf('$', first + 1);
    String text = second < 0 ? line : line.substring(first, second + 1);
    for (String wrapper : WRAPPERS) {
      text = withoutEach(wrapper, text);
    }
    int box = text.indexOf(BOX);
    int end = text.lastIndexOf('}');
    return box < 0 || end < box + BOX.length()
        ? text
        : text.substring(0, box)
            + text.substring(box + BOX.length(), end)
            + text.substring(end + 1);
  }

  private static String withoutEach(String wrapper, String line) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    int begin = line.indexOf(wrapper);
    int end = begin < 0 ? -1 : line.indexOf('}', begin);
    while (end >= 0) {
      text.append(line, from, begin).append(line, begin + wrapper.length(), end);
      from = end + 1;
      begin = line.indexOf(wrapper, from);
      end = begin < 0 ? -1 : line.indexOf('}', begin);
    }
    return text.append(line, from, line.length()).toString();
  }

  /** Without units, also those that touch what is before and after; commands are no units. */
  private static String withoutUnits(String answer) {
    String text = answer;
    for (String unit : REMOVED) {
      text = isWord(unit) ? removeOutsideCommands(text, unit) : text.replace(unit, "");
    }
    return text;
  }

  private static boolean isWord(String unit) {
    return LETTERS.matcher(unit).matches();
  }

  private static String removeOutsideCommands(String text, String word) {
    StringBuilder rest = new StringBuilder();
    int from = 0;
    for (MatchResult command : COMMAND.matcher(text).results().toList()) {
      rest.append(text.substring(from, command.start()).replace(word, "")).append(command.group());
      from = command.end();
    }
    return rest.append(text.substring(from).replace(word, "")).toString();
  }

  private static String rewrite(String text, List<Rewrite> rewrites) {
    String rewritten = text;
    for (Rewrite rewrite : rewrites) {
      rewritten = rewrite.pattern.matcher(rewritten).replaceAll(rewrite.replacement);
    }
    return rewritten;
  }

  private static String withoutThousands(String text) {
    return THOUSANDS.matcher(text).matches() ? text.replace(",", "") : text;
  }

  /** What is replaced by what; a full stop is any character but a line feed. */
  private record Rewrite(Pattern pattern, String replacement) {

    static Rewrite of(String regex, String replacement) {
      return new Rewrite(Pattern.compile(regex, Pattern.UNIX_LINES), replacement);
    }
  }
}
