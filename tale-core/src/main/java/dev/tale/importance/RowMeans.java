package dev.tale.importance;

import dev.tale.estimate.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Makes scores of one value for each layer and row. */
final class RowMeans {
  private RowMeans() {}

  /**
   * Scores layers by the means of their values.
   *
   * @param values by layer, by row
   */
  static LayerScores of(LayerScorer measure, String unit, double[][] values, long seed) {
    return of(measure, unit, values, new Resampling(seed)::mean);
  }

  static LayerScores of(
      LayerScorer measure, String unit, double[][] values, Function<double[], Estimate> estimate) {
    List<LayerScore> layers = new ArrayList<>();
    for (double[] ofLayer : values) {
      layers.add(LayerScore.of(layers.size(), estimate.apply(ofLayer)));
    }
    return new LayerScores(measure.toString(), unit, layers);
  }
}
