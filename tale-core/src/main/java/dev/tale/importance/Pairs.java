package dev.tale.importance;

import java.util.function.ToDoubleBiFunction;

/**
 * The mean of a symmetric function over all pairs of rows.
 *
 * <p>Implementation note: the mean T over pairs is a U-statistic. Its jackknife pseudo-value of a
 * row is n T - (n - 1) T', where T' is T without that row; with s the row's sum over its n - 1
 * pairs it is n T - (n (n - 1) T - 2 s) / (n - 2). Their mean is T, and their spread is that of T,
 * so that T is treated as a mean over rows like every other measure. O(n^2 x components).
 * Reference: J. N. Arvesen, Jackknifing U-statistics, Annals of Mathematical Statistics 40, 1969.
 */
final class Pairs {
  private Pairs() {}

  /**
   * Returns one value for each row, whose mean is the mean over pairs.
   *
   * @param states of at least 3 rows
   */
  static double[] pseudoValues(float[][] states, ToDoubleBiFunction<float[], float[]> function) {
    int n = states.length;
    double[] sums = new double[n];
    double total = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double value = function.applyAsDouble(states[i], states[j]);
        sums[i] += value;
        sums[j] += value;
        total += value;
      }
    }
    double mean = total / (n * (n - 1.0) / 2);
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = n * mean - (n * (n - 1.0) * mean - 2 * sums[i]) / (n - 2);
    }
    return values;
  }
}
