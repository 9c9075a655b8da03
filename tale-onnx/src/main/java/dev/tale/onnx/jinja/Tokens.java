package dev.tale.onnx.jinja;

import dev.tale.onnx.jinja.Token.Kind;
import dev.tale.onnx.jinja.value.TemplateException;
import java.util.List;

/** The tokens of a template, read once from the first to the last. */
final class Tokens {
  /** Deeper nesting would exhaust the stack of the thread. */
  private static final int DEPTH = 100;

  private final List<Token> tokens;
  private int position;
  private int depth;

  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(position);
  }

  private Token peekNext() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = peek();
    if (token.kind() != Kind.END) {
      position++;
    }
    return token;
  }

  boolean isNext(Kind kind) {
    return peek().kind() == kind;
  }

  boolean skipOperator(String operator) {
    boolean skipped = peek().isOperator(operator);
    position += skipped ? 1 : 0;
    return skipped;
  }

  boolean skipName(String name) {
    boolean skipped = peek().isName(name);
    position += skipped ? 1 : 0;
    return skipped;
  }

  boolean skipNames(String first, String second) {
    boolean skipped = peek().isName(first) && peekNext().isName(second);
    position += skipped ? 2 : 0;
    return skipped;
  }

  boolean isAssignmentNext() {
    return peek().kind() == Kind.NAME && peekNext().isOperator("=");
  }

  Token expect(Kind kind) {
    if (!isNext(kind)) {
      throw unexpected(kind.name());
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  TemplateException unexpected(String wanted) {
    return new TemplateException("unexpected " + peek().shown() + " instead of " + wanted)
        .atLine(peek().line());
  }

  void enter() {
    if (++depth > DEPTH) {
      throw TemplateException.unsupported("nesting more than " + DEPTH + " deep")
          .atLine(peek().line());
    }
  }

  void leave() {
    depth--;
  }
}
