package dev.tale.search;

import dev.tale.evaluate.Objective;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Losses of a model without any layer removed, without one and without two.
 *
 * @param layers number of layers, or of parts
 * @param byMask the losses; of a mask that was not asked there is none, as if it broke the model
 */
record PairLosses(int layers, Map<LayerMask, Double> byMask) {

  /** Bits of an effect below the leading one of the largest loss: finer than a model's float. */
  private static final int PRECISION = 32;

  PairLosses {
    byMask = Map.copyOf(byMask);
  }

  /** Asks them in one call; pairs only if the objective allows to remove two. */
  static PairLosses ask(Objective objective) {
    List<LayerMask> masks = masks(objective.model(), Math.min(2, objective.mostRemoved()));
    List<Double> losses = objective.losses(masks);
    Map<LayerMask, Double> byMask = new HashMap<>();
    IntStream.range(0, masks.size()).forEach(i -> byMask.put(masks.get(i), losses.get(i)));
    return new PairLosses(objective.model().layerCount(), byMask);
  }

  /** The masks that remove up to so many, fewest first. */
  private static List<LayerMask> masks(ModelInfo model, int mostRemoved) {
    return IntStream.rangeClosed(0, mostRemoved)
        .boxed()
        .flatMap(removed -> Masks.all(model, removed).stream())
        .toList();
  }

  /** Returns the effects: differences of losses, infinite where the model breaks. */
  Couplings effects() {
    double unit = unit();
    double[] own = new double[layers];
    double[][] pair = new double[layers][layers];
    for (int layer = 0; layer < layers; layer++) {
      own[layer] = effect(loss(layer), loss(layer) - loss(), unit);
      for (int lower = 0; lower < layer; lower++) {
        pair[lower][layer] = interaction(lower, layer, unit);
        pair[layer][lower] = pair[lower][layer];
      }
    }
    return new Couplings(own, pair);
  }

  /** A power of two: what effects are rounded to, so that sums are exact and ties are ties. */
  private double unit() {
    double largest =
        byMask.values().stream()
            .mapToDouble(Math::abs)
            .filter(PairLosses::isNumber)
            .max()
            .orElse(0);
    return Math.scalb(1.0, Math.getExponent(largest) - PRECISION);
  }

  private double interaction(int lower, int layer, double unit) {
    double both = loss(lower, layer);
    return effect(both, both - loss(lower) - loss(layer) + loss(), unit);
  }

  private double loss(int... removed) {
    return byMask.getOrDefault(LayerMask.of(layers, removed), Double.NaN);
  }

  /** Infinite if the loss is of a broken model, 0 if only what it is compared with is. */
  private static double effect(double loss, double difference, double unit) {
    if (!isNumber(loss)) {
      return Double.POSITIVE_INFINITY;
    }
    return isNumber(difference) ? Math.rint(difference / unit) * unit : 0;
  }

  /** A loss beyond the range of what models compute with is none. */
  private static boolean isNumber(double loss) {
    return Math.abs(loss) <= Float.MAX_VALUE;
  }
}
