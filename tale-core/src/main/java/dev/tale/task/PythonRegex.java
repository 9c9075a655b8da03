package dev.tale.task;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Compiles a regular expression so that it matches what Python's {@code re} matches on texts.
 *
 * <p>Implementation note: the two languages write nearly the same expressions and read some of them
 * differently. Rewritten here are the classes {@code \w \d \s} and what follows from them (Python's
 * are those of Unicode, with digits of any kind in {@code \w} and no combining marks), {@code \Z}
 * and {@code \v}, names of groups, braces that are no quantifier, {@code {,n}}, and inside of
 * square brackets the characters that Java takes for nested classes and intersections. The rest is
 * the same; what Java cannot read, a conditional group for one, it refuses.
 */
final class PythonRegex {
  private static final String WORD = "\\p{L}\\p{N}_";
  private static final String SPACE = "\\s\\x1c-\\x1f";
  private static final String EDGE =
      "(?:(?<=[" + WORD + "])(?![" + WORD + "])|(?<![" + WORD + "])(?=[" + WORD + "]))";
  private static final String NO_EDGE =
      "(?:(?<=[" + WORD + "])(?=[" + WORD + "])|(?<![" + WORD + "])(?![" + WORD + "]))";

  private static final Map<Character, String> ESCAPES =
      Map.of(
          'w',
          "[" + WORD + "]",
          'W',
          "[^" + WORD + "]",
          'd',
          "\\p{Nd}",
          'D',
          "\\P{Nd}",
          's',
          "[" + SPACE + "]",
          'S',
          "[^" + SPACE + "]",
          'b',
          EDGE,
          'B',
          NO_EDGE,
          'v',
          "\\x0b",
          'Z',
          "\\z");

  private static final Map<Character, String> ESCAPES_IN_CLASS =
      Map.of(
          'w',
          WORD,
          'W',
          "[^" + WORD + "]",
          'd',
          "\\p{Nd}",
          'D',
          "\\P{Nd}",
          's',
          SPACE,
          'S',
          "[^" + SPACE + "]",
          'b',
          "\\x08",
          'v',
          "\\x0b");

  private static final Pattern QUANTIFIER = Pattern.compile("\\{(\\d*)(,\\d*)?\\}");
  private static final Pattern NAMED_GROUP = Pattern.compile("\\(\\?P<(\\w+)>");
  private static final Pattern NAMED_REFERENCE = Pattern.compile("\\(\\?P=(\\w+)\\)");

  private final String regex;
  private final StringBuilder java = new StringBuilder();
  private final Map<String, String> names = new HashMap<>();
  private int position;

  private PythonRegex(String regex) {
    this.regex = regex;
  }

  /**
   * Compiles an expression.
   *
   * @throws PatternSyntaxException if it is not one, or none that Java has
   */
  static Pattern compile(String regex) {
    try {
      return Pattern.compile(
          new PythonRegex(regex).translated(),
          Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES);
    } catch (PatternSyntaxException e) {
      // The position is that in the rewritten expression, which the user has never seen.
      PatternSyntaxException own = new PatternSyntaxException(e.getDescription(), regex, -1);
      own.initCause(e);
      throw own;
    }
  }

  private String translated() {
    while (position < regex.length()) {
      switch (regex.charAt(position)) {
        case '\\' -> escape(ESCAPES);
        case '[' -> characterClass();
        case '{' -> brace();
        case '(' -> parenthesis();
        default -> java.append(regex.charAt(position++));
      }
    }
    return java.toString();
  }

  private void escape(Map<Character, String> escapes) {
    if (position + 1 == regex.length()) {
      throw new PatternSyntaxException("Nothing after the last backslash", regex, position);
    }
    char escaped = regex.charAt(position + 1);
    java.append(escapes.getOrDefault(escaped, "\\" + escaped));
    position += 2;
  }

  private void characterClass() {
    take("[");
    take("^");
    // A bracket that closes an empty class is a member of it.
    if (regex.startsWith("]", position)) {
      java.append('\\');
      take("]");
    }
    while (position < regex.length() && regex.charAt(position) != ']') {
      member();
    }
    take("]");
  }

  private void member() {
    char member = regex.charAt(position);
    if (member == '\\') {
      escape(ESCAPES_IN_CLASS);
      return;
    }
    if (member == '[' || member == '&') {
      java.append('\\');
    }
    java.append(member);
    position++;
  }

  private void brace() {
    Matcher quantifier = QUANTIFIER.matcher(regex).region(position, regex.length());
    if (!quantifier.lookingAt() || quantifier.group().equals("{}")) {
      java.append("\\{");
      position++;
      return;
    }
    java.append(quantifier.group(1).isEmpty() ? "{0" : "{" + quantifier.group(1));
    java.append(quantifier.group(2) == null ? "" : quantifier.group(2)).append('}');
    position = quantifier.end();
  }

  private void parenthesis() {
    Matcher group = NAMED_GROUP.matcher(regex).region(position, regex.length());
    Matcher reference = NAMED_REFERENCE.matcher(regex).region(position, regex.length());
    if (group.lookingAt()) {
      java.append("(?<").append(name(group.group(1))).append('>');
      position = group.end();
    } else if (reference.lookingAt()) {
      java.append("\\k<").append(name(reference.group(1))).append('>');
      position = reference.end();
    } else {
      take("(");
    }
  }

  /** A name that Java has: of letters and digits, without an underscore. */
  private String name(String name) {
    return names.computeIfAbsent(name, added -> "name" + names.size());
  }

  private void take(String text) {
    if (regex.startsWith(text, position)) {
      java.append(text);
      position += text.length();
    }
  }
}
