package dev.tale.onnx.text;

import com.google.common.base.CharMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the part of Oniguruma's syntax that tokenizers use, and how it is matched. Whatever else
 * there is, such as references to groups, is refused.
 */
final class OnigurumaParser {
  private static final int MAX_DEPTH = 30;
  private static final Pattern BOUNDS = Pattern.compile("\\{(\\d{1,6})?(,)?(\\d{1,6})?\\}");
  private static final Pattern CLASS_ESCAPE =
      Pattern.compile(
          "\\\\(?:[dDwWsShH]|[pP]\\{\\^?[A-Za-z0-9_ -]{1,40}\\}|[nrtfvae]"
              + "|x[0-9A-Fa-f]{2}|x\\{[0-9A-Fa-f]{1,6}\\}|u[0-9A-Fa-f]{4}|[^A-Za-z0-9])",
          Pattern.DOTALL);
  private static final Pattern POSIX = Pattern.compile("\\[:\\^?[a-z]{1,10}:\\]");
  private static final Pattern GROUP =
      Pattern.compile("\\((?:\\?(?::|=|!|<=|<!|>|[im]{0,2}(?:-[im]{1,2})?:))?");
  private static final Pattern OPTIONS = Pattern.compile("^\\(\\?[im]{1,2}\\)");
  private static final CharMatcher SPECIAL = CharMatcher.anyOf("*+?{|)");

  private final String source;
  private final List<String> alternatives = new ArrayList<>();
  private final List<Matching> matchings = new ArrayList<>();
  private int at;
  private int depth;

  OnigurumaParser(String source) {
    this.source = source;
  }

  /** Returns the alternatives of the whole expression, in the order of {@link #matchings}. */
  List<String> alternatives() {
    return alternatives;
  }

  List<Matching> matchings() {
    return matchings;
  }

  Matching parse() throws UnsafeExpressionException {
    Matcher options = OPTIONS.matcher(source);
    if (options.find()) {
      at = options.end();
    }
    Matching whole = alternation(true);
    if (at < source.length()) {
      throw unknown();
    }
    return whole;
  }

  private Matching alternation(boolean outermost) throws UnsafeExpressionException {
    Matching all = null;
    do {
      int start = at;
      Matching one = sequence();
      if (outermost) {
        alternatives.add(source.substring(start, at));
        matchings.add(one);
      }
      all = all == null ? one : all.or(one);
    } while (take("|"));
    return all;
  }

  private Matching sequence() throws UnsafeExpressionException {
    List<Matching> parts = new ArrayList<>();
    while (at < source.length() && source.charAt(at) != '|' && source.charAt(at) != ')') {
      parts.add(quantified());
    }
    Matching sequence = Matching.NOTHING;
    for (int i = parts.size() - 1; i >= 0; i--) {
      sequence = i == parts.size() - 1 ? parts.get(i) : parts.get(i).then(sequence);
    }
    return sequence;
  }

  private Matching quantified() throws UnsafeExpressionException {
    Matching atom = atom();
    int least;
    long most;
    Matcher bounds = BOUNDS.matcher(source).region(at, source.length());
    boolean braces = bounds.lookingAt();
    if (take("?")) {
      least = 0;
      most = 1;
    } else if (take("*")) {
      least = 0;
      most = Matching.UNBOUNDED;
    } else if (take("+")) {
      least = 1;
      most = Matching.UNBOUNDED;
    } else if (braces && (bounds.group(1) != null || bounds.group(3) != null)) {
      at = bounds.end();
      least = bounds.group(1) == null ? 0 : Integer.parseInt(bounds.group(1));
      most = bounds.group(2) == null ? least : Matching.UNBOUNDED;
      most = bounds.group(3) == null ? most : Integer.parseInt(bounds.group(3));
    } else {
      return atom;
    }
    Matching repeated = atom.repeated(least, most);
    if (!braces && take("+")) {
      repeated = repeated.once();
    } else {
      take("?");
    }
    if (at < source.length() && "?*+{".indexOf(source.charAt(at)) >= 0) {
      throw unknown();
    }
    return repeated;
  }

  private Matching atom() throws UnsafeExpressionException {
    char first = source.charAt(at);
    return switch (first) {
      case '(' -> group();
      case '[' -> {
        characterClass();
        yield Matching.CHARACTER;
      }
      case '^', '$' -> {
        at++;
        yield Matching.PLACE;
      }
      case '\\' -> escape();
      default -> {
        if (SPECIAL.matches(first)) {
          throw unknown();
        }
        at += Character.charCount(source.codePointAt(at));
        yield Matching.CHARACTER;
      }
    };
  }

  private Matching escape() throws UnsafeExpressionException {
    if (take("\\b") || take("\\B") || take("\\A") || take("\\z") || take("\\Z")) {
      return Matching.PLACE;
    }
    classEscape();
    return Matching.CHARACTER;
  }

  private void classEscape() throws UnsafeExpressionException {
    Matcher escape = CLASS_ESCAPE.matcher(source).region(at, source.length());
    if (!escape.lookingAt()) {
      throw unknown();
    }
    at = escape.end();
  }

  private void characterClass() throws UnsafeExpressionException {
    enter();
    at++;
    take("^");
    if (at < source.length() && source.charAt(at) == ']') {
      throw unknown();
    }
    while (!take("]")) {
      if (at >= source.length()) {
        throw unknown();
      }
      Matcher posix = POSIX.matcher(source).region(at, source.length());
      if (posix.lookingAt()) {
        at = posix.end();
      } else if (source.charAt(at) == '[') {
        characterClass();
      } else if (source.charAt(at) == '\\') {
        classEscape();
      } else {
        at++;
      }
    }
    depth--;
  }

  private Matching group() throws UnsafeExpressionException {
    enter();
    Matcher opening = GROUP.matcher(source).region(at, source.length());
    if (!opening.lookingAt()) {
      throw unknown();
    }
    at = opening.end();
    if (opening.group().equals("(") && at < source.length() && source.charAt(at) == '?') {
      throw unknown();
    }
    Matching inner = alternation(false);
    if (!take(")")) {
      throw unknown();
    }
    depth--;
    return switch (opening.group()) {
      case "(?=", "(?!" -> inner.looked();
      case "(?<=", "(?<!" -> {
        if (inner.max() >= Matching.UNBOUNDED) {
          throw unknown();
        }
        yield inner.looked();
      }
      case "(?>" -> inner.once();
      default -> inner;
    };
  }

  private void enter() throws UnsafeExpressionException {
    if (++depth > MAX_DEPTH) {
      throw new UnsafeExpressionException("its groups are more than " + MAX_DEPTH + " deep");
    }
  }

  private boolean take(String token) {
    boolean there = source.startsWith(token, at);
    at += there ? token.length() : 0;
    return there;
  }

  private UnsafeExpressionException unknown() {
    return new UnsafeExpressionException(
        at < source.length()
            ? "what follows its character " + at + " is not known here"
            : "it ends too early");
  }
}
