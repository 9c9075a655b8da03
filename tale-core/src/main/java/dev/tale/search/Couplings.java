package dev.tale.search;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Effects of layers on a loss, alone and in pairs, in its unit. An infinite effect, of a layer or
 * pair that breaks the model, counts more than all finite ones together.
 */
final class Couplings {
  private final double[] own;
  private final double[][] pair;
  private final Scale scale;

  /**
   * Sizes of the finite effects; 0 if there are none.
   *
   * @param largest the largest
   * @param median the median of those that are not 0
   */
  record Scale(double largest, double median) {

    static Scale of(double[] effects) {
      double[] sizes = Arrays.stream(effects).map(Math::abs).filter(e -> e > 0).sorted().toArray();
      return sizes.length == 0
          ? new Scale(0, 0)
          : new Scale(sizes[sizes.length - 1], sizes[sizes.length / 2]);
    }
  }

  /**
   * Takes effects, of which some may be infinite.
   *
   * @param own the effect of each layer
   * @param pair the interactions, symmetric, 0 on the diagonal
   */
  Couplings(double[] own, double[][] pair) {
    double[] finite =
        DoubleStream.concat(Arrays.stream(own), Arrays.stream(pair).flatMapToDouble(Arrays::stream))
            .filter(Double::isFinite)
            .toArray();
    double sum = DoubleStream.of(finite).map(Math::abs).sum();
    double breaking = sum == 0 ? 1 : 4 * sum;
    this.own = limited(own, breaking);
    this.pair = Arrays.stream(pair).map(row -> limited(row, breaking)).toArray(double[][]::new);
    this.scale = Scale.of(finite);
  }

  private static double[] limited(double[] effects, double most) {
    return Arrays.stream(effects).map(effect -> Math.min(effect, most)).toArray();
  }

  int layers() {
    return own.length;
  }

  double own(int layer) {
    return own[layer];
  }

  double pair(int first, int second) {
    return pair[first][second];
  }

  Scale scale() {
    return scale;
  }

  /** Returns the energy that a layer adds to the first few of some others. */
  double added(int layer, int[] others, int count) {
    double added = own[layer];
    for (int i = 0; i < count; i++) {
      added += pair[others[i]][layer];
    }
    return added;
  }

  /** Returns the energy of a set, the same bits however it was found. */
  double energy(int[] ascending) {
    double energy = 0;
    for (int i = 0; i < ascending.length; i++) {
      energy += added(ascending[i], ascending, i);
    }
    return energy;
  }
}
