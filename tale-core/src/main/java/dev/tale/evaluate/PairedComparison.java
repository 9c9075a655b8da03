package dev.tale.evaluate;

import dev.tale.stats.McNemar;

/**
 * Two scores of one task on the same rows, row by row: which answers changed, both ways.
 *
 * @param gained rows that the first score has wrong and the second correct
 * @param lost rows that the first score has correct and the second wrong
 * @param pValue two-sided exact McNemar p-value in (0, 1] of no difference
 */
public record PairedComparison(int gained, int lost, double pValue) {

  /**
   * Compares two scores of the same rows.
   *
   * @throws IllegalArgumentException if the numbers of rows differ
   */
  public static PairedComparison of(TaskScore first, TaskScore second) {
    if (first.total() != second.total()) {
      throw new IllegalArgumentException(
          String.format(
              "Scores of %d and %d rows cannot be compared; score the same rows",
              first.total(), second.total()));
    }
    int gained = 0;
    int lost = 0;
    for (int row = 0; row < first.total(); row++) {
      boolean before = first.outcomes().get(row).correct();
      boolean after = second.outcomes().get(row).correct();
      gained += !before && after ? 1 : 0;
      lost += before && !after ? 1 : 0;
    }
    return new PairedComparison(gained, lost, McNemar.exact(gained, lost));
  }
}
