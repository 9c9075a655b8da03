package dev.tale.onnx.session;

/**
 * What the head said of one batch.
 *
 * <p>Flat over the probes of the batch's sequences, in their order.
 */
final class HeadOutput {
  private final long[] argmax; // [probes]
  private final float[] logProbabilities; // [probes, width]

  HeadOutput(long[] argmax, float[] logProbabilities) {
    this.argmax = argmax;
    this.logProbabilities = logProbabilities;
  }

  /** Returns the most likely token, the lowest on ties. */
  long argmax(int probe) {
    return argmax[probe];
  }

  /** Returns the log-probability of one of the probe's candidates. */
  float logProbability(int probe, int candidate) {
    return logProbabilities[probe * (logProbabilities.length / argmax.length) + candidate];
  }
}
