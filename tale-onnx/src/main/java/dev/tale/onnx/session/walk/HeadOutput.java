package dev.tale.onnx.session.walk;

import com.google.common.collect.ImmutableSet;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.CachePort;
import dev.tale.onnx.session.runtime.Outputs;
import java.util.List;

/**
 * What the head said of one batch.
 *
 * <p>Flat over the probes of the batch's sequences, in their order.
 */
public final class HeadOutput {
  /** The outputs that it is made of. */
  static final ImmutableSet<String> NAMES =
      ImmutableSet.of(GatedGraph.ARGMAX, GatedGraph.LOG_PROBABILITIES);

  private final long[] argmax; // [probes]
  private final float[] logProbabilities; // [probes, width]

  HeadOutput(long[] argmax, float[] logProbabilities) {
    this.argmax = argmax;
    this.logProbabilities = logProbabilities;
  }

  /** Returns the outputs that it is made of, and what some caches become. */
  public static ImmutableSet<String> namesAnd(List<CachePort> ports) {
    return ImmutableSet.<String>builder()
        .addAll(NAMES)
        .addAll(ports.stream().map(CachePort::present).iterator())
        .build();
  }

  public static HeadOutput of(Outputs outputs) {
    return new HeadOutput(
        outputs.longs(GatedGraph.ARGMAX), outputs.floats(GatedGraph.LOG_PROBABILITIES));
  }

  /** Returns the most likely token, the lowest on ties. */
  public long argmax(int probe) {
    return argmax[probe];
  }

  /** Returns the log-probability of one of the probe's candidates. */
  public float logProbability(int probe, int candidate) {
    return logProbabilities[probe * (logProbabilities.length / argmax.length) + candidate];
  }
}
