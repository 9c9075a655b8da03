package dev.tale.text;

import dev.tale.text.BoundedText.ExhaustedException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a user's, read as Python's {@code re} reads it, see {@link PythonSyntax}.
 * Whatever the expression and the text, it ends, and soon: with its answer or an {@link
 * ExpressionException}.
 *
 * <p>Implementation note: RE2/J runs what it can, in linear time and without recursion. It does not
 * know look-ahead, look-behind (which {@code \b} of Unicode needs), references to groups, and some
 * of what it knows it reads otherwise; those expressions run in the JDK's engine, which tries one
 * way after the other and recurses. Both look at the text through a {@link BoundedText}.
 */
public final class Regex {
  /**
   * Looks at characters that a search of one text may take; less than a second in either engine.
   */
  static final long LOOKS = 50_000_000;

  /** Characters of an expression. */
  private static final int LONGEST = 10_000;

  /** Instructions that RE2/J may make of an expression: its time is their number times the text. */
  private static final int LARGEST = 10_000;

  private final String regex;
  private final Pattern backtracking;
  private final com.google.re2j.@Nullable Pattern linear;
  private final boolean endsBeforeLineFeed;
  private final long looks;

  private Regex(String regex, PythonSyntax syntax) {
    this.regex = regex;
    this.linear = linear(syntax);
    this.endsBeforeLineFeed = syntax.endsBeforeLineFeed();
    // What refers to an empty group may be repeated without a look at the text.
    this.looks = syntax.refers() ? LOOKS / Math.max(1, syntax.size()) : LOOKS;
    // Compiled always: what it refuses is no expression, whichever engine runs it.
    this.backtracking =
        Pattern.compile(syntax.java(), Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES);
  }

  /**
   * Compiles an expression.
   *
   * @throws PatternSyntaxException if it is not one, or none that Java has, or none that can be
   *     trusted to end
   */
  public static Regex compile(String regex) {
    if (regex.length() > LONGEST) {
      throw new PatternSyntaxException(
          "The expression has " + regex.length() + " characters, more than " + LONGEST,
          Excerpt.of(regex),
          -1);
    }
    try {
      return new Regex(regex, PythonSyntax.of(regex));
    } catch (PatternSyntaxException e) {
      // The position is that in the rewritten expression, which the user has never seen.
      PatternSyntaxException own = new PatternSyntaxException(e.getDescription(), regex, -1);
      own.initCause(e);
      throw own;
    }
  }

  private static com.google.re2j.@Nullable Pattern linear(PythonSyntax syntax) {
    if (!syntax.isLinear() || syntax.size() > LARGEST) {
      return null;
    }
    try {
      return com.google.re2j.Pattern.compile(syntax.linear());
    } catch (com.google.re2j.PatternSyntaxException e) {
      return null;
    }
  }

  /** Returns the expression as it was given. */
  public String pattern() {
    return regex;
  }

  /** Whether this runs in linear time on a text. */
  boolean isLinear(String text) {
    return linear != null && !(endsBeforeLineFeed && text.endsWith("\n"));
  }

  /**
   * Returns the whole text and its groups, if the expression matches all of the text; a null stands
   * for a group that took no part.
   *
   * @return null if it does not
   * @throws ExpressionException if that is too much work
   */
  public @Nullable List<@Nullable String> whole(String text) {
    return bounded(text, scan -> scan.matches() ? scan.match() : null);
  }

  /**
   * Returns whether the expression matches all of the text.
   *
   * @throws ExpressionException if that is too much work
   */
  public boolean matches(String text) {
    return bounded(text, Scan::matches);
  }

  /**
   * Returns every match in turn and its groups, see {@link #whole}.
   *
   * @throws ExpressionException if that is too much work
   */
  public List<List<@Nullable String>> all(String text) {
    return bounded(
        text,
        scan -> {
          List<List<@Nullable String>> all = new ArrayList<>();
          while (scan.find()) {
            all.add(scan.match());
          }
          return all;
        });
  }

  /**
   * Returns the text without every match.
   *
   * @throws ExpressionException if that is too much work
   */
  public String removedFrom(String text) {
    return bounded(
        text,
        scan -> {
          StringBuilder rest = new StringBuilder();
          int from = 0;
          while (scan.find()) {
            rest.append(text, from, scan.start());
            from = scan.end();
          }
          return rest.append(text, from, text.length()).toString();
        });
  }

  private <T> T bounded(String text, Function<Scan, T> use) {
    try {
      return use.apply(scan(text));
    } catch (ExhaustedException e) {
      throw refusal(text, "takes more than " + LOOKS + " steps");
    } catch (StackOverflowError e) {
      throw refusal(text, "nests deeper than the stack can hold");
    }
  }

  private Scan scan(String text) {
    if (linear != null && isLinear(text)) {
      long each = Math.max(1, linear.programSize() / 10);
      return new Scan.Linear(linear.matcher(new BoundedText(text, LOOKS / each)));
    }
    return new Scan.Backtracking(backtracking.matcher(new BoundedText(text, looks)));
  }

  private ExpressionException refusal(String text, String problem) {
    return new ExpressionException(
        String.format(
            "The expression %s %s on a text of %d characters, \"%s\"; write it without"
                + " repetitions inside one another%s, or shorten the text",
            Excerpt.of(regex),
            problem,
            text.length(),
            Excerpt.of(text),
            isLinear(text) ? "" : ", and without \\b, look-around, references and (?m)"));
  }

  @Override
  public String toString() {
    return regex;
  }
}
