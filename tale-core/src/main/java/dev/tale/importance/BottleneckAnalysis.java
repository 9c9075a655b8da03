package dev.tale.importance;

import dev.tale.information.InformationEstimator;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.task.Task;

/**
 * What removing layers does to the information about the right answer along a model. The claim of
 * arXiv 2510.22767 is that some layers are bottlenecks, and that a model without them has more
 * information at its end.
 *
 * @param full profile of the whole model
 * @param pruned profile without some layers, on the same rows with the same estimator
 */
public record BottleneckAnalysis(InformationProfile full, InformationProfile pruned) {

  /**
   * Analyses a model and what a mask leaves of it. Costs two passes over the prompts.
   *
   * @param mask the removed layers
   * @param seed of the bootstrap over rows
   * @throws IllegalArgumentException as {@link InformationProfile#of} does
   * @throws dev.tale.model.ModelOutputException if a hidden state is not finite
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static BottleneckAnalysis of(
      InformationEstimator estimator, LayeredModel model, Task task, LayerMask mask, long seed) {
    LayerMask none = LayerMask.none(model.info().layerCount());
    return new BottleneckAnalysis(
        InformationProfile.of(estimator, model, task, none, seed),
        InformationProfile.of(estimator, model, task, mask, seed));
  }

  /** Returns the analysis as JSON, the same bytes for equal analyses. */
  public String toJson() {
    return InformationJson.write(this);
  }
}
