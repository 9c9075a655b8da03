package dev.tale.importance;

import dev.tale.estimate.Estimate;
import dev.tale.stats.Bootstrap;
import dev.tale.task.Task;
import java.util.ArrayList;
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
    return logarithms(measure, one, task, other, reference);
  }

  /** Where the property is 0 on both, as the distance of equal states is, there is no shift. */
  private static RowShift logarithms(
      GeometryMeasure measure, RowGeometry one, Task task, RowGeometry other, Task reference) {
    List<double[]> ofTask = new ArrayList<>();
    List<double[]> ofReference = new ArrayList<>();
    for (int boundary = 0; boundary < one.boundaries().size(); boundary++) {
      boolean points = one.isZero(boundary) && other.isZero(boundary);
      ofTask.add(points ? one.at(boundary) : one.logarithms(measure, task, boundary));
      ofReference.add(points ? other.at(boundary) : other.logarithms(measure, reference, boundary));
    }
    return new RowShift(ofTask, ofReference);
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
    return Bootstrap.mean(task.get(boundary), rows[0])
        - Bootstrap.mean(reference.get(boundary), rows[1]);
  }
}
