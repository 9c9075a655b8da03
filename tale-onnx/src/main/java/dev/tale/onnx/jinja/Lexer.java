package dev.tale.onnx.jinja;

import dev.tale.onnx.jinja.Token.Kind;
import dev.tale.onnx.jinja.value.TemplateException;
import dev.tale.onnx.jinja.value.Whitespace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A template to tokens, white space already trimmed: a line break after a tag or comment, blanks
 * before one that begins its line, and what {@code -} asks for.
 */
final class Lexer {
  /** Python's {@code \s} for text. */
  private static final String SPACE =
      "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";

  private static final Pattern LINE_BREAK = Pattern.compile("\\r\\n|\\r");
  private static final Pattern BEGIN =
      Pattern.compile(
          "\\{%([-+]?)" + SPACE + "*raw" + SPACE + "*(-%\\}" + SPACE + "*|%\\})|\\{([%{#])([-+]?)");
  private static final Pattern COMMENT_END =
      Pattern.compile("\\+#\\}|-#\\}" + SPACE + "*|#\\}\\n?");
  private static final Pattern TAG_END = Pattern.compile("\\+%\\}|-%\\}" + SPACE + "*|%\\}\\n?");
  private static final Pattern OUTPUT_END = Pattern.compile("-\\}\\}" + SPACE + "*|\\}\\}");
  private static final Pattern RAW_END =
      Pattern.compile(
          "\\{%([-+]?)" + SPACE + "*endraw" + SPACE + "*(?:\\+%\\}|-%\\}" + SPACE + "*|%\\}\\n?)");

  private static final Pattern BLANK = Pattern.compile(SPACE + "+");
  private static final Pattern FLOAT =
      Pattern.compile("\\d[\\d_]*(?:(?:\\.\\d[\\d_]*)?[eE][-+]?\\d[\\d_]*|\\.\\d[\\d_]*)");
  private static final Pattern INTEGER = Pattern.compile("0[bBoOxX][\\w]+|\\d[\\d_]*");
  private static final Pattern NAME =
      Pattern.compile("[\\w&&\\D]\\w*", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern STRING =
      Pattern.compile(
          "'([^'\\\\]*(?:\\\\.[^'\\\\]*)*)'|\"([^\"\\\\]*(?:\\\\.[^\"\\\\]*)*)\"", Pattern.DOTALL);
  private static final Pattern OPERATOR =
      Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+*/%~\\[\\](){}<>=.:|,;]");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private final Deque<Character> open = new ArrayDeque<>();
  private int position;
  private int line = 1;
  private boolean atLineStart = true;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String template) {
    String source = LINE_BREAK.matcher(template).replaceAll("\n");
    Lexer lexer =
        new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
    lexer.readAll();
    return lexer.tokens;
  }

  private void readAll() {
    Matcher begin = BEGIN.matcher(source);
    while (begin.find(position)) {
      String text = source.substring(position, begin.start());
      boolean raw = begin.group(3) == null;
      String sign = raw ? begin.group(1) : begin.group(4);
      addText(trimmed(text, sign, !"{".equals(begin.group(3))));
      moveTo(begin.end());
      if (raw) {
        readRaw();
      } else if (begin.group(3).equals("#")) {
        moveTo(end(COMMENT_END, "{#", "#}"));
      } else {
        readInside(begin.group(3).equals("%"));
      }
    }
    addText(source.substring(position));
    add(Kind.END, "");
  }

  private String trimmed(String text, String sign, boolean isTag) {
    if (sign.equals("-")) {
      return Whitespace.stripTrailing(text);
    }
    int lineStart = text.lastIndexOf('\n') + 1;
    boolean beginsLine = lineStart > 0 || atLineStart;
    return isTag && !sign.equals("+") && beginsLine && Whitespace.isBlank(text.substring(lineStart))
        ? text.substring(0, lineStart)
        : text;
  }

  private void readRaw() {
    Matcher end = RAW_END.matcher(source);
    if (!end.find(position)) {
      throw new TemplateException("raw has no endraw").atLine(line);
    }
    addText(trimmed(source.substring(position, end.start()), end.group(1), true));
    moveTo(end.end());
  }

  private void readInside(boolean tag) {
    add(tag ? Kind.TAG_BEGIN : Kind.OUTPUT_BEGIN, tag ? "{%" : "{{");
    Pattern end = tag ? TAG_END : OUTPUT_END;
    while (true) {
      Matcher matcher = at(end);
      if (open.isEmpty() && matcher.lookingAt()) {
        add(tag ? Kind.TAG_END : Kind.OUTPUT_END, tag ? "%}" : "}}");
        moveTo(matcher.end());
        return;
      }
      readToken();
    }
  }

  private void readToken() {
    if (position == source.length()) {
      throw new TemplateException("a tag or output is not closed").atLine(line);
    }
    if (skip(BLANK)
        || read(FLOAT, Kind.FLOAT)
        || read(INTEGER, Kind.INTEGER)
        || read(NAME, Kind.NAME)) {
      return;
    }
    Matcher string = at(STRING);
    if (string.lookingAt()) {
      String body = string.group(1) == null ? string.group(2) : string.group(1);
      add(Kind.STRING, StringLiteral.value(body, line));
      moveTo(string.end());
    } else if (!readOperator()) {
      throw new TemplateException("unexpected character '" + source.charAt(position) + "'")
          .atLine(line);
    }
  }

  private boolean readOperator() {
    Matcher operator = at(OPERATOR);
    if (!operator.lookingAt()) {
      return false;
    }
    String text = operator.group();
    char first = text.charAt(0);
    if ("([{".indexOf(first) >= 0) {
      open.push(first == '(' ? ')' : first == '[' ? ']' : '}');
    } else if (")]}".indexOf(first) >= 0 && (open.isEmpty() || open.pop() != first)) {
      throw new TemplateException("unexpected '" + text + "'").atLine(line);
    }
    add(Kind.OPERATOR, text);
    moveTo(operator.end());
    return true;
  }

  private boolean read(Pattern pattern, Kind kind) {
    Matcher matcher = at(pattern);
    if (!matcher.lookingAt()) {
      return false;
    }
    add(kind, matcher.group());
    moveTo(matcher.end());
    return true;
  }

  private boolean skip(Pattern pattern) {
    Matcher matcher = at(pattern);
    if (!matcher.lookingAt()) {
      return false;
    }
    moveTo(matcher.end());
    return true;
  }

  private int end(Pattern pattern, String opening, String closing) {
    if (position == source.length()) {
      return position;
    }
    Matcher matcher = pattern.matcher(source);
    if (!matcher.find(position)) {
      throw new TemplateException(opening + " has no " + closing).atLine(line);
    }
    return matcher.end();
  }

  private Matcher at(Pattern pattern) {
    return pattern.matcher(source).region(position, source.length());
  }

  private void moveTo(int end) {
    line += (int) source.substring(position, end).chars().filter(c -> c == '\n').count();
    atLineStart = end > 0 && source.charAt(end - 1) == '\n';
    position = end;
  }

  private void addText(String text) {
    if (!text.isEmpty()) {
      add(Kind.TEXT, text);
    }
  }

  private void add(Kind kind, String text) {
    tokens.add(new Token(kind, text, line));
  }
}
