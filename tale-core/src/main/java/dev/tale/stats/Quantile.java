package dev.tale.stats;

/** Quantiles of sorted numbers, interpolated linearly (type 7 of Hyndman and Fan, as in NumPy). */
final class Quantile {
  private Quantile() {}

  static double of(double[] ascending, double probability) {
    double position = probability * (ascending.length - 1);
    int below = (int) position;
    if (below == ascending.length - 1) {
      return ascending[below];
    }
    double share = position - below;
    // This form gives an equal neighbour back exactly, and never leaves the two.
    return ascending[below] + share * (ascending[below + 1] - ascending[below]);
  }
}
