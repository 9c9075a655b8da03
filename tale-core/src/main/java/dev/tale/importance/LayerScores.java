package dev.tale.importance;

import dev.tale.estimate.Estimate;
import dev.tale.stats.KendallTau;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How much each layer of a model matters, by one measure.
 *
 * @param measure name of the measure with every setting
 * @param unit of the values, for example {@code bit}
 * @param layers one score for each layer, by layer index from 0; the higher, the more it matters
 */
public record LayerScores(String measure, String unit, List<LayerScore> layers) {

  /**
   * Copies the scores.
   *
   * @throws IllegalArgumentException if they are not those of layers 0, 1, 2, ... in this order, or
   *     there are none
   */
  public LayerScores {
    layers = List.copyOf(layers);
    List<Integer> indices = layers.stream().map(LayerScore::layer).toList();
    if (layers.isEmpty() || !indices.equals(IntStream.range(0, layers.size()).boxed().toList())) {
      throw new IllegalArgumentException(
          "Scores of layers " + indices + "; give one for each layer, by index from 0");
    }
  }

  /** Returns the layers from the one that matters least on; the lower index first on a tie. */
  public List<Integer> leastFirst() {
    return layers.stream()
        .sorted(Comparator.comparingDouble(LayerScore::value))
        .map(LayerScore::layer)
        .toList();
  }

  /**
   * Returns scores by mean rank over several measures: 1 for the layer that matters least on, tied
   * layers sharing the mean of their ranks, every measure counting alike.
   *
   * <p>Intervals hold the mean rank by the true values of the measures, those of all layers
   * together with a probability of at least 95 %, however the errors of layers and measures depend
   * on each other, and also where layers are equally good or nearly so. They are wide: a bound
   * moves away from 1 or the number of layers only for layers that are told apart for certain. They
   * know of the rows no more than the measures' own intervals do, widen these as those of normal
   * errors, and say nothing of whether a measure is the right one, of its bias, or of other tasks.
   *
   * @param scores of the same layers, by at least one measure
   * @throws IllegalArgumentException if there are no scores, or those of different layers
   */
  public static LayerScores joint(List<LayerScores> scores) {
    return JointRank.of(List.copyOf(scores));
  }

  /**
   * Returns how far another measure puts the layers in the same order, as Kendall's tau-b in [-1,
   * 1]; empty if one of the two puts them in none, all its values being equal.
   *
   * @throws IllegalArgumentException if the other scores are those of different layers
   */
  public Optional<Estimate> agreement(LayerScores other) {
    requireSameLayers(other);
    return KendallTau.of(values(), other.values());
  }

  void requireSameLayers(LayerScores other) {
    if (layers.size() != other.layers.size()) {
      throw new IllegalArgumentException(
          String.format(
              "%s scores %d layers or parts, %s scores %d; take both on the same model",
              measure, layers.size(), other.measure, other.layers.size()));
    }
  }

  double[] values() {
    return layers.stream().mapToDouble(LayerScore::value).toArray();
  }
}
