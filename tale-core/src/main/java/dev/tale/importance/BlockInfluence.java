package dev.tale.importance;

import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.task.Task;

/**
 * Block influence: 1 - cos(h_l, h_l+1), how far a layer turns the residual stream, averaged over
 * rows.
 *
 * <p>Implementation note: X. Men et al., ShortGPT: Layers in Large Language Models are More
 * Redundant Than You Expect, arXiv 2403.03853, section 2, average over all tokens of a corpus; here
 * it is the last prompt token of the task's rows, the one position whose state decides the answer.
 *
 * @param seed of the bootstrap
 */
record BlockInfluence(long seed) implements LayerScorer {

  @Override
  public LayerScores score(LayeredModel model, Task task) {
    Asking.requireRows(this, task);
    States states = States.read(this, model, task, LayerMask.none(model.info().layerCount()));
    double[][] values = new double[states.layers()][states.size()];
    for (int layer = 0; layer < values.length; layer++) {
      for (int row = 0; row < states.size(); row++) {
        values[layer][row] = 1 - Angle.cosine(states, task, row, layer, layer + 1);
      }
    }
    return RowMeans.of(this, "1 - cosine", values, seed);
  }

  @Override
  public String toString() {
    return "block influence";
  }
}
