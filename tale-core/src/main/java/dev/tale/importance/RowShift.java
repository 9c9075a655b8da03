package dev.tale.importance;

import dev.tale.task.Task;
import java.util.List;

/**
 * How far a property of hidden states on one task is from that on another, by boundary: the
 * difference of two means over rows.
 *
 * @param task by boundary, by row
 * @param reference likewise, of other rows
 */
record RowShift(List<double[]> task, List<double[]> reference) {

  static RowShift of(
      GeometryMeasure measure, States states, Task task, States others, Task reference) {
    RowGeometry one = RowGeometry.of(measure, states, task);
    RowGeometry other = RowGeometry.of(measure, others, reference);
    if (measure == GeometryMeasure.PAIRWISE_COSINE) {
      return new RowShift(one.boundaries(), other.boundaries());
    }
    return new RowShift(
        one.logarithms(measure, task).boundaries(),
        other.logarithms(measure, reference).boundaries());
  }

  Estimate at(int boundary, Resampling resampling) {
    return resampling.of(rows -> shift(boundary, rows), sizes());
  }

  /** By how much a layer brings the two closer together, whatever their order. */
  Estimate approachAcross(int layer, Resampling resampling) {
    return resampling.of(
        rows -> Math.abs(shift(layer, rows)) - Math.abs(shift(layer + 1, rows)), sizes());
  }

  private int[] sizes() {
    return new int[] {task.get(0).length, reference.get(0).length};
  }

  private double shift(int boundary, int[][] rows) {
    return Resampling.mean(task.get(boundary), rows[0])
        - Resampling.mean(reference.get(boundary), rows[1]);
  }
}
