package dev.tale.search;

import dev.tale.model.LayerInfo.Part;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A set of removed layers that changes by swaps, with the energy that each layer would add to it.
 * Layers are named by their positions among the removed and among the kept ones.
 */
final class SwappedSet {
  private final Couplings couplings;
  private final boolean[] attention;
  private final int[] removed;
  private final int[] kept;
  private final double[] field;
  private int attentionKept;

  SwappedSet(ModelInfo model, Couplings couplings, LayerMask start) {
    this.couplings = couplings;
    this.removed = start.removed().stream().mapToInt(Integer::intValue).toArray();
    this.kept = start.kept().stream().mapToInt(Integer::intValue).toArray();
    this.attention = new boolean[layers()];
    this.field = new double[layers()];
    for (int layer = 0; layer < layers(); layer++) {
      attention[layer] = model.layers().get(layer).part() != Part.FEED_FORWARD;
      attentionKept += attention[layer] && !start.removes(layer) ? 1 : 0;
      field[layer] = couplings.added(layer, removed, removed.length);
    }
  }

  int layers() {
    return removed.length + kept.length;
  }

  int removedCount() {
    return removed.length;
  }

  LayerMask mask() {
    return LayerMask.of(layers(), removed);
  }

  /** Returns whether attention is left after a swap. */
  boolean maySwap(int back, int gone) {
    return attentionKept - count(kept[gone]) + count(removed[back]) > 0;
  }

  private int count(int layer) {
    return attention[layer] ? 1 : 0;
  }

  /** Returns the change of the energy by a swap, but for rounding. */
  double change(int back, int gone) {
    return field[kept[gone]] - field[removed[back]] - couplings.pair(removed[back], kept[gone]);
  }

  /** Lets a removed layer back in for a kept one. */
  void swap(int back, int gone) {
    int in = removed[back];
    int out = kept[gone];
    attentionKept += count(in) - count(out);
    for (int layer = 0; layer < field.length; layer++) {
      field[layer] += couplings.pair(out, layer) - couplings.pair(in, layer);
    }
    removed[back] = out;
    kept[gone] = in;
  }

  /**
   * Swaps until no swap gives a set of lower energy, or of the same with lower layers. Goes by
   * energies that are computed anew, so that rounding leads it in no circle.
   */
  void descend() {
    while (IntStream.range(0, removed.length).anyMatch(this::descends)) {
      // The next swap is looked for from the first layer on.
    }
  }

  private boolean descends(int back) {
    return IntStream.range(0, kept.length).anyMatch(gone -> descends(back, gone));
  }

  private boolean descends(int back, int gone) {
    if (!maySwap(back, gone)) {
      return false;
    }
    boolean lower = kept[gone] < removed[back];
    double before = energy();
    swap(back, gone);
    int compared = Double.compare(energy(), before);
    boolean better = compared < 0 || (compared == 0 && lower);
    if (!better) {
      swap(back, gone);
    }
    return better;
  }

  private double energy() {
    int[] ascending = removed.clone();
    Arrays.sort(ascending);
    return couplings.energy(ascending);
  }
}
