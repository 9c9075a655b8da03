package dev.tale.search;

import dev.tale.importance.LayerScores;
import dev.tale.model.ModelInfo;
import java.util.List;

/** The layers from the one that matters least on: all that a search uses of scores. */
record RemovalOrder(String measure, List<Integer> layers) {

  static RemovalOrder of(LayerScores scores) {
    return new RemovalOrder(scores.measure(), scores.leastFirst());
  }

  void require(ModelInfo model) {
    if (layers.size() != model.layerCount()) {
      throw new IllegalArgumentException(
          String.format(
              "The scores by %s are of %d layers or parts, but model %s has %d; score this model"
                  + " at this granularity",
              measure, layers.size(), model.name(), model.layerCount()));
    }
  }

  /** Returns for example {@code block influence [3, 0, 1, 2]}. */
  @Override
  public String toString() {
    return measure + " " + layers;
  }
}
