package dev.tale.importance;

import dev.tale.model.LayeredModel;
import dev.tale.task.Task;

/**
 * Says how much each layer of a model matters for a task. The same rows and settings give the same
 * scores. {@code toString} names the measure and every setting.
 */
@FunctionalInterface
public interface LayerScorer {

  /**
   * Scores every layer, or part of a layer at {@link dev.tale.model.Granularity#SUBLAYER}.
   *
   * @throws IllegalArgumentException if the measure cannot be taken on the rows, or the model lacks
   *     the ability that it needs; the message says which
   * @throws dev.tale.model.ModelOutputException if the model's output is not numbers
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  LayerScores score(LayeredModel model, Task task);
}
