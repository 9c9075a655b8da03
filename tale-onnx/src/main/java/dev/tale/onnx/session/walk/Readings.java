package dev.tale.onnx.session.walk;

import dev.tale.onnx.session.batch.PaddedBatch;

/** What the head said of every sequence under every mask. */
public final class Readings {
  private final HeadOutput[][] outputs; // [masks][sequences]
  private final int[] bases; // [sequences], first probe of the sequence in its output

  private final long tokens;

  /**
   * Nothing is noted yet.
   *
   * @param tokens tokens that were planned to be fed under one mask
   */
  public Readings(int masks, int sequences, long tokens) {
    this.tokens = tokens;
    this.outputs = new HeadOutput[masks][sequences];
    this.bases = new int[sequences];
  }

  public int masks() {
    return outputs.length;
  }

  /** Tokens that were planned to be fed under one mask. */
  public long tokens() {
    return tokens;
  }

  /** Notes a batch's output; one that was noted before, and interrupted, is replaced. */
  public void put(int mask, PaddedBatch batch, HeadOutput output) {
    int base = 0;
    for (int sequence : batch.members()) {
      outputs[mask][sequence] = output;
      bases[sequence] = base;
      base += batch.sequences().get(sequence).probes().size();
    }
  }

  /** Returns the most likely token after a probe's position, the lowest on ties. */
  public long argmax(int mask, int sequence, int probe) {
    return outputs[mask][sequence].argmax(bases[sequence] + probe);
  }

  /** The log-probability of the most likely token after a probe's position; may be NaN. */
  public float topLogProbability(int mask, int sequence, int probe) {
    return outputs[mask][sequence].topLogProbability(bases[sequence] + probe);
  }

  /** Returns the log-probability of a candidate after a probe's position; may be NaN. */
  public float logProbability(int mask, int sequence, int probe, int candidate) {
    return outputs[mask][sequence].logProbability(bases[sequence] + probe, candidate);
  }
}
