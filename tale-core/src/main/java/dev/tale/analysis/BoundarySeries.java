package dev.tale.analysis;

import dev.tale.estimate.Interval;
import java.util.List;

/**
 * A figure at every layer boundary of one model, such as what its hidden states tell of the answer.
 * A pruned model has its figures at the boundaries of the original one.
 *
 * @param name what model and what figure, for people
 * @param unit of the values, for example {@code bit}
 * @param points the figures, by ascending boundary, at least one
 * @param falls layers across which the figure falls by more than its error, by index in the
 *     original model
 */
public record BoundarySeries(String name, String unit, List<Point> points, List<Integer> falls) {

  /**
   * A figure at a boundary.
   *
   * @param boundary 0 before the first layer, {@code l + 1} after layer {@code l}
   * @param value the figure, finite
   * @param interval its 95 % confidence interval
   */
  public record Point(int boundary, double value, Interval interval) {

    /**
     * Checks the figure.
     *
     * @throws IllegalArgumentException if the figure is not finite
     */
    public Point {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "The figure at boundary " + boundary + " is " + value + "; it must be finite");
      }
    }
  }

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there are no points
   */
  public BoundarySeries {
    points = List.copyOf(points);
    falls = List.copyOf(falls);
    if (points.isEmpty()) {
      throw new IllegalArgumentException(
          "Series " + name + " has no points; give at least 1, or leave the series out");
    }
  }
}
