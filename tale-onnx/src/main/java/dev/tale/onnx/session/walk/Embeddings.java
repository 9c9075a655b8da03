package dev.tale.onnx.session.walk;

import dev.tale.onnx.session.batch.PaddedBatch;

/** The vector of every sequence under every mask. */
public final class Embeddings {
  private final float[][][] vectors; // [masks][sequences][width]

  public Embeddings(int masks, int sequences) {
    this.vectors = new float[masks][sequences][];
  }

  /** Notes a batch's vectors; those that were noted before, and interrupted, are replaced. */
  public void put(int mask, PaddedBatch batch, float[][] output) {
    for (int member = 0; member < batch.size(); member++) {
      vectors[mask][batch.members().get(member)] = output[member];
    }
  }

  /**
   * Returns the cosine of the angle between two sequences' vectors: exactly 1 for equal ones, NaN
   * if one is zero or has a number that is none.
   */
  public double cosine(int mask, int sequence, int other) {
    float[] a = vectors[mask][sequence];
    float[] b = vectors[mask][other];
    double cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    return Math.max(-1, Math.min(1, cosine));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
