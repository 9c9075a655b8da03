package dev.tale.importance;

import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.task.Task;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A property of the cloud of hidden states by row, at every boundary of a model.
 *
 * @param boundaries by boundary, by row; the property is the mean over rows
 */
record RowGeometry(List<double[]> boundaries) {
  private static final int LEAST_ROWS = 3;

  static RowGeometry of(GeometryMeasure measure, States states, Task task) {
    return new RowGeometry(
        IntStream.rangeClosed(0, states.layers())
            .mapToObj(boundary -> finite(measure, states, task, boundary))
            .toList());
  }

  private static double[] finite(GeometryMeasure measure, States states, Task task, int boundary) {
    double[] byRow = measure.byRow(states.at(boundary));
    if (!Arrays.stream(byRow).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException(
          String.format(
              "Task %s: a hidden state %s is zero, and an angle to it is not defined; take the"
                  + " pairwise distance",
              task.name(), States.place(boundary)));
    }
    return byRow;
  }

  static States read(Object measure, LayeredModel model, Task task, LayerMask mask) {
    if (task.size() < LEAST_ROWS) {
      throw new IllegalArgumentException(
          String.format(
              "Task %s has %d rows; %s needs at least %d, for the error of a mean over pairs; give more rows",
              task.name(), task.size(), measure, LEAST_ROWS));
    }
    return States.read(measure, model, task, mask);
  }

  /** One value for each row, whose mean is the property. */
  double[] at(int boundary) {
    return boundaries.get(boundary);
  }

  boolean isZero(int boundary) {
    return Arrays.stream(at(boundary)).allMatch(value -> value == 0);
  }

  /**
   * The same, of the logarithm of the property: ln m + v / m - 1, linear in the rows' values v
   * around their mean m.
   *
   * @throws IllegalArgumentException if the property is 0
   */
  double[] logarithms(GeometryMeasure measure, Task task, int boundary) {
    double[] values = at(boundary);
    double mean = Arrays.stream(values).average().orElseThrow();
    if (!(mean > 0)) {
      throw new IllegalArgumentException(
          String.format(
              "Task %s: the %s of the hidden states %s is %s, and has no ratio to another; all rows"
                  + " have the same state there",
              task.name(), measure, States.place(boundary), mean));
    }
    return Arrays.stream(values).map(value -> Math.log(mean) + value / mean - 1).toArray();
  }
}
