package dev.tale.importance;

import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import dev.tale.information.InformationEstimator;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * Information about the right answer along a model: I(X_l; Y) at every layer boundary, at the last
 * prompt token, in bits, and the layers where it falls.
 *
 * @param mask the removed layers
 * @param estimator name of the estimator with every setting
 * @param rows number of rows
 * @param labels number of different labels
 * @param labelEntropy H(Y) of the labels' shares, in bits: no more than this can be known
 * @param boundaries by boundary, see {@link dev.tale.model.HiddenStates}; one more than there are
 *     layers
 * @param bottlenecks layers across which the information falls by more than its error, ascending
 */
public record InformationProfile(
    LayerMask mask,
    String estimator,
    int rows,
    int labels,
    double labelEntropy,
    List<BoundaryInformation> boundaries,
    List<Bottleneck> bottlenecks) {
  /*
   * A layer is a bottleneck if the interval of I(X_l+1; Y) - I(X_l; Y) is below 0. There are as many looks as layers, so the
   * intervals are made to hold together at 95 % (Bonferroni): in a model without bottlenecks one is named at most once in
   * 40 times. They are those of the rows' differences under fixed probes; that other rows would have fitted other probes is
   * not in them, so a fall of a few times its error on few rows should be looked at with another seed of the folds.
   */

  /**
   * Information at a boundary.
   *
   * @param boundary 0 before the first layer, {@code l + 1} after layer {@code l}
   * @param bits estimate, can be negative
   * @param interval 95 % confidence interval over the choice of rows
   */
  public record BoundaryInformation(int boundary, double bits, Interval interval) {}

  /**
   * A layer across which the information falls.
   *
   * @param layer index in the original model
   * @param change of the information across it, in bits, negative
   * @param interval confidence interval of the change, below 0; those of all layers hold together
   *     at 95 %
   */
  public record Bottleneck(int layer, double change, Interval interval) {}

  /** Copies the lists. */
  public InformationProfile {
    boundaries = List.copyOf(boundaries);
    bottlenecks = List.copyOf(bottlenecks);
  }

  /**
   * Estimates a profile. Costs one pass over the prompts and one estimate for each boundary.
   *
   * @param mask the removed layers
   * @param seed of the bootstrap over rows
   * @throws IllegalArgumentException if the rows' labels do not allow the estimate, the model
   *     offers no hidden states, or a row cannot be answered
   * @throws dev.tale.model.ModelOutputException if a hidden state is not finite
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static InformationProfile of(
      InformationEstimator estimator, LayeredModel model, Task task, LayerMask mask, long seed) {
    RowInformation information = RowInformation.read(estimator, model, task, mask);
    return new InformationProfile(
        mask,
        estimator.toString(),
        task.size(),
        information.labels().names().size(),
        information.labels().entropy(),
        boundaries(information.boundaries(), new Resampling(seed)),
        bottlenecks(information.boundaries(), new Resampling(seed)));
  }

  private static List<BoundaryInformation> boundaries(List<double[]> bits, Resampling resampling) {
    List<BoundaryInformation> boundaries = new ArrayList<>();
    for (double[] byRow : bits) {
      Estimate mean = resampling.mean(byRow);
      boundaries.add(new BoundaryInformation(boundaries.size(), mean.value(), mean.interval()));
    }
    return boundaries;
  }

  private static List<Bottleneck> bottlenecks(List<double[]> bits, Resampling resampling) {
    List<Bottleneck> bottlenecks = new ArrayList<>();
    int layers = bits.size() - 1;
    for (int layer = 0; layer < layers; layer++) {
      double[] change = Losses.difference(bits.get(layer + 1), bits.get(layer));
      Estimate mean = resampling.meanOfFamily(change, layers);
      if (mean.interval().high() < 0) {
        bottlenecks.add(new Bottleneck(layer, mean.value(), mean.interval()));
      }
    }
    return bottlenecks;
  }
}
