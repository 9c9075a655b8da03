package dev.tale.importance;

/** Lengths and angles of hidden states, summed in double precision. */
final class Vectors {
  private Vectors() {}

  static double norm(float[] vector) {
    return Math.sqrt(dot(vector, vector));
  }

  static double distance(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      double difference = (double) one[i] - other[i];
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  /** The cosine of the angle, in [-1, 1]; NaN if one of the vectors is zero. */
  static double cosine(float[] one, float[] other) {
    double cosine = dot(one, other) / (norm(one) * norm(other));
    return Math.max(-1, Math.min(1, cosine));
  }

  private static double dot(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (double) one[i] * other[i];
    }
    return sum;
  }
}
