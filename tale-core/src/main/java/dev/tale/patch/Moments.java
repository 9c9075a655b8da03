package dev.tale.patch;

import dev.tale.math.Cholesky;
import java.util.stream.IntStream;

/**
 * Sums of products of states x before a span and of the differences d between the states after it
 * and these, over tokens: all that a least-squares fit of {@code d = x A} and its residual need.
 * Memory is that of 2 width x width doubles, whatever the number of tokens.
 *
 * <p>Implementation note. Each row of the sums is added to by one thread, token after token, so
 * that results do not depend on the number of threads.
 */
final class Moments {
  private final int width;
  private final double[] inputs; // [width, width], x^T x
  private final double[] products; // [width, width], x^T d
  private double differences; // sum of |d|^2
  private double outputs; // sum of |x + d|^2
  private long tokens;

  Moments(int width) {
    this.width = width;
    inputs = new double[width * width];
    products = new double[width * width];
  }

  /**
   * Adds tokens.
   *
   * @param before states before the span, [tokens, width]
   * @param after states after it, likewise
   */
  void add(float[] before, float[] after) {
    double[] x = new double[before.length];
    double[] d = new double[before.length];
    for (int i = 0; i < before.length; i++) {
      x[i] = before[i];
      d[i] = (double) after[i] - before[i];
      differences += d[i] * d[i];
      outputs += (double) after[i] * after[i];
    }
    tokens += before.length / width;
    IntStream.range(0, width).parallel().forEach(row -> addRow(row, x, d));
  }

  private void addRow(int row, double[] x, double[] d) {
    int into = row * width;
    for (int token = 0; token < x.length; token += width) {
      double factor = x[token + row];
      for (int column = 0; column < width; column++) {
        inputs[into + column] += factor * x[token + column];
        products[into + column] += factor * d[token + column];
      }
    }
  }

  int width() {
    return width;
  }

  long tokens() {
    return tokens;
  }

  /** Whether a state was NaN or infinite. */
  boolean isBroken() {
    return !Double.isFinite(differences) || !Double.isFinite(outputs);
  }

  /**
   * The matrix A that makes {@code |d - x A|^2 + penalty * |A|^2} least.
   *
   * @param ridge penalty in units of the mean square of a component of x, summed over the tokens;
   *     above 0
   */
  double[] solve(double ridge) {
    double trace = 0;
    for (int i = 0; i < width; i++) {
      trace += inputs[i * width + i];
    }
    double[] system = inputs.clone();
    for (int i = 0; i < width; i++) {
      system[i * width + i] += ridge * Math.max(trace / width, Double.MIN_NORMAL);
    }
    return Cholesky.of(system, width).solve(products);
  }

  /**
   * The residual {@code |x + d - x - x A| / |x + d|} over all tokens: 0 if the map does all that
   * the span did; without a map, of A = 0, how much is lost by removing the span.
   */
  double relativeResidual(double[] matrix) {
    double squares = differences;
    for (int row = 0; row < width; row++) {
      squares += quadratic(row, matrix);
    }
    return outputs == 0 ? 0 : Math.sqrt(Math.max(0, squares) / outputs);
  }

  /** The part of row i in {@code A^T (x^T x) A - 2 A^T (x^T d)}, its trace. */
  private double quadratic(int row, double[] matrix) {
    double[] image = new double[width];
    for (int k = 0; k < width; k++) {
      double factor = inputs[row * width + k];
      for (int column = 0; column < width; column++) {
        image[column] += factor * matrix[k * width + column];
      }
    }
    double sum = 0;
    for (int column = 0; column < width; column++) {
      int at = row * width + column;
      sum += matrix[at] * (image[column] - 2 * products[at]);
    }
    return sum;
  }
}
