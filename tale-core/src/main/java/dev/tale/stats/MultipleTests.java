package dev.tale.stats;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Corrects p-values for the number of looks. Of n true hypotheses, each tested at 5 %, one is
 * refuted by chance with a probability of up to n times 5 %; with adjusted p-values, at most 5 %
 * that any is, however the tests depend on each other.
 */
public final class MultipleTests {
  /*
   * Holm: the smallest of n p-values is multiplied by n, the next by n - 1, and so on; none is less than the one before it.
   * It refutes whatever Bonferroni, who multiplies each by n, refutes, and more.
   *
   * [1] S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979.
   * [2] S. P. Wright, Adjusted p-values for simultaneous inference, Biometrics 48, 1992.
   */
  private MultipleTests() {}

  /**
   * Returns the p-values adjusted by Holm's method, in their order.
   *
   * @param pValues in [0, 1]
   * @throws IllegalArgumentException if one is outside [0, 1]
   */
  public static double[] holm(double... pValues) {
    check(pValues);
    int[] ascending =
        IntStream.range(0, pValues.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> pValues[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = new double[pValues.length];
    double before = 0;
    for (int i = 0; i < ascending.length; i++) {
      before = Math.max(before, Math.min(1, (ascending.length - i) * pValues[ascending[i]]));
      adjusted[ascending[i]] = before;
    }
    return adjusted;
  }

  private static void check(double[] pValues) {
    for (double p : pValues) {
      if (!(p >= 0 && p <= 1)) {
        throw new IllegalArgumentException("A p-value is " + p + "; it must be in [0, 1]");
      }
    }
  }
}
