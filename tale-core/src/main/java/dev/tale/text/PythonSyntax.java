package dev.tale.text;

import com.google.common.base.CharMatcher;
import com.google.common.math.LongMath;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * An expression of Python's {@code re}, written so that Java's engine matches the same on texts,
 * and told what RE2/J would make of it.
 *
 * <p>Implementation note: the languages write nearly the same expressions and read some of them
 * differently. Rewritten here are the classes {@code \w \d \s} and what follows from them (Python's
 * are those of Unicode, with digits of any kind in {@code \w} and no combining marks), {@code \Z}
 * and {@code \v}, names of groups, braces that are no quantifier, {@code {,n}}, and inside of
 * square brackets the characters that Java takes for nested classes and intersections. The rest is
 * the same; what Java cannot read, a conditional group for one, it refuses.
 *
 * <p>RE2/J is not for what it lacks (look-around, references, atomic groups, flags but {@code i}
 * and {@code s}), nor for repetitions of what may be empty, whose groups it fills otherwise. In
 * Java's engine such repetitions can try more ways than there are characters to look at, so that no
 * {@link BoundedText} would stop them: refused are those that must be repeated, and more than
 * {@value #MOST_EMPTY} ways to match nothing.
 */
final class PythonSyntax {
  private static final String WORD = "\\p{L}\\p{N}_";
  private static final String SPACE =
      "\\t-\\r\\x1c-\\x20\\x85\\xa0\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}"
          + "\\x{3000}";

  /** As {@code $} alone, but never taken for anything else. */
  private static final String END = "(?:$)";

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

  /**
   * Escapes that Java's engine alone knows, or reads so: of an edge, a reference, a nested class.
   */
  private static final CharMatcher NOT_LINEAR = CharMatcher.anyOf("bBpPRXhHVGkeN");

  private static final CharMatcher NOT_LINEAR_IN_CLASS = CharMatcher.anyOf("WSpPhHVeN");

  private static final CharMatcher LINEAR_FLAGS = CharMatcher.anyOf("is-");

  private static final int DEEPEST = 100;
  private static final int MOST_EMPTY = 12;

  private static final Pattern QUANTIFIER = Pattern.compile("\\{(\\d*)(,\\d*)?\\}");
  private static final Pattern NAMED_GROUP = Pattern.compile("\\(\\?P<(\\w+)>");
  private static final Pattern NAMED_REFERENCE = Pattern.compile("\\(\\?P=(\\w+)\\)");
  private static final Pattern FLAGS = Pattern.compile("\\(\\?(?<flags>[a-zA-Z-]+)\\)");
  private static final Pattern GROUP =
      Pattern.compile(
          "\\(\\?(?:(?<flags>[a-zA-Z-]*):|(?<around><?[=!])|(?<atomic>>)|<[a-zA-Z]\\w*>)|\\((?!\\?)");

  private final String regex;
  private final StringBuilder java = new StringBuilder();
  private final Map<String, String> names = new HashMap<>();
  private final Deque<Group> groups = new ArrayDeque<>(List.of(new Group(false)));
  private int position;
  private boolean linear = true;
  private boolean refers;
  private boolean verbose;
  private boolean endsBeforeLineFeed;
  private int emptyWays;

  private PythonSyntax(String regex) {
    this.regex = regex;
  }

  /**
   * Reads an expression.
   *
   * @throws PatternSyntaxException if it is none
   */
  static PythonSyntax of(String regex) {
    PythonSyntax syntax = new PythonSyntax(regex);
    syntax.read();
    return syntax;
  }

  /** An open group, or the whole expression; may what is in it be empty, and how much is it? */
  private static final class Group {
    private final boolean lookAround;
    private boolean empty = true;
    private boolean earlierEmpty;
    private boolean lastEmpty = true;
    private boolean hasLast;
    private boolean lastRefers;
    private long size;
    private long lastSize;

    Group(boolean lookAround) {
      this.lookAround = lookAround;
    }

    void add(boolean mayBeEmpty, long newSize) {
      fold();
      lastEmpty = mayBeEmpty;
      lastSize = newSize;
      lastRefers = false;
      hasLast = true;
    }

    void fold() {
      if (hasLast) {
        empty &= lastEmpty;
        size = LongMath.saturatedAdd(size, lastSize);
        hasLast = false;
      }
    }

    /** Returns whether another alternative was empty before. */
    boolean endAlternative() {
      fold();
      boolean again = empty && earlierEmpty;
      earlierEmpty |= empty;
      empty = true;
      return again;
    }
  }

  String java() {
    return java.toString();
  }

  /** As RE2/J is to read it, which knows the end of a line not without its flag. */
  String linear() {
    return java.toString().replace(END, "\\z");
  }

  boolean isLinear() {
    return linear;
  }

  /** Whether it refers to what a group matched. */
  boolean refers() {
    return refers;
  }

  /** Whether a line feed at the end of a text is, in Java's engine, behind an end. */
  boolean endsBeforeLineFeed() {
    return endsBeforeLineFeed;
  }

  /** About how many instructions RE2/J makes, which writes repetitions out. */
  long size() {
    return groups.element().size;
  }

  private void read() {
    while (position < regex.length()) {
      if (groups.size() > DEEPEST) {
        throw new PatternSyntaxException("Groups nest too deep", regex, position);
      }
      switch (regex.charAt(position)) {
        case '\\' -> escape();
        case '[' -> characterClass();
        case '{' -> brace();
        case '(' -> parenthesis();
        case ')' -> endGroup();
        case '|' -> alternative();
        case '*', '+', '?' -> repeat();
        case '^', '$' -> edge();
        default -> literal();
      }
    }
    countEmpty(groups.element().endAlternative());
  }

  private void literal() {
    char literal = regex.charAt(position);
    java.append(literal);
    position++;
    if (verbose && literal == '#') {
      int end = regex.indexOf('\n', position);
      take(regex.substring(position, end < 0 ? regex.length() : end));
    } else if (!verbose || !Character.isWhitespace(literal)) {
      atom(false);
    }
  }

  private void atom(boolean mayBeEmpty) {
    groups.element().add(mayBeEmpty, 1);
  }

  /** A reference to a group, which may be empty, but need not be. */
  private void reference() {
    linear = false;
    refers = true;
    atom(true);
    groups.element().lastRefers = true;
  }

  private void countEmpty(boolean oneMore) {
    if (oneMore && ++emptyWays > MOST_EMPTY) {
      throw new PatternSyntaxException(
          "More than " + MOST_EMPTY + " alternatives or repetitions match nothing", regex, -1);
    }
  }

  private void edge() {
    if (regex.charAt(position) == '$') {
      endsBeforeLineFeed = true;
      java.append(END);
    } else {
      java.append('^');
    }
    position++;
    atom(true);
  }

  private void alternative() {
    countEmpty(groups.element().endAlternative());
    take("|");
  }

  private void endGroup() {
    take(")");
    if (groups.size() > 1) {
      Group ended = groups.pop();
      countEmpty(ended.endAlternative());
      groups.element().add(ended.lookAround || ended.earlierEmpty, ended.size + 2);
    }
  }

  private void repeat() {
    char sign = regex.charAt(position);
    java.append(sign);
    position++;
    repeated(sign == '+' ? 1 : 0, sign == '?' ? 1 : Integer.MAX_VALUE);
  }

  /** Takes note of a repetition, and reads what makes it lazy. */
  private void repeated(int least, int most) {
    Group group = groups.element();
    boolean empty = group.hasLast && group.lastEmpty;
    if (empty && most > 1) {
      linear = false;
    }
    if (empty && least > 1 && !group.lastRefers) {
      throw new PatternSyntaxException(
          "What may be empty is repeated " + least + " times; repeat it from 0", regex, -1);
    }
    countEmpty(empty && least == 0);
    group.lastEmpty |= least == 0;
    int times = most == Integer.MAX_VALUE ? Math.max(1, least) : most;
    group.lastSize =
        LongMath.saturatedAdd(LongMath.saturatedMultiply(group.lastSize, Math.max(1, times)), 1);
    if (regex.startsWith("?", position)) {
      take("?");
    } else if (regex.startsWith("+", position)) {
      linear = false;
      take("+");
    }
  }

  private void escape() {
    char escaped = escape(ESCAPES, NOT_LINEAR);
    if (Character.isDigit(escaped)) {
      reference();
    } else {
      atom(isEdge(escaped));
    }
  }

  private static boolean isEdge(char escaped) {
    return "bBAZzGk".indexOf(escaped) >= 0;
  }

  private char escape(Map<Character, String> escapes, CharMatcher notLinear) {
    if (position + 1 == regex.length()) {
      throw new PatternSyntaxException("Nothing after the last backslash", regex, position);
    }
    char escaped = regex.charAt(position + 1);
    if (escaped == 'Q' || escaped == 'E') {
      throw new PatternSyntaxException("\\" + escaped + " is no escape", regex, position);
    }
    linear &= !Character.isDigit(escaped) && !notLinear.matches(escaped);
    java.append(escapes.getOrDefault(escaped, "\\" + escaped));
    position += 2;
    if (escaped == 'p' || escaped == 'P' || escaped == 'N') {
      property();
    }
    return escaped;
  }

  /** The name in braces, which Python does not have and Java does. */
  private void property() {
    int end = regex.startsWith("{", position) ? regex.indexOf('}', position) + 1 : 0;
    if (end > 0) {
      java.append(regex, position, end);
      position = end;
    }
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
    atom(false);
  }

  private void member() {
    char member = regex.charAt(position);
    if (member == '\\') {
      escape(ESCAPES_IN_CLASS, NOT_LINEAR_IN_CLASS);
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
      atom(false);
      return;
    }
    String least = quantifier.group(1).isEmpty() ? "0" : quantifier.group(1);
    String rest = Objects.requireNonNullElse(quantifier.group(2), "");
    java.append('{').append(least).append(rest).append('}');
    position = quantifier.end();
    int count = count(least);
    repeated(count, rest.isEmpty() ? count : rest.equals(",") ? Integer.MAX_VALUE : count(rest));
  }

  private int count(String digits) {
    String number = digits.replace(",", "");
    if (number.length() > 9) {
      throw new PatternSyntaxException(number + " repetitions are too many", regex, position);
    }
    return Integer.parseInt(number);
  }

  private void parenthesis() {
    Matcher group = NAMED_GROUP.matcher(regex).region(position, regex.length());
    Matcher reference = NAMED_REFERENCE.matcher(regex).region(position, regex.length());
    if (reference.lookingAt()) {
      linear = false;
      java.append("\\k<").append(name(reference.group(1))).append('>');
      position = reference.end();
      reference();
      return;
    }
    if (group.lookingAt()) {
      java.append("(?<").append(name(group.group(1))).append('>');
      position = group.end();
      groups.push(new Group(false));
      return;
    }
    Matcher flags = FLAGS.matcher(regex).region(position, regex.length());
    if (flags.lookingAt()) {
      flags(flags.group("flags"));
      take(flags.group());
    } else {
      openGroup();
    }
  }

  private void openGroup() {
    Matcher group = GROUP.matcher(regex).region(position, regex.length());
    if (!group.lookingAt()) {
      throw new PatternSyntaxException("Unknown kind of group", regex, position);
    }
    flags(Objects.requireNonNullElse(group.group("flags"), ""));
    linear &= group.group("around") == null && group.group("atomic") == null;
    take(group.group());
    groups.push(new Group(group.group("around") != null));
  }

  private void flags(String flags) {
    linear &= LINEAR_FLAGS.matchesAllOf(flags);
    verbose |= flags.contains("x");
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
