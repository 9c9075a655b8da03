package dev.tale.testing;

import dev.tale.model.LayerMask;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Says which rows a {@link ScriptedModel} has right under which mask. */
@FunctionalInterface
public interface Script {

  /**
   * Returns whether the model is right. The same arguments give the same answer.
   *
   * @param row position of the row in the model's tasks, counted through all of them
   */
  boolean correct(LayerMask mask, int row);

  /**
   * Returns a random model without interactions between layers: every row has a margin, every layer
   * an effect and an effect on the row; a row is right as long as its margin minus the effects of
   * the removed layers is positive. About five rows of six are right with all layers; one layer in
   * four harms, and is better removed.
   */
  static Script additive(long seed) {
    return (mask, row) -> {
      double margin = gaussian(seed, -1, row) + 1;
      return margin > mask.removed().stream().mapToDouble(l -> effect(seed, l, row)).sum();
    };
  }

  private static double effect(long seed, int layer, int row) {
    return 0.4 * gaussian(seed, layer, -1) + 0.25 + 0.4 * gaussian(seed, layer, row);
  }

  private static double gaussian(long seed, int layer, int row) {
    long mixed =
        IntStream.of(layer, row).asLongStream().reduce(seed, (h, v) -> h * 0x5DEECE66DL + v + 11);
    return new SplittableRandom(mixed).nextGaussian();
  }
}
