package dev.tale.importance;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Journal;
import dev.tale.evaluate.Progress;
import dev.tale.model.LayeredModel;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.List;

/**
 * By how much the task's accuracy falls when a layer is left out.
 *
 * @param seed of the bootstrap
 */
record AccuracyDrop(long seed) implements LayerScorer {

  @Override
  public LayerScores score(LayeredModel model, Task task) {
    Evaluator evaluator =
        new Evaluator(model, task, "leave one out", Journal.none(), Progress.none());
    List<double[]> correct =
        evaluator.evaluate(LossIncrease.masks(evaluator.layers())).stream()
            .map(AccuracyDrop::correct)
            .toList();
    double[][] drops = new double[evaluator.layers()][];
    for (int layer = 0; layer < drops.length; layer++) {
      drops[layer] = Losses.difference(correct.get(0), correct.get(layer + 1));
    }
    return RowMeans.of(this, "accuracy", drops, seed);
  }

  private static double[] correct(Configuration configuration) {
    return configuration.score().outcomes().stream()
        .mapToDouble((Outcome outcome) -> outcome.correct() ? 1 : 0)
        .toArray();
  }

  @Override
  public String toString() {
    return "leave-one-out accuracy";
  }
}
