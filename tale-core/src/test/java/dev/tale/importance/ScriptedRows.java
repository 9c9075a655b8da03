package dev.tale.importance;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** States and labels for estimators. */
public final class ScriptedRows {
  private ScriptedRows() {}

  /** Those of importance.py: 6 components without randomness, the first shifted by the class. */
  public static float[][] waves(int rows, int classes) {
    float[][] states = new float[rows][6];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < 6; j++) {
        double shift = j == 0 ? 0.6 * (i % classes) : 0;
        states[i][j] = (float) (Math.sin(1.7 * (i + 1) * (j + 1)) + shift);
      }
    }
    return states;
  }

  /** Labels of the rows in turn. */
  public static List<String> turns(int rows, int classes) {
    return IntStream.range(0, rows).mapToObj(i -> "class " + i % classes).toList();
  }

  /** Normal noise with the first component moved by half a distance up or down by class. */
  public static float[][] gaussians(int rows, int width, double distance, long seed) {
    Random random = new Random(seed);
    float[][] states = new float[rows][width];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < width; j++) {
        double shift = j == 0 ? distance * (i % 2 - 0.5) : 0;
        states[i][j] = (float) (random.nextGaussian() + shift);
      }
    }
    return states;
  }

  /** I(X; Y) in bits of {@link #gaussians}: 1 - E log2(1 + exp(-t)), t normal (d^2 / 2, d^2). */
  public static double information(double distance) {
    double sum = 0;
    double weights = 0;
    for (double z = -10; z <= 10; z += 1e-3) {
      double t = distance * distance / 2 + distance * z;
      sum += Math.exp(-z * z / 2) * Math.log1p(Math.exp(-t)) / Math.log(2);
      weights += Math.exp(-z * z / 2);
    }
    return 1 - sum / weights;
  }
}
