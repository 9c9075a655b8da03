package dev.tale.importance;

import dev.tale.information.InformationEstimator;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.task.Task;
import java.util.List;

/**
 * How many bits about the right answer a layer adds to what can be read from the residual stream.
 *
 * <p>Implementation note: arXiv 2510.22767 estimates the information I(X_l; Y) of the hidden state
 * at each layer, and finds bottlenecks where it falls. It is a property of a boundary, and grows
 * along a model that works: ordering layers by it would call the first ones unimportant. What a
 * layer itself does is the difference across it, I(X_l+1; Y) - I(X_l; Y): negative for a
 * bottleneck, which so is the first to go. Both estimates are on the same rows, so the interval is
 * that of the mean difference by row; the entropy of the labels cancels.
 *
 * @param seed of the bootstrap
 */
record InformationGain(InformationEstimator estimator, long seed) implements LayerScorer {

  @Override
  public LayerScores score(LayeredModel model, Task task) {
    LayerMask none = LayerMask.none(model.info().layerCount());
    List<double[]> bits = RowInformation.read(estimator, model, task, none).boundaries();
    double[][] gains = new double[bits.size() - 1][];
    for (int layer = 0; layer < gains.length; layer++) {
      gains[layer] = Losses.difference(bits.get(layer + 1), bits.get(layer));
    }
    return RowMeans.of(this, "bit", gains, seed);
  }

  @Override
  public String toString() {
    return "mutual information gain, " + estimator;
  }
}
