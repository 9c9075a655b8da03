package dev.tale.importance;

import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * By how much a layer brings the hidden states of the task's rows closer to those of a reference.
 *
 * <p>Implementation note: after arXiv 2605.14738, where layers that take them away from it are the
 * harmful ones; see {@link GeometryProfile} for the shift. The paper compares profiles; to make a
 * score of a layer of it, the change of the absolute shift across the layer, is Tale's.
 *
 * @param reference rows that the model is at home with
 * @param seed of the bootstrap
 */
record GeometryShift(GeometryMeasure measure, Task reference, long seed) implements LayerScorer {

  @Override
  public LayerScores score(LayeredModel model, Task task) {
    LayerMask none = LayerMask.none(model.info().layerCount());
    States states = RowGeometry.read(this, model, task, none);
    States others = RowGeometry.read(this, model, reference, none);
    RowShift shift = RowShift.of(measure, states, task, others, reference);
    List<LayerScore> scores = new ArrayList<>();
    for (int layer = 0; layer < states.layers(); layer++) {
      scores.add(LayerScore.of(layer, shift.approachAcross(layer, new Resampling(seed))));
    }
    String unit = measure == GeometryMeasure.PAIRWISE_COSINE ? "cosine" : "log ratio";
    return new LayerScores(toString(), unit, scores);
  }

  @Override
  public String toString() {
    return measure + " towards that of " + reference.name();
  }
}
