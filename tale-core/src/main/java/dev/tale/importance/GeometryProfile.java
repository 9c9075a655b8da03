package dev.tale.importance;

import dev.tale.estimate.Estimate;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How the cloud of a task's hidden states lies along a model, by layer boundary, at the last prompt
 * token.
 *
 * @param mask the removed layers
 * @param measures each property by boundary, with its 95 % interval over the choice of rows
 */
public record GeometryProfile(LayerMask mask, Map<GeometryMeasure, List<Estimate>> measures) {
  /*
   * arXiv 2605.14738 (the authors of TALE): on rows unlike those that a model was trained on, some layers distort the norms
   * and the pairwise distances of hidden states, against those of rows like them; removing these layers moves both back.
   * A shift is ln(property of the task / property of the reference): 0 for none, 0.7 for twice as much. The cosine can be
   * negative, so its shift is the difference.
   */

  /** Copies the lists. */
  public GeometryProfile {
    Map<GeometryMeasure, List<Estimate>> copy = new EnumMap<>(GeometryMeasure.class);
    measures.forEach((measure, estimates) -> copy.put(measure, List.copyOf(estimates)));
    measures = Map.copyOf(copy);
  }

  /**
   * Measures the rows of a task. Costs one pass over the prompts.
   *
   * @param mask the removed layers
   * @param seed of the bootstrap over rows
   * @throws IllegalArgumentException if there are fewer than 3 rows, the model offers no hidden
   *     states, a row cannot be answered, or a hidden state is zero
   * @throws dev.tale.model.ModelOutputException if a hidden state is not finite
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static GeometryProfile of(LayeredModel model, Task task, LayerMask mask, long seed) {
    States states = RowGeometry.read("geometry", model, task, mask);
    Map<GeometryMeasure, List<Estimate>> measures = new EnumMap<>(GeometryMeasure.class);
    for (GeometryMeasure measure : GeometryMeasure.values()) {
      measures.put(
          measure,
          RowGeometry.of(measure, states, task).boundaries().stream()
              .map(new Resampling(seed)::mean)
              .toList());
    }
    return new GeometryProfile(mask, measures);
  }

  /**
   * Measures how far the rows of a task are from those of another: the logarithm of the ratio of
   * their norms and of their pairwise distances, and the difference of their cosines. Costs one
   * pass over the prompts of both.
   *
   * @param reference rows that the model is at home with
   * @param mask the removed layers
   * @param seed of the bootstrap over rows
   * @throws IllegalArgumentException as {@link #of} does, or if all rows have the same state
   * @throws dev.tale.model.ModelOutputException if a hidden state is not finite
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static GeometryProfile shift(
      LayeredModel model, Task task, Task reference, LayerMask mask, long seed) {
    States states = RowGeometry.read("geometry", model, task, mask);
    States others = RowGeometry.read("geometry", model, reference, mask);
    Map<GeometryMeasure, List<Estimate>> measures = new EnumMap<>(GeometryMeasure.class);
    for (GeometryMeasure measure : GeometryMeasure.values()) {
      RowShift shift = RowShift.of(measure, states, task, others, reference);
      List<Estimate> estimates = new ArrayList<>();
      for (int boundary = 0; boundary <= states.layers(); boundary++) {
        estimates.add(shift.at(boundary, new Resampling(seed)));
      }
      measures.put(measure, estimates);
    }
    return new GeometryProfile(mask, measures);
  }
}
