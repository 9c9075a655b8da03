package dev.tale.onnx.jinja;

import dev.tale.onnx.jinja.Statement.Flow;
import dev.tale.onnx.jinja.Token.Kind;
import dev.tale.onnx.jinja.value.Function;
import dev.tale.onnx.jinja.value.Operators;
import dev.tale.onnx.jinja.value.TemplateException;
import dev.tale.onnx.jinja.value.Texts;
import dev.tale.onnx.jinja.value.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Text, output and tags. */
final class StatementParser {
  private final Tokens tokens;
  private final Frames frames = new Frames();
  private final ExpressionParser expressions;
  private int loops;

  private StatementParser(Tokens tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens, frames);
  }

  static Template parse(String template) {
    StatementParser parser = new StatementParser(new Tokens(Lexer.tokens(template)));
    Statement all = parser.statements(Set.of());
    parser.tokens.expect(Kind.END);
    return new Template(all, parser.frames.hidden());
  }

  /** Parses up to one of the tags, whose begin and name are read. */
  private Statement statements(Set<String> ends) {
    List<Statement> statements = new ArrayList<>();
    tokens.enter();
    while (!tokens.isNext(Kind.END)) {
      Token token = tokens.next();
      if (token.kind() == Kind.TEXT) {
        statements.add(text(token.text()));
      } else if (token.kind() == Kind.OUTPUT_BEGIN) {
        statements.add(output());
      } else if (ends.contains(tokens.peek().text())) {
        tokens.leave();
        return Statement.sequence(statements);
      } else {
        statements.add(tag());
      }
    }
    if (!ends.isEmpty()) {
      throw tokens.unexpected(ends.toString());
    }
    tokens.leave();
    return Statement.sequence(statements);
  }

  private static Statement text(String text) {
    return (scope, output) -> {
      output.append(scope.rendering().produced(text));
      return Flow.NEXT;
    };
  }

  private Statement output() {
    int line = tokens.peek().line();
    Expression value = expressions.tuple();
    tokens.expect(Kind.OUTPUT_END);
    return (scope, output) -> {
      scope.rendering().at(line);
      output.append(scope.rendering().produced(Texts.of(value.value(scope))));
      return Flow.NEXT;
    };
  }

  private Statement tag() {
    Token name = tokens.expect(Kind.NAME);
    return switch (name.text()) {
      case "if" -> branch();
      case "for" -> loop();
      case "set" -> assignment();
      case "macro" -> macro();
      case "generation" -> generation();
      case "break" -> jump(name, Flow.BREAK);
      case "continue" -> jump(name, Flow.CONTINUE);
      default ->
          throw TemplateException.unsupported("the tag '" + name.text() + "'").atLine(name.line());
    };
  }

  private Statement body(String... ends) {
    tokens.expect(Kind.TAG_END);
    return statements(Set.of(ends));
  }

  /** What is called from elsewhere cannot leave the loop around it. */
  private Statement bodyOutsideLoops(String end) {
    int outer = loops;
    loops = 0;
    Statement body = body(end);
    loops = outer;
    end();
    return body;
  }

  private void end() {
    tokens.next();
    tokens.expect(Kind.TAG_END);
  }

  private Statement branch() {
    int line = tokens.peek().line();
    Expression condition = withoutChoice();
    Statement yes = body("elif", "else", "endif");
    Statement no = otherwise();
    return (scope, output) -> {
      scope.rendering().at(line);
      return (Operators.isTrue(condition.value(scope)) ? yes : no).run(scope, output);
    };
  }

  private Statement otherwise() {
    if (tokens.skipName("elif")) {
      tokens.enter();
      Statement next = branch();
      tokens.leave();
      return next;
    }
    Statement no = Statement.sequence(List.of());
    if (tokens.skipName("else")) {
      no = body("endif");
    }
    end();
    return no;
  }

  private Statement loop() {
    int line = tokens.peek().line();
    Target target = targets();
    if (!tokens.skipName("in")) {
      throw tokens.unexpected("'in'");
    }
    Expression sequence = withoutChoice();
    frames.enter();
    target.declare(frames);
    @Nullable Expression filter = tokens.skipName("if") ? expressions.expression() : null;
    if (tokens.peek().isName("recursive")) {
      throw TemplateException.unsupported("a recursive loop").atLine(line);
    }
    loops++;
    Statement body = body("else", "endfor");
    loops--;
    Statement otherwise = tokens.skipName("else") ? body("endfor") : Statement.sequence(List.of());
    frames.leave();
    end();
    return new ForLoop(line, target, sequence, filter, body, otherwise);
  }

  /** An expression in which {@code if} would be the tag's, or a tuple of such. */
  private Expression withoutChoice() {
    Expression first = expressions.or();
    if (!tokens.peek().isOperator(",")) {
      return first;
    }
    List<Expression> values = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",")) {
      values.add(expressions.or());
    }
    return scope -> new Tuple(ExpressionParser.values(values, scope));
  }

  private Statement assignment() {
    int line = tokens.peek().line();
    Target target = targets();
    if (tokens.skipOperator("=")) {
      Expression value = expressions.tuple();
      tokens.expect(Kind.TAG_END);
      target.declare(frames);
      return (scope, output) -> {
        scope.rendering().at(line);
        target.set(scope, value.value(scope));
        return Flow.NEXT;
      };
    }
    if (tokens.peek().isOperator("|")) {
      throw TemplateException.unsupported("a filter of a set block").atLine(line);
    }
    frames.enter();
    Statement body = body("endset");
    frames.leave();
    end();
    target.declare(frames);
    return (scope, output) -> {
      target.set(scope, text(body, scope.inner()));
      return Flow.NEXT;
    };
  }

  private static String text(Statement body, Scope scope) {
    StringBuilder text = new StringBuilder();
    body.run(scope, text);
    return text.toString();
  }

  private Target targets() {
    List<Target> targets = new ArrayList<>();
    boolean parenthesized = tokens.skipOperator("(");
    do {
      targets.add(target());
    } while (tokens.skipOperator(","));
    if (parenthesized) {
      tokens.expectOperator(")");
    }
    return targets.size() == 1 ? targets.get(0) : new Target.Unpacked(targets);
  }

  private Target target() {
    Token name = tokens.expect(Kind.NAME);
    return tokens.skipOperator(".")
        ? new Target.Attribute(name.text(), tokens.expect(Kind.NAME).text())
        : new Target.Variable(name.text());
  }

  private Statement macro() {
    String name = tokens.expect(Kind.NAME).text();
    frames.store(name);
    frames.enter();
    Map<String, @Nullable Expression> parameters = parameters();
    Statement body = bodyOutsideLoops("endmacro");
    frames.leave();
    return (scope, output) -> {
      scope.set(name, (Function) new Macro(name, parameters, body, scope));
      return Flow.NEXT;
    };
  }

  private Map<String, @Nullable Expression> parameters() {
    Map<String, @Nullable Expression> parameters = new LinkedHashMap<>();
    tokens.expectOperator("(");
    while (!tokens.skipOperator(")")) {
      String parameter = tokens.expect(Kind.NAME).text();
      frames.store(parameter);
      parameters.put(parameter, tokens.skipOperator("=") ? expressions.expression() : null);
      if (!tokens.peek().isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    return parameters;
  }

  /** Marks what the model said; the text itself is unchanged. */
  private Statement generation() {
    frames.enter();
    Statement body = bodyOutsideLoops("endgeneration");
    frames.leave();
    return (scope, output) -> body.run(scope.inner(), output);
  }

  private Statement jump(Token name, Flow flow) {
    if (loops == 0) {
      throw new TemplateException("'" + name.text() + "' outside of a loop").atLine(name.line());
    }
    tokens.expect(Kind.TAG_END);
    return (scope, output) -> flow;
  }
}
