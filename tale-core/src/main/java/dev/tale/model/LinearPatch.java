package dev.tale.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A linear map in the place of a span of neighbouring layers that were removed: of a state {@code
 * h} of the residual stream before the span it makes {@code h + h A}. A map of zeros is the plain
 * removal. Immutable.
 */
public final class LinearPatch {
  private final int first;
  private final int last;
  private final int width;
  private final float[] matrix;

  private LinearPatch(int first, int last, int width, float[] matrix) {
    this.first = first;
    this.last = last;
    this.width = width;
    this.matrix = matrix;
  }

  /**
   * A map in the place of layers {@code first} to {@code last} of the original model.
   *
   * @param first index of the first removed layer, at least 0
   * @param last index of the last removed layer, at least {@code first}
   * @param matrix A, [width, width], row after row; row i says how component i of a state changes
   *     all components. Copied
   * @throws IllegalArgumentException if the span is empty, the matrix is not square, or one of its
   *     elements is not finite
   */
  public static LinearPatch of(int first, int last, float[] matrix) {
    if (first < 0 || last < first) {
      throw new IllegalArgumentException(
          "The span is of layers "
              + first
              + " to "
              + last
              + "; give the index of its first layer, at least 0, and one not less for the last");
    }
    int width = (int) Math.round(Math.sqrt(matrix.length));
    if (width < 1 || width * width != matrix.length) {
      throw new IllegalArgumentException(
          "The matrix has " + matrix.length + " elements; give width x width, at least 1");
    }
    for (int index = 0; index < matrix.length; index++) {
      if (!Float.isFinite(matrix[index])) {
        throw new IllegalArgumentException(
            "Element " + index + " of the matrix is " + matrix[index] + "; give finite numbers");
      }
    }
    return new LinearPatch(first, last, width, matrix.clone());
  }

  /**
   * The spans of neighbouring layers that a mask removes, each as long as it can be.
   *
   * @return first and last layer of each span, ascending; empty if the mask removes nothing
   */
  public static List<int[]> spans(LayerMask mask) {
    List<int[]> spans = new ArrayList<>();
    for (int layer : mask.removed()) {
      if (layer > 0 && mask.removes(layer - 1)) {
        spans.get(spans.size() - 1)[1] = layer;
      } else {
        spans.add(new int[] {layer, layer});
      }
    }
    return List.copyOf(spans);
  }

  /**
   * Checks that maps stand in the place of whole spans of a mask, at most one each.
   *
   * @throws IllegalArgumentException if one does not
   */
  public static void requireSpansOf(LayerMask mask, List<LinearPatch> patches) {
    List<String> spans =
        new ArrayList<>(spans(mask).stream().map(span -> span[0] + " to " + span[1]).toList());
    for (LinearPatch patch : patches) {
      if (!spans.remove(patch.first + " to " + patch.last)) {
        throw new IllegalArgumentException(
            patch
                + " is not in the place of one of the spans that "
                + mask
                + " removes and that have none yet: layers "
                + spans
                + "; give at most one map for each");
      }
    }
  }

  /** Returns the index of the first removed layer in the original model. */
  public int first() {
    return first;
  }

  /** Returns the index of the last removed layer in the original model. */
  public int last() {
    return last;
  }

  /** Returns the number of components of a state. */
  public int width() {
    return width;
  }

  /** Returns the elements of A, [width, width], row after row; a fresh array. */
  public float[] matrix() {
    return matrix.clone();
  }

  /** Returns whether A is zero, so that the map changes nothing. */
  public boolean isZero() {
    for (float element : matrix) {
      if (element != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns {@code h + h A} for every state, summed in double precision and rounded once. Costs
   * {@code width} multiplications for each element.
   *
   * @param states [states, width], row after row
   * @throws IllegalArgumentException if that is no whole number of states
   */
  public float[] apply(float[] states) {
    if (states.length % width != 0) {
      throw new IllegalArgumentException(
          states.length + " elements are no whole number of states of width " + width);
    }
    float[] mapped = new float[states.length];
    double[] sums = new double[width];
    for (int start = 0; start < states.length; start += width) {
      for (int column = 0; column < width; column++) {
        sums[column] = states[start + column];
      }
      for (int row = 0; row < width; row++) {
        addScaled(states[start + row], row * width, sums);
      }
      for (int column = 0; column < width; column++) {
        mapped[start + column] = (float) sums[column];
      }
    }
    return mapped;
  }

  private void addScaled(double factor, int from, double[] sums) {
    for (int column = 0; column < width; column++) {
      sums[column] += factor * matrix[from + column];
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LinearPatch patch
        && first == patch.first
        && last == patch.last
        && Arrays.equals(matrix, patch.matrix);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * first + last) + Arrays.hashCode(matrix);
  }

  /** Returns the span in words, for example {@code the map of width 128 for layers 4 to 6}. */
  @Override
  public String toString() {
    return "the map of width " + width + " for layers " + first + " to " + last;
  }
}
