package dev.tale.report;

import dev.tale.importance.LayerScore;
import java.util.List;

/**
 * A figure by layer of one model, such as the information that its layers have of the answer. A
 * pruned model has its figures at the indices that its layers had in the original one.
 *
 * @param name what model and what figure, for people
 * @param unit of the values, for example {@code bit}
 * @param points the figures, by ascending layer, at least one
 * @param falls layers of which is to be said that the figure falls there by more than its error
 */
public record LayerSeries(String name, String unit, List<LayerScore> points, List<Integer> falls) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there are no points
   */
  public LayerSeries {
    points = List.copyOf(points);
    falls = List.copyOf(falls);
    if (points.isEmpty()) {
      throw new IllegalArgumentException(
          "Series " + name + " has no points; give at least 1, or leave the series out");
    }
  }
}
