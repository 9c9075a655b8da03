package dev.tale.task;

import dev.tale.math.Boxed;
import dev.tale.math.FinalInteger;
import dev.tale.math.HendrycksMath;
import dev.tale.math.MinervaMath;
import dev.tale.math.Numeral;
import dev.tale.math.PythonWhitespace;
import dev.tale.text.Regex;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Takes the answer out of a generated text. Extractions are put in a row with {@link #then}.
 *
 * <p>Regular expressions are read as Python's {@code re} reads them, so that those of
 * lm-evaluation-harness mean the same here: {@code \w}, {@code \d}, {@code \s} and {@code \b} are
 * those of Unicode, only {@code \n} ends a line, {@code \Z} is the end of the text, and {@code
 * (?P<name>...)} is a group. What Java cannot do, such as {@code (?(1)...)}, is refused.
 *
 * <p>Every expression ends on every text, by RE2/J in linear time where it can: one that is too
 * much work for the JDK's engine, as some with look-around, {@code \b} or references are, is an
 * IllegalArgumentException with row and expression.
 */
public final class Extraction {
  /** The answer of a text in which a regular expression finds nothing. */
  public static final String INVALID = "[invalid]";

  private final String description;
  private final UnaryOperator<String> function;
  private final List<String> ends;

  private Extraction(String description, UnaryOperator<String> function) {
    this(description, function, List.of());
  }

  private Extraction(String description, UnaryOperator<String> function, List<String> ends) {
    this.description = description;
    this.function = function;
    this.ends = ends;
  }

  /** Returns the extraction that takes the whole text as it is. */
  public static Extraction asIs() {
    return new Extraction("as_is", text -> text);
  }

  /** Returns the extraction that takes the text without white space at both ends. */
  public static Extraction trimmed() {
    return new Extraction("trimmed", PythonWhitespace::trim);
  }

  /** Returns the extraction that takes what is before the first line feed, trimmed. */
  public static Extraction firstLine() {
    return new Extraction(
        "first_line", text -> PythonWhitespace.trim(text.split("\n", 2)[0]), List.of("\n"));
  }

  /**
   * Returns the extraction that takes the first match, trimmed: the whole match of an expression
   * without groups, the group of an expression with one, the first group that is not empty of an
   * expression with several; {@link #INVALID} if there is none.
   *
   * @throws java.util.regex.PatternSyntaxException if the expression is not one
   */
  public static Extraction firstMatch(String regex) {
    Matches matches = new Matches(Regex.compile(regex));
    return new Extraction(
        "first_match(" + NameCheck.quote(regex) + ")", text -> matches.at(0, text));
  }

  /**
   * Returns the extraction that takes the last match, with groups as in {@link #firstMatch}.
   *
   * @throws java.util.regex.PatternSyntaxException if the expression is not one
   */
  public static Extraction lastMatch(String regex) {
    Matches matches = new Matches(Regex.compile(regex));
    return new Extraction(
        "last_match(" + NameCheck.quote(regex) + ")", text -> matches.at(-1, text));
  }

  /**
   * Returns the extraction that takes one of the matches, with groups as in {@link #firstMatch};
   * {@link #INVALID} if there are not so many.
   *
   * @param index position of the match, from 0; negative from the last match, which is -1
   * @throws java.util.regex.PatternSyntaxException if the expression is not one
   */
  public static Extraction match(String regex, int index) {
    Matches matches = new Matches(Regex.compile(regex));
    return new Extraction(
        "match(" + NameCheck.quote(regex) + ", " + index + ")", text -> matches.at(index, text));
  }

  /**
   * Returns the extraction that takes what is before each of the strings in turn: everything from
   * its first occurrence on is dropped, and the next is looked for in what is left.
   *
   * @throws IllegalArgumentException if a string is empty
   */
  public static Extraction before(String... stops) {
    List<String> all = Decoding.until(stops).stops();
    String quoted = all.stream().map(NameCheck::quote).collect(Collectors.joining(", "));
    return new Extraction("before(" + quoted + ")", text -> cut(text, all), all);
  }

  private static String cut(String text, List<String> stops) {
    String rest = text;
    for (String stop : stops) {
      int end = rest.indexOf(stop);
      rest = end < 0 ? rest : rest.substring(0, end);
    }
    return rest;
  }

  /** Returns the extraction that takes the text in lower case. */
  public static Extraction lowerCase() {
    return new Extraction("lower_case", text -> text.toLowerCase(Locale.ROOT));
  }

  /** Returns the extraction that takes the text in upper case. */
  public static Extraction upperCase() {
    return new Extraction("upper_case", text -> text.toUpperCase(Locale.ROOT));
  }

  /**
   * Returns the extraction that takes the content of the last {@code \boxed{...}} of a solution,
   * else of the last {@code \fbox{...}}; {@link #INVALID} if there is none.
   */
  public static Extraction boxed() {
    return new Extraction("boxed", text -> Boxed.content(text).orElse(INVALID));
  }

  /**
   * Returns the extraction of {@code hendrycks_math500}: what is between the first and the last
   * dollar sign, the whole text if there are not two. {@link Metric#hendrycksMath} compares.
   */
  public static Extraction hendrycksMath() {
    return new Extraction("hendrycks_math", HendrycksMath::answer);
  }

  /**
   * Returns the extraction of {@code minerva_math500}: what is between "Final Answer: The final
   * answer is" and "I hope it is correct", in its normal form; {@code [invalidanswer]} without
   * these words. {@link Metric#minervaMath} compares.
   */
  public static Extraction minervaMath() {
    return new Extraction("minerva_math", MinervaMath::answer);
  }

  /** Returns the extraction that takes the last number, as it is written; else {@link #INVALID}. */
  public static Extraction lastNumber() {
    return new Extraction("last_number", text -> Numeral.last(text).orElse(INVALID));
  }

  /**
   * Returns the extraction of the search scripts of TALE for both mathematics tasks: the first
   * number after the last {@code ####}, else the last number of the text without its commas, cut to
   * an integer; {@link #INVALID} if there is none. {@code #### 1,234} is 1 there, and so here.
   */
  public static Extraction finalInteger() {
    return new Extraction("final_integer", text -> FinalInteger.of(text).orElse(INVALID));
  }

  /**
   * Returns an extraction of the user's own.
   *
   * @param name stands for the function in {@link Task#contentHash}: change it when the function
   *     changes
   * @param function gives the same answer for the same text, never null
   * @throws IllegalArgumentException if the name is blank
   */
  public static Extraction named(String name, UnaryOperator<String> function) {
    String checked = NameCheck.check("The extraction", name);
    return new Extraction("named(" + NameCheck.quote(checked) + ")", function);
  }

  /** Returns this extraction followed by another one on what this one took. */
  public Extraction then(Extraction next) {
    return new Extraction(
        description + " | " + next.description, text -> next.extract(extract(text)), ends);
  }

  /**
   * Returns the strings that decide the answer where they appear: whatever follows the first of
   * them in a text, the answer is that of the text before it.
   */
  List<String> ends() {
    return ends;
  }

  /**
   * Returns the answer in a generated text.
   *
   * @throws NullPointerException if a function of the user's own returned null
   * @throws IllegalArgumentException if an expression is too much work on the text
   */
  public String extract(String text) {
    return Objects.requireNonNull(
        function.apply(text), () -> "Extraction " + description + " returned null; return a text");
  }

  /** The description of this extraction; two with the same one do the same. */
  public String description() {
    return description;
  }

  @Override
  public String toString() {
    return description;
  }
}
