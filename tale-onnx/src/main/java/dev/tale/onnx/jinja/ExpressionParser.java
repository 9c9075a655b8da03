package dev.tale.onnx.jinja;

import com.google.common.collect.ImmutableSet;
import dev.tale.onnx.jinja.Comparison.Link;
import dev.tale.onnx.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Expressions, with the precedence that Jinja's parser gives to each operator. */
final class ExpressionParser {
  private static final ImmutableSet<String> COMPARISONS =
      ImmutableSet.of("==", "!=", "<", "<=", ">", ">=");

  private final Tokens tokens;
  private final PrimaryParser primaries;

  ExpressionParser(Tokens tokens, Frames frames) {
    this.tokens = tokens;
    this.primaries = new PrimaryParser(tokens, frames, this);
  }

  /** Parses {@code a} or a tuple {@code a, b} without parentheses. */
  Expression tuple() {
    Expression first = expression();
    if (!tokens.peek().isOperator(",")) {
      return first;
    }
    List<Expression> values = new ArrayList<>(List.of(first));
    while (tokens.skipOperator(",")) {
      if (endsTuple()) {
        break;
      }
      values.add(expression());
    }
    return scope -> new Tuple(values(values, scope));
  }

  private boolean endsTuple() {
    Kind kind = tokens.peek().kind();
    return kind == Kind.TAG_END || kind == Kind.OUTPUT_END || tokens.peek().isOperator(")");
  }

  static List<Object> values(List<Expression> expressions, Scope scope) {
    scope.rendering().produceList(expressions.size());
    return expressions.stream().map(each -> each.value(scope)).toList();
  }

  Expression expression() {
    tokens.enter();
    Expression value = or();
    while (tokens.skipName("if")) {
      value = choice(or(), value);
    }
    tokens.leave();
    return value;
  }

  private Expression choice(Expression condition, Expression yes) {
    Expression no =
        tokens.skipName("else")
            ? expression()
            : scope -> new Undefined("the condition is false and there is no else");
    return scope -> Operators.isTrue(condition.value(scope)) ? yes.value(scope) : no.value(scope);
  }

  /** Parses an expression without {@code if}, for the sequence of a loop. */
  Expression or() {
    Expression left = and();
    while (tokens.skipName("or")) {
      Expression first = left;
      Expression second = and();
      left =
          scope -> {
            Object value = first.value(scope);
            return Operators.isTrue(value) ? value : second.value(scope);
          };
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.skipName("and")) {
      Expression first = left;
      Expression second = not();
      left =
          scope -> {
            Object value = first.value(scope);
            return Operators.isTrue(value) ? second.value(scope) : value;
          };
    }
    return left;
  }

  private Expression not() {
    if (!tokens.skipName("not")) {
      return comparison();
    }
    tokens.enter();
    Expression negated = not();
    tokens.leave();
    return scope -> !Operators.isTrue(negated.value(scope));
  }

  private Expression comparison() {
    Expression first = sum();
    List<Link> links = new ArrayList<>();
    while (true) {
      Token token = tokens.peek();
      if (token.kind() == Kind.OPERATOR && COMPARISONS.contains(token.text())) {
        tokens.next();
        links.add(new Link(token.text(), sum()));
      } else if (tokens.skipName("in")) {
        links.add(new Link("in", sum()));
      } else if (tokens.skipNames("not", "in")) {
        links.add(new Link("not in", sum()));
      } else {
        return links.isEmpty() ? first : new Comparison(first, links);
      }
    }
  }

  private Expression sum() {
    Expression left = concatenation();
    while (true) {
      Expression first = left;
      if (tokens.skipOperator("+")) {
        Expression second = concatenation();
        left = scope -> Operators.add(scope.rendering(), first.value(scope), second.value(scope));
      } else if (tokens.skipOperator("-")) {
        Expression second = concatenation();
        left =
            scope ->
                Numbers.subtract(
                    Operators.requireDefined(first.value(scope)),
                    Operators.requireDefined(second.value(scope)));
      } else {
        return left;
      }
    }
  }

  private Expression concatenation() {
    Expression first = product();
    if (!tokens.peek().isOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return scope -> {
      StringBuilder text = new StringBuilder();
      parts.forEach(part -> text.append(scope.rendering().produced(Texts.of(part.value(scope)))));
      return text.toString();
    };
  }

  private Expression product() {
    Expression left = power();
    while (true) {
      Expression first = left;
      String operator = tokens.isNext(Kind.OPERATOR) ? tokens.peek().text() : "";
      switch (operator) {
        case "*", "/", "//", "%" -> {
          tokens.next();
          Expression second = power();
          left = scope -> multiplied(operator, scope, first.value(scope), second.value(scope));
        }
        default -> {
          return left;
        }
      }
    }
  }

  private static Object multiplied(String operator, Scope scope, Object left, Object right) {
    return switch (operator) {
      case "*" -> Operators.multiply(scope.rendering(), left, right);
      case "%" -> Operators.modulo(left, Operators.requireDefined(right));
      case "/" -> Numbers.divide(Operators.requireDefined(left), Operators.requireDefined(right));
      default ->
          Numbers.floorDivide(Operators.requireDefined(left), Operators.requireDefined(right));
    };
  }

  private Expression power() {
    Expression base = unary(true);
    if (!tokens.skipOperator("**")) {
      return base;
    }
    unary(true);
    throw TemplateException.unsupported("the operator **").atLine(tokens.peek().line());
  }

  /** What follows a signed value applies to it with its sign: {@code -1|abs} is 1. */
  private Expression unary(boolean withFilters) {
    Expression value = primaries.subscripted(signed());
    return withFilters ? primaries.filtered(value) : value;
  }

  private Expression signed() {
    if (tokens.skipOperator("-")) {
      Expression negated = nestedUnary();
      return scope -> Numbers.negate(Operators.requireDefined(negated.value(scope)));
    }
    if (tokens.skipOperator("+")) {
      Expression same = nestedUnary();
      return scope -> Numbers.add(0L, Operators.requireDefined(same.value(scope)));
    }
    return primaries.primary();
  }

  private Expression nestedUnary() {
    tokens.enter();
    Expression value = unary(false);
    tokens.leave();
    return value;
  }
}
