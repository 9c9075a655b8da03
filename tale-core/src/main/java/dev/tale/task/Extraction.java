package dev.tale.task;

import com.google.common.base.CharMatcher;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Takes the answer out of a generated text. Extractions are put in a row with {@link #then}.
 *
 * <p>Regular expressions are Java's, with the two flags that make them read a text as Python's do:
 * {@code \w}, {@code \d}, {@code \s} and {@code \b} are those of Unicode, and only {@code \n} ends
 * a line.
 */
public final class Extraction {
  /** The answer of a text in which a regular expression finds nothing. */
  public static final String INVALID = "[invalid]";

  /** White space as Python's str.strip() has it. */
  private static final CharMatcher WHITESPACE =
      CharMatcher.whitespace().or(CharMatcher.inRange('\u001c', '\u001f'));

  private final String description;
  private final UnaryOperator<String> function;

  private Extraction(String description, UnaryOperator<String> function) {
    this.description = description;
    this.function = function;
  }

  /** Returns the extraction that takes the whole text as it is. */
  public static Extraction asIs() {
    return new Extraction("as_is", text -> text);
  }

  /** Returns the extraction that takes the text without white space at both ends. */
  public static Extraction trimmed() {
    return new Extraction("trimmed", WHITESPACE::trimFrom);
  }

  /** Returns the extraction that takes what is before the first line feed, trimmed. */
  public static Extraction firstLine() {
    return new Extraction("first_line", text -> WHITESPACE.trimFrom(text.split("\n", 2)[0]));
  }

  /**
   * Returns the extraction that takes the first match, trimmed: the whole match of an expression
   * without groups, the group of an expression with one, the first group that is not empty of an
   * expression with several; {@link #INVALID} if there is none.
   *
   * @throws java.util.regex.PatternSyntaxException if the expression is not one
   */
  public static Extraction firstMatch(String regex) {
    Matches matches = new Matches(compile(regex));
    return new Extraction("first_match(" + Names.quote(regex) + ")", matches::first);
  }

  /**
   * Returns the extraction that takes the last match, with groups as in {@link #firstMatch}.
   *
   * @throws java.util.regex.PatternSyntaxException if the expression is not one
   */
  public static Extraction lastMatch(String regex) {
    Matches matches = new Matches(compile(regex));
    return new Extraction("last_match(" + Names.quote(regex) + ")", matches::last);
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
    String checked = Names.check("The extraction", name);
    return new Extraction("named(" + Names.quote(checked) + ")", function);
  }

  /** Returns this extraction followed by another one on what this one took. */
  public Extraction then(Extraction next) {
    return new Extraction(
        description + " | " + next.description, text -> next.extract(extract(text)));
  }

  /**
   * Returns the answer in a generated text.
   *
   * @throws NullPointerException if a function of the user's own returned null
   */
  public String extract(String text) {
    return Objects.requireNonNull(
        function.apply(text), () -> "Extraction " + description + " returned null; return a text");
  }

  /** Returns what this extraction does; two with the same description do the same. */
  public String description() {
    return description;
  }

  @Override
  public String toString() {
    return description;
  }

  static Pattern compile(String regex) {
    return Pattern.compile(regex, Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES);
  }

  static String trim(String text) {
    return WHITESPACE.trimFrom(text);
  }

  static boolean startsWithWhitespace(String text) {
    return !text.isEmpty() && WHITESPACE.matches(text.charAt(0));
  }

  static boolean endsInWhitespace(String text) {
    return !text.isEmpty() && WHITESPACE.matches(text.charAt(text.length() - 1));
  }
}
