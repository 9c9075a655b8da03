package dev.tale.information;

/**
 * Shifts and scales components to mean 0 and variance 1 on some rows. A component that is the same
 * on all of them becomes 0 everywhere.
 */
final class Standardization {
  /** Relative to the mean square: what rounding of float32 makes of a constant. */
  private static final double CONSTANT = 1e-12;

  private final double[] mean;
  private final double[] scale;

  /** Takes the mean and 1 / standard deviation, or 0, of each component. */
  private Standardization(double[] mean, double[] scale) {
    this.mean = mean;
    this.scale = scale;
  }

  static Standardization of(float[][] states, int[] rows) {
    int width = states[0].length;
    double[] mean = new double[width];
    double[] scale = new double[width];
    for (int i = 0; i < width; i++) {
      double sum = 0;
      for (int row : rows) {
        sum += states[row][i];
      }
      mean[i] = sum / rows.length;
      scale[i] = scale(states, rows, i, mean[i]);
    }
    return new Standardization(mean, scale);
  }

  private static double scale(float[][] states, int[] rows, int component, double mean) {
    double squares = 0;
    for (int row : rows) {
      double difference = states[row][component] - mean;
      squares += difference * difference;
    }
    double variance = squares / rows.length;
    return variance > CONSTANT * mean * mean ? 1 / Math.sqrt(variance) : 0;
  }

  double[] apply(float[] state) {
    double[] result = new double[state.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = scale[i] == 0 ? 0 : (state[i] - mean[i]) * scale[i];
    }
    return result;
  }
}
