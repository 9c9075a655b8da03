package dev.tale.importance;

import dev.tale.information.InformationEstimator;
import dev.tale.information.Labels;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * Information about a task's labels by row, at every boundary of a model.
 *
 * @param labels of the rows
 * @param boundaries in bits, by boundary, by row
 */
record RowInformation(Labels labels, List<double[]> boundaries) {

  /**
   * Reads hidden states and estimates. The two boundaries of a removed layer have the same.
   *
   * @throws IllegalArgumentException if the labels do not allow it
   * @throws CancellationException if the thread is interrupted
   */
  static RowInformation read(
      InformationEstimator estimator, LayeredModel model, Task task, LayerMask mask) {
    List<String> texts = IntStream.range(0, task.size()).mapToObj(task::label).toList();
    Labels labels = labels(task, texts);
    States states = States.read(estimator, model, task, mask);
    List<double[]> boundaries = new ArrayList<>();
    float[][] last = {};
    for (int boundary = 0; boundary <= states.layers(); boundary++) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException(
            "Interrupted before the estimate " + States.place(boundary));
      }
      float[][] now = states.at(boundary);
      boundaries.add(
          Arrays.deepEquals(last, now)
              ? boundaries.get(boundary - 1)
              : byRow(estimator, task, now, texts));
      last = now;
    }
    return new RowInformation(labels, boundaries);
  }

  private static Labels labels(Task task, List<String> texts) {
    try {
      return Labels.of(texts);
    } catch (IllegalArgumentException e) {
      throw of(task, e);
    }
  }

  private static double[] byRow(
      InformationEstimator estimator, Task task, float[][] states, List<String> labels) {
    try {
      return estimator.byRow(states, labels);
    } catch (IllegalArgumentException e) {
      throw of(task, e);
    }
  }

  private static IllegalArgumentException of(Task task, IllegalArgumentException e) {
    return new IllegalArgumentException("Task " + task.name() + ": " + e.getMessage(), e);
  }
}
