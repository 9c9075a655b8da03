package dev.tale.onnx.jinja;

import com.google.common.collect.ImmutableSet;
import dev.tale.onnx.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Literals and names, and what may follow one: subscripts, calls, filters and tests. */
final class PrimaryParser {
  private static final ImmutableSet<String> KEYWORDS =
      ImmutableSet.of("and", "else", "if", "in", "is", "not", "or");

  private static final ImmutableSet<String> AFTER_TEST = ImmutableSet.of("and", "else", "or");

  private final Tokens tokens;
  private final Frames frames;
  private final ExpressionParser expressions;

  PrimaryParser(Tokens tokens, Frames frames, ExpressionParser expressions) {
    this.tokens = tokens;
    this.frames = frames;
    this.expressions = expressions;
  }

  /** Parses the filters, tests and calls after a value. */
  Expression filtered(Expression first) {
    Expression value = first;
    while (true) {
      if (tokens.skipOperator("|")) {
        value = filter(value);
      } else if (tokens.skipName("is")) {
        value = test(value);
      } else if (tokens.peek().isOperator("(")) {
        value = call(value);
      } else {
        return value;
      }
    }
  }

  /** Parses the subscripts and calls after a value. */
  Expression subscripted(Expression first) {
    Expression value = first;
    while (true) {
      if (tokens.skipOperator(".")) {
        value = attribute(value);
      } else if (tokens.skipOperator("[")) {
        value = subscript(value);
      } else if (tokens.peek().isOperator("(")) {
        value = call(value);
      } else {
        return value;
      }
    }
  }

  Expression primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> name(token);
      case STRING -> string(token);
      case INTEGER -> constant(integer(token));
      case FLOAT -> constant(Double.parseDouble(token.text().replace("_", "")));
      case OPERATOR -> bracketed(token);
      default -> throw unexpected(token);
    };
  }

  private static Expression constant(Object value) {
    return scope -> value;
  }

  private static Object integer(Token token) {
    try {
      return Long.parseLong(token.text().replace("_", ""));
    } catch (NumberFormatException e) {
      throw TemplateException.unsupported("the number " + token.text()).atLine(token.line());
    }
  }

  private Expression name(Token token) {
    if (KEYWORDS.contains(token.text())) {
      throw unexpected(token);
    }
    return switch (token.text()) {
      case "true", "True" -> constant(true);
      case "false", "False" -> constant(false);
      case "none", "None" -> constant(None.NONE);
      default -> {
        frames.load(token.text());
        yield scope -> scope.get(token.text());
      }
    };
  }

  /** Adjacent literals are one text. */
  private Expression string(Token first) {
    StringBuilder text = new StringBuilder(first.text());
    while (tokens.isNext(Kind.STRING)) {
      text.append(tokens.next().text());
    }
    return constant(text.toString());
  }

  private Expression bracketed(Token token) {
    return switch (token.text()) {
      case "(" -> parenthesized();
      case "[" -> {
        List<Expression> values = list("]");
        yield scope -> new ArrayList<>(ExpressionParser.values(values, scope));
      }
      case "{" -> dictionary();
      default -> throw unexpected(token);
    };
  }

  private Expression parenthesized() {
    if (tokens.skipOperator(")")) {
      return constant(new Tuple(List.of()));
    }
    tokens.enter();
    Expression inside = expressions.tuple();
    tokens.leave();
    tokens.expectOperator(")");
    return inside;
  }

  private List<Expression> list(String end) {
    List<Expression> values = new ArrayList<>();
    while (!tokens.skipOperator(end)) {
      values.add(expressions.expression());
      if (!tokens.peek().isOperator(end)) {
        tokens.expectOperator(",");
      }
    }
    return values;
  }

  private Expression dictionary() {
    Map<Expression, Expression> entries = new LinkedHashMap<>();
    while (!tokens.skipOperator("}")) {
      Expression key = expressions.expression();
      tokens.expectOperator(":");
      entries.put(key, expressions.expression());
      if (!tokens.peek().isOperator("}")) {
        tokens.expectOperator(",");
      }
    }
    return scope -> {
      scope.rendering().produceList(entries.size());
      Map<Object, Object> values = new LinkedHashMap<>();
      entries.forEach((key, value) -> values.put(textKey(key.value(scope)), value.value(scope)));
      return values;
    };
  }

  private static String textKey(Object key) {
    if (key instanceof String text) {
      return text;
    }
    throw TemplateException.unsupported("the dictionary key " + Texts.shown(key));
  }

  private Expression attribute(Expression value) {
    Token token = tokens.next();
    if (token.kind() == Kind.INTEGER) {
      Object index = integer(token);
      return scope -> item(scope, value.value(scope), index);
    }
    if (token.kind() != Kind.NAME) {
      throw unexpected(token);
    }
    String name = token.text();
    if (!tokens.peek().isOperator("(")) {
      return scope -> Subscripts.attribute(value.value(scope), name);
    }
    CallArguments arguments = arguments();
    return scope -> {
      Object of = value.value(scope);
      Arguments given = arguments.in(scope, name, List.of());
      scope.rendering().work(of);
      given.positional().forEach(scope.rendering()::work);
      return scope.rendering().made(Methods.call(of, name, given));
    };
  }

  private Expression subscript(Expression value) {
    Expression first =
        tokens.peek().isOperator(":") ? constant(None.NONE) : expressions.expression();
    if (tokens.skipOperator("]")) {
      return scope -> item(scope, value.value(scope), first.value(scope));
    }
    tokens.expectOperator(":");
    Expression second = sliceEnd();
    Expression step = tokens.skipOperator(":") ? sliceEnd() : constant(None.NONE);
    tokens.expectOperator("]");
    return scope ->
        scope
            .rendering()
            .made(
                Sequences.slice(
                    sliced(scope, value.value(scope)),
                    first.value(scope),
                    second.value(scope),
                    step.value(scope)));
  }

  /** Characters are counted as code points, so that each is looked at. */
  private static Object item(Scope scope, Object value, Object key) {
    if (value instanceof String) {
      scope.rendering().work(value);
    }
    return Subscripts.item(value, key);
  }

  private static Object sliced(Scope scope, Object value) {
    scope.rendering().work(value);
    return value;
  }

  private Expression sliceEnd() {
    boolean leftOut = tokens.peek().isOperator(":") || tokens.peek().isOperator("]");
    return leftOut ? constant(None.NONE) : expressions.expression();
  }

  private Expression call(Expression function) {
    CallArguments arguments = arguments();
    return scope ->
        Globals.call(function.value(scope), arguments.in(scope, "the function", List.of()));
  }

  private Expression filter(Expression value) {
    String name = dottedName();
    CallArguments arguments = tokens.peek().isOperator("(") ? arguments() : CallArguments.NONE;
    return scope ->
        Filters.apply(
            name, arguments.in(scope, "the filter '" + name + "'", List.of(value.value(scope))));
  }

  private Expression test(Expression value) {
    boolean negated = tokens.skipName("not");
    String name = dottedName();
    CallArguments arguments = testArguments();
    return scope ->
        negated
            != Tests.passes(
                name, arguments.in(scope, "the test '" + name + "'", List.of(value.value(scope))));
  }

  private CallArguments testArguments() {
    Token next = tokens.peek();
    if (next.isOperator("(")) {
      return arguments();
    }
    boolean isArgument =
        switch (next.kind()) {
          case NAME -> !AFTER_TEST.contains(next.text());
          case STRING, INTEGER, FLOAT -> true;
          default -> next.isOperator("[") || next.isOperator("{");
        };
    return isArgument
        ? new CallArguments(List.of(subscripted(primary())), Map.of())
        : CallArguments.NONE;
  }

  private String dottedName() {
    StringBuilder name = new StringBuilder(tokens.expect(Kind.NAME).text());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expect(Kind.NAME).text());
    }
    return name.toString();
  }

  private CallArguments arguments() {
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!tokens.skipOperator(")")) {
      if (tokens.isAssignmentNext()) {
        String name = tokens.next().text();
        tokens.expectOperator("=");
        named.put(name, expressions.expression());
      } else if (named.isEmpty()) {
        positional.add(expressions.expression());
      } else {
        throw tokens.unexpected("a named argument");
      }
      if (!tokens.peek().isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    return new CallArguments(positional, named);
  }

  private static TemplateException unexpected(Token token) {
    return new TemplateException("unexpected " + token.shown()).atLine(token.line());
  }

  /**
   * Arguments as written.
   *
   * @param positional in order
   * @param named in order
   */
  private record CallArguments(List<Expression> positional, Map<String, Expression> named) {
    static final CallArguments NONE = new CallArguments(List.of(), Map.of());

    Arguments in(Scope scope, String name, List<Object> before) {
      List<Object> values = new ArrayList<>(before);
      values.addAll(ExpressionParser.values(positional, scope));
      Map<String, Object> namedValues = new LinkedHashMap<>();
      named.forEach((key, value) -> namedValues.put(key, value.value(scope)));
      return new Arguments(scope.rendering(), name, values, namedValues);
    }
  }
}
