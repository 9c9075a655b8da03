package dev.tale.importance;

import java.util.Comparator;
import java.util.List;
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
}
