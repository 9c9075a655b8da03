package dev.tale.task;

import dev.tale.text.Regex;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The metric {@code exact_match} of lm-evaluation-harness. On answer and reference alike, what is
 * to be ignored is removed first, expression after expression; then case; then ASCII punctuation;
 * what is left must be equal. Nothing is trimmed: that is for {@link Extraction}. Independent of
 * the default locale. Regular expressions are read as in {@link Extraction}.
 */
public final class ExactMatch implements AnswerMetric {
  static final ExactMatch STRICT = new ExactMatch(List.of(), false, false);

  /** The 32 characters of Python's string.punctuation. */
  private static final Pattern PUNCTUATION = Pattern.compile("\\p{Punct}");

  private final List<Regex> ignored;
  private final boolean ignoreCase;
  private final boolean ignorePunctuation;

  private ExactMatch(List<Regex> ignored, boolean ignoreCase, boolean ignorePunctuation) {
    this.ignored = ignored;
    this.ignoreCase = ignoreCase;
    this.ignorePunctuation = ignorePunctuation;
  }

  /**
   * Returns this metric with more regular expressions whose matches are removed, in this order.
   *
   * @throws java.util.regex.PatternSyntaxException if an expression is not one
   */
  public ExactMatch ignoring(String... regexes) {
    Stream<Regex> more = Stream.of(regexes).map(Regex::compile);
    return new ExactMatch(
        Stream.concat(ignored.stream(), more).toList(), ignoreCase, ignorePunctuation);
  }

  /** Returns this metric without regard to case. */
  public ExactMatch ignoringCase() {
    return new ExactMatch(ignored, true, ignorePunctuation);
  }

  /** Returns this metric without regard to ASCII punctuation. */
  public ExactMatch ignoringPunctuation() {
    return new ExactMatch(ignored, ignoreCase, true);
  }

  @Override
  public String name() {
    return "exact_match";
  }

  @Override
  public String description() {
    return ignored.stream()
            .map(regex -> NameCheck.quote(regex.pattern()))
            .collect(Collectors.joining(", ", "exact_match(ignoring [", "]"))
        + (ignoreCase ? ", ignoring case" : "")
        + (ignorePunctuation ? ", ignoring punctuation" : "")
        + ")";
  }

  /** Returns whether the answer equals the reference after what is ignored is gone from both. */
  @Override
  public boolean matches(String answer, String reference) {
    return normalized(answer).equals(normalized(reference));
  }

  private String normalized(String text) {
    String rest = text;
    for (Regex regex : ignored) {
      rest = regex.removedFrom(rest);
    }
    rest = ignoreCase ? rest.toLowerCase(Locale.ROOT) : rest;
    return ignorePunctuation ? PUNCTUATION.matcher(rest).replaceAll("") : rest;
  }

  @Override
  public String toString() {
    return description();
  }
}
