package dev.tale.onnx.graph;

import org.assertj.core.api.Assertions;

/** Largest absolute difference between two arrays. */
public final class Difference {
  private Difference() {}

  public static double max(float[] actual, float[] expected) {
    Assertions.assertThat(actual).hasSameSizeAs(expected);
    double max = 0;
    for (int i = 0; i < actual.length; i++) {
      double difference = Math.abs((double) actual[i] - expected[i]);
      max = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(max, difference);
    }
    return max;
  }
}
