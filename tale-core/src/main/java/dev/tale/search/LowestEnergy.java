package dev.tale.search;

import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import java.math.BigInteger;
import java.util.SplittableRandom;

/**
 * The set of a size whose energy is lowest, of those that leave attention; the lowest layers on a
 * tie.
 *
 * @param seed of the annealing
 */
record LowestEnergy(ModelInfo model, Couplings couplings, long seed) {

  /** Most sets of one size that are all looked at; all sizes of 22 layers. */
  static final int MOST_ENUMERATED = 1 << 20;

  static boolean isAnnealed(ModelInfo model, int removed) {
    BigInteger sets = Masks.choose(model.layerCount(), removed);
    return sets.compareTo(BigInteger.valueOf(MOST_ENUMERATED)) > 0;
  }

  LayerMask removing(int removed) {
    return isAnnealed(model, removed) ? annealed(removed) : enumerated(removed);
  }

  LayerMask enumerated(int removed) {
    return new EnergyEnumeration(model, couplings, removed).lowest();
  }

  LayerMask annealed(int removed) {
    return Annealing.lowest(model, couplings, removed, new SplittableRandom(seed + removed));
  }
}
