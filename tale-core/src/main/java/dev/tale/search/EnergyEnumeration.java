package dev.tale.search;

import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Looks at every set of a size, the lowest layers first. */
final class EnergyEnumeration {
  private final ModelInfo model;
  private final Couplings couplings;
  private final int[] removed;
  private double lowest = Double.POSITIVE_INFINITY;
  private @Nullable LayerMask best;

  EnergyEnumeration(ModelInfo model, Couplings couplings, int removed) {
    this.model = model;
    this.couplings = couplings;
    this.removed = new int[removed];
  }

  LayerMask lowest() {
    extend(0, 0, 0);
    return Objects.requireNonNull(best, "a set that leaves attention");
  }

  /** Adds each layer from one on to the first few. */
  private void extend(int count, int from, double energy) {
    if (count == removed.length) {
      offer(energy);
      return;
    }
    int last = couplings.layers() - removed.length + count;
    for (int layer = from; layer <= last; layer++) {
      removed[count] = layer;
      extend(count + 1, layer + 1, energy + couplings.added(layer, removed, count));
    }
  }

  private void offer(double energy) {
    if (energy < lowest) {
      LayerMask mask = LayerMask.of(model.layerCount(), Arrays.copyOf(removed, removed.length));
      if (model.leavesAttention(mask)) {
        lowest = energy;
        best = mask;
      }
    }
  }
}
