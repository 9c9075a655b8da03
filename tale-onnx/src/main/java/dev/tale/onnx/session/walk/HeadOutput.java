package dev.tale.onnx.session.walk;

import com.google.common.collect.ImmutableSet;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.CachePort;
import dev.tale.onnx.session.runtime.Outputs;
import java.util.Arrays;
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
  private final float[] logProbabilities; // [probes, candidates and the most likely token]
  private final float[] logits; // [probes, vocabulary], or none

  HeadOutput(long[] argmax, float[] logProbabilities) {
    this(argmax, logProbabilities, new float[0]);
  }

  private HeadOutput(long[] argmax, float[] logProbabilities, float[] logits) {
    this.argmax = argmax;
    this.logProbabilities = logProbabilities;
    this.logits = logits;
  }

  /** Names of the outputs that it is made of, and of the caches' new state. */
  public static ImmutableSet<String> namesAnd(List<CachePort> ports, boolean withLogits) {
    return ImmutableSet.<String>builder()
        .addAll(NAMES)
        .addAll(withLogits ? ImmutableSet.of(GatedGraph.LOGITS) : ImmutableSet.of())
        .addAll(ports.stream().map(CachePort::present).iterator())
        .build();
  }

  public static HeadOutput of(Outputs outputs) {
    return new HeadOutput(
        outputs.longs(GatedGraph.ARGMAX),
        outputs.floats(GatedGraph.LOG_PROBABILITIES),
        outputs.has(GatedGraph.LOGITS) ? outputs.floats(GatedGraph.LOGITS) : new float[0]);
  }

  /** Returns the most likely token, the lowest on ties. */
  public long argmax(int probe) {
    return argmax[probe];
  }

  /** Returns the log-probability of one of the probe's candidates. */
  public float logProbability(int probe, int candidate) {
    return logProbabilities[probe * width() + candidate];
  }

  /** The log-probability of the most likely token. */
  public float topLogProbability(int probe) {
    return logProbabilities[(probe + 1) * width() - 1];
  }

  private int width() {
    return logProbabilities.length / argmax.length;
  }

  /** The logits of the whole vocabulary, if they were asked for. */
  public float[] logits(int probe) {
    int vocabulary = logits.length / argmax.length;
    return Arrays.copyOfRange(logits, probe * vocabulary, (probe + 1) * vocabulary);
  }
}
