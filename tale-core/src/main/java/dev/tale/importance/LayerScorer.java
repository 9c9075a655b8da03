package dev.tale.importance;

import dev.tale.information.InformationEstimator;
import dev.tale.model.LayeredModel;
import dev.tale.task.Task;
import java.util.List;

/**
 * Says how much each layer of a model matters for a task. The same rows and settings give the same
 * scores. {@code toString} names the measure and every setting.
 */
@FunctionalInterface
public interface LayerScorer {

  /**
   * The step of {@link #gradient(long)}. Among 0.0005 to 0.05 it has the least error on models in
   * float32: against the derivatives of nano-llama in float64, 0.15 % of the gradient, where 0.0005
   * has 0.4 % of rounding and 0.01 has 0.5 % of curvature. Half of it to twice is as good.
   */
  double GATE_STEP = 0.0025;

  /**
   * Scores every layer, or part of a layer at {@link dev.tale.model.Granularity#SUBLAYER}.
   *
   * @throws IllegalArgumentException if the measure cannot be taken on the rows, or the model lacks
   *     the ability that it needs; the message says which. One row has no mean with an error: only
   *     {@link #leaveOneOutAccuracy} is taken on it
   * @throws dev.tale.model.ModelOutputException if the model's output is not numbers
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  LayerScores score(LayeredModel model, Task task);

  /**
   * Work of scoring, in layer-forwards as {@link dev.tale.model.PlannedWork} counts them, of a
   * measure that asks the model anew for each layer. Unless overridden 0: no more than a few
   * passes.
   *
   * @throws IllegalArgumentException as {@link #score} does
   */
  default long cost(LayeredModel model, Task task) {
    return 0;
  }

  /**
   * Returns the measure of what a layer adds to the information about the right answer: {@code
   * I(X_l+1; Y) - I(X_l; Y)} in bits, X being the hidden state at the last prompt token and Y the
   * row's label, {@link Task#label}. Negative for a layer that loses information (a bottleneck).
   * Needs hidden states, and labels that repeat. Costs one pass over the prompts and {@code
   * layerCount + 1} estimates.
   *
   * @param estimator usually {@link InformationEstimator#crossValidatedProbe}
   * @param seed of the bootstrap over rows
   */
  static LayerScorer mutualInformation(InformationEstimator estimator, long seed) {
    return new InformationGain(estimator, seed);
  }

  /**
   * Returns block influence (ShortGPT): 1 - cosine of the hidden states before and after a layer,
   * at the last prompt token, mean over rows, in [0, 2]. Needs hidden states, not labels. Costs one
   * pass over the prompts. For spans of layers see {@link SpanScores#angularDistance}.
   *
   * @param seed of the bootstrap over rows
   */
  static LayerScorer blockInfluence(long seed) {
    return new BlockInfluence(seed);
  }

  /**
   * Returns leave-one-out loss: by how many nats the negative log-likelihood of the right answer,
   * {@link Task#goldLikelihood}, grows without a layer, mean over rows; negative for a layer that
   * harms. Costs one pass with every layer and one without each.
   *
   * @param seed of the bootstrap over rows
   */
  static LayerScorer leaveOneOutLoss(long seed) {
    return new LossIncrease(seed);
  }

  /**
   * Returns leave-one-out accuracy: by how much the task's accuracy, a fraction, falls without a
   * layer; negative for a layer that harms. This is the first round of TALE's search, and what the
   * other measures are to predict. Intervals are {@link dev.tale.stats.Tango}'s. Costs one pass
   * with every layer and one without each.
   */
  static LayerScorer leaveOneOutAccuracy() {
    return new AccuracyDrop();
  }

  /**
   * Returns gradient importance with the step that suits models in float32, {@link #GATE_STEP}.
   *
   * @param seed of the bootstrap over rows
   * @see #gradient(double, long)
   */
  static LayerScorer gradient(long seed) {
    return gradient(GATE_STEP, seed);
  }

  /**
   * Returns gradient importance: the absolute derivative, in nats, of the mean loss by the factor
   * on what a layer adds to the residual stream, by central differences. Needs scaled layers. Costs
   * {@code 2 layerCount} passes, which share what they have in common.
   *
   * @param step by which a factor is moved off 1, in (0, 1]
   * @param seed of the bootstrap over rows
   * @throws IllegalArgumentException if the step is outside its range
   */
  static LayerScorer gradient(double step, long seed) {
    return new GateGradient(step, seed);
  }

  /**
   * Returns the measure of how much closer a layer brings the geometry of the task's hidden states
   * to that of a reference, after arXiv 2605.14738; negative for a layer that takes them away from
   * it. Needs hidden states, not labels. Costs one pass over the prompts of both.
   *
   * @param reference rows that the model is at home with, such as those of its training
   * @param seed of the bootstrap over rows
   * @see GeometryProfile
   */
  static LayerScorer geometry(GeometryMeasure measure, Task reference, long seed) {
    return new GeometryShift(measure, reference, seed);
  }

  /**
   * Returns the mean rank by several measures; TALE joins {@link #mutualInformation} and {@link
   * #gradient}.
   *
   * @param scorers at least one
   * @throws IllegalArgumentException if there are none
   * @see LayerScores#joint
   */
  static LayerScorer joint(List<LayerScorer> scorers) {
    return new JointRank(scorers);
  }
}
