package dev.tale.model;

import java.io.Serializable;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An immutable set of removed layers over a model with a fixed number of layers. Indices are
 * 0-based and always those of the original model, whatever has been removed already. Over a model
 * of {@link Granularity#SUBLAYER} the indices are those of its layers' parts: what is said of
 * layers here is then meant of parts.
 *
 * <p>Removing a layer sets its residual contribution to zero: the layer's output becomes its input
 * (arXiv 2510.22767, section 3). Masks are values: two masks over the same number of layers with
 * the same removed layers are equal.
 */
public final class LayerMask implements Serializable {
  private static final long serialVersionUID = 1;

  private final int layers;
  private final BitSet removed;

  private LayerMask(int layers, BitSet removed) {
    this.layers = layers;
    this.removed = removed;
  }

  /**
   * Returns the mask that removes nothing.
   *
   * @param layers number of layers of the original model, at least 1
   * @throws IllegalArgumentException if {@code layers} is less than 1
   */
  public static LayerMask none(int layers) {
    if (layers < 1) {
      throw new IllegalArgumentException("A model has at least 1 layer, but layers is " + layers);
    }
    return new LayerMask(layers, new BitSet(layers));
  }

  /**
   * Returns the mask that removes exactly the given layers.
   *
   * @param layers number of layers of the original model, at least 1
   * @param removed indices in [0, layers), in any order, without repetition
   * @throws IllegalArgumentException if {@code layers} is less than 1 or an index is repeated
   * @throws IndexOutOfBoundsException if an index is outside [0, layers)
   */
  public static LayerMask of(int layers, int... removed) {
    LayerMask mask = none(layers);
    for (int layer : removed) {
      mask = mask.remove(layer);
    }
    return mask;
  }

  /**
   * Returns this mask with one more layer removed.
   *
   * @throws IndexOutOfBoundsException if {@code layer} is outside [0, layers)
   * @throws IllegalArgumentException if {@code layer} is removed already
   */
  public LayerMask remove(int layer) {
    if (removes(layer)) {
      throw new IllegalArgumentException("Layer " + layer + " is removed already by " + this);
    }
    BitSet more = (BitSet) removed.clone();
    more.set(layer);
    return new LayerMask(layers, more);
  }

  /**
   * Returns this mask with a removed layer back in its place.
   *
   * @throws IndexOutOfBoundsException if {@code layer} is outside [0, layers)
   * @throws IllegalArgumentException if {@code layer} is not removed
   */
  public LayerMask readmit(int layer) {
    if (!removes(layer)) {
      throw new IllegalArgumentException("Layer " + layer + " is not removed by " + this);
    }
    BitSet fewer = (BitSet) removed.clone();
    fewer.clear(layer);
    return new LayerMask(layers, fewer);
  }

  /**
   * Returns whether the layer is removed.
   *
   * @throws IndexOutOfBoundsException if {@code layer} is outside [0, layers)
   */
  public boolean removes(int layer) {
    if (layer < 0 || layer >= layers) {
      throw new IndexOutOfBoundsException(
          "Layer " + layer + " is outside [0, " + layers + ") of the original model");
    }
    return removed.get(layer);
  }

  /** Returns the number of layers of the original model. */
  public int layers() {
    return layers;
  }

  /**
   * Checks that this mask is for a model with so many layers.
   *
   * @param expected number of layers of the model, see {@link ModelInfo#layerCount}
   * @throws IllegalArgumentException if it is for another number
   */
  public void requireLayers(int expected) {
    if (layers != expected) {
      throw new IllegalArgumentException(
          String.format(
              "Mask %s is for %d layers or parts, but the model has %d; make it with"
                  + " LayerMask.of(%3$d, ...)",
              this, layers, expected));
    }
  }

  /** Returns the number of removed layers, 0 to {@link #layers()}. */
  public int removedCount() {
    return removed.cardinality();
  }

  /** Returns the removed layers, ascending. */
  public List<Integer> removed() {
    return removed.stream().boxed().toList();
  }

  /** Returns the layers that stay, ascending. */
  public List<Integer> kept() {
    return IntStream.range(0, layers).filter(layer -> !removed.get(layer)).boxed().toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LayerMask that && layers == that.layers && removed.equals(that.removed);
  }

  @Override
  public int hashCode() {
    return 31 * layers + removed.hashCode();
  }

  /** Returns the canonical text, for example {@code 12-[3, 7]}: 12 layers without 3 and 7. */
  @Override
  public String toString() {
    return layers
        + "-"
        + removed().stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }
}
