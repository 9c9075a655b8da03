package dev.tale.math;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

  private static final String END = "I hope it is correct.";

  // The full stops are any character, as the harness has them.
  private static final Pattern FINAL_ANSWER =
      Pattern.compile(
          "Final Answer: The final answer is(.*?). I hope it is correct.", Pattern.UNIX_LINES);

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
  private static final Pattern THOUSANDS = Pattern.compile("-?\\p{Nd}{1,3}(?:,\\p{Nd}{3})+");

  /** Unit words that stand by themselves. */
  private static final List<Rewrite> WORDS =
      REMOVED.stream()
          .filter(MinervaMath::isWord)
          .map(word -> Rewrite.of("(?<![\\\\\\p{L}\\p{N}_])" + word + "(?![\\p{L}\\p{N}_])", ""))
          .toList();

  /** What is in dollar signs, and what is text, in bold, under a line or in a box. */
  private static final List<Rewrite> WRAPPED =
      List.of(
          Rewrite.of("(.*?)(\\$)(.*?)(\\$)(.*)", "\\$$3\\$"),
          Rewrite.of("(\\\\text\\{)(.*?)(\\})", "$2"),
          Rewrite.of("(\\\\textbf\\{)(.*?)(\\})", "$2"),
          Rewrite.of("(\\\\overline\\{)(.*?)(\\})", "$2"),
          Rewrite.of("(\\\\boxed\\{)(.*)(\\})", "$2"));

  /** Fractions and roots without braces around their arguments. */
  private static final List<Rewrite> SHORTHAND =
      List.of(
          Rewrite.of("(frac)([^{])(.)", "frac{$2}{$3}"),
          Rewrite.of("(sqrt)(\\[[^\\]]*\\])([\\p{L}\\p{N}_])", "$1$2{$3}"),
          Rewrite.of("(sqrt)(?!\\[)([^{])", "sqrt{$2}"));

  private MinervaMath() {}

  /**
   * Returns the normal form of the answer that a text names as its final one; of {@link #INVALID}
   * if there is none.
   */
  public static String answer(String text) {
    Matcher matcher = FINAL_ANSWER.matcher(text + END);
    return normalized(matcher.find() ? PythonWhitespace.trim(matcher.group(1)) : INVALID);
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
    text = rewrite(rewrite(withoutUnits(text), WRAPPED), SHORTHAND);
    return withoutThousands(text.replace("$", ""));
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
