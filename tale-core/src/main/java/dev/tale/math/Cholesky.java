package dev.tale.math;

/**
 * A symmetric positive definite matrix as the product of a lower triangle and its transpose, to
 * solve linear systems with. The textbook's, in double precision: {@code width^3 / 3}
 * multiplications, and {@code width^2} for each right side.
 */
public final class Cholesky {
  private final double[] lower; // [width, width]
  private final int width;

  private Cholesky(double[] lower, int width) {
    this.lower = lower;
    this.width = width;
  }

  /**
   * Factors a matrix.
   *
   * @param matrix [width, width], of which the lower triangle is read
   * @throws ArithmeticException if it is not positive definite in double precision
   */
  public static Cholesky of(double[] matrix, int width) {
    double[] lower = matrix.clone();
    for (int row = 0; row < width; row++) {
      for (int column = 0; column < row; column++) {
        double rest = lower[row * width + column] - dot(lower, row, column, column, width);
        lower[row * width + column] = rest / lower[column * width + column];
      }
      double pivot = lower[row * width + row] - dot(lower, row, row, row, width);
      if (!(pivot > 0)) {
        throw new ArithmeticException(
            "Pivot " + row + " is " + pivot + "; the matrix is not positive definite");
      }
      lower[row * width + row] = Math.sqrt(pivot);
    }
    return new Cholesky(lower, width);
  }

  /** Product of the beginnings of two rows. */
  private static double dot(double[] lower, int row, int other, int length, int width) {
    double sum = 0;
    for (int k = 0; k < length; k++) {
      sum += lower[row * width + k] * lower[other * width + k];
    }
    return sum;
  }

  /**
   * Solves for all right sides at once.
   *
   * @param right [width, columns], a right side in each column
   * @return the solutions, likewise
   */
  public double[] solve(double[] right) {
    int columns = right.length / width;
    double[] solution = right.clone();
    for (int row = 0; row < width; row++) {
      for (int k = 0; k < row; k++) {
        subtract(solution, row, k, lower[row * width + k], columns);
      }
      divide(solution, row, columns);
    }
    for (int row = width - 1; row >= 0; row--) {
      for (int k = row + 1; k < width; k++) {
        subtract(solution, row, k, lower[k * width + row], columns);
      }
      divide(solution, row, columns);
    }
    return solution;
  }

  private static void subtract(double[] rows, int row, int other, double factor, int columns) {
    for (int column = 0; column < columns; column++) {
      rows[row * columns + column] -= factor * rows[other * columns + column];
    }
  }

  private void divide(double[] rows, int row, int columns) {
    double pivot = lower[row * width + row];
    for (int column = 0; column < columns; column++) {
      rows[row * columns + column] /= pivot;
    }
  }
}
