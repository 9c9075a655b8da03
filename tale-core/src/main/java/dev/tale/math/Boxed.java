package dev.tale.math;

import java.util.Optional;

/**
 * The content of the last {@code \boxed{...}} of a solution, else of the last {@code \fbox{...}},
 * with its braces matched. A solution with {@code \boxed } and a space anywhere has the text after
 * the last of these, up to a dollar sign, as the harness has it.
 */
public final class Boxed {
  private static final String BARE = "\\boxed ";

  private Boxed() {}

  /** Returns the content, empty if there is no box, or its braces do not match. */
  public static Optional<String> content(String solution) {
    int bare = solution.lastIndexOf(BARE);
    if (bare >= 0) {
      String rest = solution.substring(bare + BARE.length());
      int dollar = rest.indexOf('$');
      return Optional.of(dollar < 0 ? rest : rest.substring(0, dollar));
    }
    String box = solution.contains("\\boxed") ? "\\boxed" : "\\fbox";
    int start = solution.lastIndexOf(box) + box.length();
    return solution.startsWith(box + "{", start - box.length())
        ? inBraces(solution, start)
        : Optional.empty();
  }

  private static Optional<String> inBraces(String text, int start) {
    int depth = 0;
    for (int i = start; i < text.length(); i++) {
      if (text.charAt(i) == '{') {
        depth++;
      } else if (text.charAt(i) == '}' && --depth == 0) {
        return Optional.of(text.substring(start + 1, i));
      }
    }
    return Optional.empty();
  }
}
