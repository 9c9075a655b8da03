package dev.tale.onnx.nano;

import dev.tale.task.Example;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Seeded boolean expressions such as {@code not ( True or False ) and True}, whose tree has exactly
 * the given depth. Half of the rows are True. Bit-identical to {@code boolean_expressions.py},
 * which makes the rows that nano-llama is trained and its golden trace is computed on.
 */
public final class BooleanExpressions {
  private static final int MAX_REJECTED = 10_000;
  private static final List<String> CHOICES = List.of("False", "True");

  private final SplittableRandom random;
  private final Set<String> seen = new HashSet<>();

  private BooleanExpressions(long seed) {
    // SplitMix64; its algorithm is part of what the Python twin repeats.
    random = new SplittableRandom(seed);
  }

  /**
   * A question and its answer.
   *
   * @param input the expression and {@code is}, for example {@code not True is}
   * @param target {@code True} or {@code False}
   */
  public record Row(String input, String target) {}

  /**
   * Returns different rows, True and False in turn, the first one True.
   *
   * @param depth operators on the longest path of an expression, at least 0
   * @param n number of rows, at least 0; a smaller number gives the first of them
   * @param seed another seed gives other rows
   * @throws IllegalArgumentException if an argument is negative or there are not that many rows
   */
  public static List<Row> rows(int depth, int n, long seed) {
    if (depth < 0 || n < 0) {
      throw new IllegalArgumentException(
          "depth is " + depth + " and n is " + n + "; both must be at least 0");
    }
    BooleanExpressions expressions = new BooleanExpressions(seed);
    List<Row> rows = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      rows.add(expressions.row(depth, n, i % 2 == 0));
    }
    return List.copyOf(rows);
  }

  /**
   * Returns the task of choosing between False and True, scored by acc.
   *
   * @param depth operators on the longest path of an expression, at least 0
   * @param n number of rows, at least 1
   * @param seed another seed gives other rows
   * @throws IllegalArgumentException if there are not that many rows, or none are wanted
   */
  public static Task task(int depth, int n, long seed) {
    String name = "boolean expressions, depth " + depth + ", seed " + seed;
    return Task.multipleChoice(name, rows(depth, n, seed), BooleanExpressions::example);
  }

  private static Example example(Row row) {
    return Example.multipleChoice(
        "Q: " + row.input() + "\nA:", CHOICES, CHOICES.indexOf(row.target()));
  }

  private Row row(int depth, int n, boolean value) {
    for (int i = 0; i < MAX_REJECTED; i++) {
      Expression drawn = expression(depth);
      if (drawn.value == value && seen.add(drawn.text)) {
        return new Row(drawn.text + " is", value ? "True" : "False");
      }
    }
    throw new IllegalArgumentException(
        "n is "
            + n
            + ", but at depth "
            + depth
            + " "
            + MAX_REJECTED
            + " draws in a row gave no new "
            + (value ? "True" : "False")
            + " expression after "
            + seen.size()
            + " rows; ask for fewer rows or more depth");
  }

  private Expression expression(int depth) {
    if (depth == 0) {
      return literal(next(2) == 0);
    }
    return next(3) == 0 ? not(expression(depth - 1)) : binary(depth);
  }

  private Expression binary(int depth) {
    Expression deep = expression(depth - 1);
    Expression shallow = expression(next(depth));
    boolean deepIsLeft = next(2) == 0;
    Expression left = deepIsLeft ? deep : shallow;
    Expression right = deepIsLeft ? shallow : deep;
    return next(2) == 0 ? and(left, right) : or(left, right);
  }

  private int next(int bound) {
    return (int) ((random.nextLong() >>> 33) % bound);
  }

  private static Expression literal(boolean value) {
    return new Expression(value ? "True" : "False", value, false);
  }

  private static Expression not(Expression inner) {
    return new Expression("not " + inner.operand(), !inner.value, false);
  }

  private static Expression and(Expression left, Expression right) {
    return new Expression(
        left.operand() + " and " + right.operand(), left.value && right.value, true);
  }

  private static Expression or(Expression left, Expression right) {
    return new Expression(
        left.operand() + " or " + right.operand(), left.value || right.value, true);
  }

  private record Expression(String text, boolean value, boolean binary) {

    String operand() {
      return binary ? "( " + text + " )" : text;
    }
  }
}
