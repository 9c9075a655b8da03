package dev.tale.search;

import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import java.util.Comparator;
import java.util.SplittableRandom;

/**
 * Simulated annealing of a set of removed layers (Kirkpatrick et al., Science 220, 1983): swaps a
 * removed layer for a kept one if that lowers the energy, or by chance if it does not, ever less
 * often. It begins as hot as the largest effect and ends at a hundredth of the median one; then it
 * descends.
 */
final class Annealing {

  /** Number of sets that it begins with, all different. */
  static final int STARTS = 16;

  private static final int TEMPERATURES = 200;
  private static final double COLDEST = 0.01;

  private final SwappedSet set;
  private final SplittableRandom random;

  private Annealing(SwappedSet set, SplittableRandom random) {
    this.set = set;
    this.random = random;
  }

  /** Returns the best set of so many layers that it finds; the lowest layers on a tie. */
  static LayerMask lowest(
      ModelInfo model, Couplings couplings, int removed, SplittableRandom random) {
    Comparator<LayerMask> lowest =
        Comparator.comparingDouble((LayerMask mask) -> energy(couplings, mask))
            .thenComparing(Masks.LOWEST_FIRST);
    return Masks.draw(model, removed, STARTS, random).stream()
        .map(start -> new Annealing(new SwappedSet(model, couplings, start), random.split()))
        .map(annealing -> annealing.run(couplings.scale()))
        .min(lowest)
        .orElseThrow();
  }

  static double energy(Couplings couplings, LayerMask mask) {
    return couplings.energy(mask.removed().stream().mapToInt(Integer::intValue).toArray());
  }

  private LayerMask run(Couplings.Scale scale) {
    double cooling =
        scale.largest() == 0
            ? 1
            : StrictMath.pow(COLDEST * scale.median() / scale.largest(), 1.0 / TEMPERATURES);
    double temperature = scale.largest();
    for (int step = 0; step < TEMPERATURES; step++) {
      sweep(temperature);
      temperature *= cooling;
    }
    set.descend();
    return set.mask();
  }

  /** Proposes as many swaps as there are layers. */
  private void sweep(double temperature) {
    for (int i = 0; i < set.layers(); i++) {
      int back = random.nextInt(set.removedCount());
      int gone = random.nextInt(set.layers() - set.removedCount());
      if (set.maySwap(back, gone) && accepts(set.change(back, gone), temperature)) {
        set.swap(back, gone);
      }
    }
  }

  private boolean accepts(double change, double temperature) {
    return change <= 0 || random.nextDouble() < StrictMath.exp(-change / temperature);
  }
}
