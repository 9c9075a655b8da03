package dev.tale.onnx.jinja;

import java.util.List;

/**
 * A chain of comparisons, {@code a < b <= c}: each holds between neighbours, until one does not.
 *
 * @param first the first operand
 * @param links the operators, each with the operand to its right
 */
record Comparison(Expression first, List<Link> links) implements Expression {
  record Link(String operator, Expression right) {}

  @Override
  public Object value(Scope scope) {
    Object left = first.value(scope);
    for (Link link : links) {
      Object right = link.right().value(scope);
      scope.rendering().work(left);
      scope.rendering().work(right);
      if (!holds(link.operator(), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  static boolean holds(String operator, Object left, Object right) {
    return switch (operator) {
      case "==" -> Operators.areEqual(left, right);
      case "!=" -> !Operators.areEqual(left, right);
      case "in" -> Operators.contains(right, left);
      case "not in" -> !Operators.contains(right, left);
      case "<" -> Operators.compare(operator, left, right) < 0;
      case "<=" -> Operators.compare(operator, left, right) <= 0;
      case ">" -> Operators.compare(operator, left, right) > 0;
      default -> Operators.compare(operator, left, right) >= 0;
    };
  }
}
