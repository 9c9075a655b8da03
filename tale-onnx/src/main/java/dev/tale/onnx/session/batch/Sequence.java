package dev.tale.onnx.session.batch;

import com.google.common.primitives.ImmutableLongArray;
import java.util.List;

/**
 * Tokens to run through the model, and what to read where.
 *
 * @param tokens at least one
 * @param probes by ascending position; none where the hidden states are what is wanted
 */
public record Sequence(ImmutableLongArray tokens, List<Probe> probes) {

  public Sequence {
    probes = List.copyOf(probes);
  }

  public int length() {
    return tokens.length();
  }

  long token(int position) {
    return tokens.get(position);
  }

  /** Returns the number of candidates of the probe that has most. */
  int width() {
    return probes.stream().mapToInt(probe -> probe.candidates().length()).max().orElse(0);
  }

  /**
   * Returns which of the probes is at a position.
   *
   * @throws IllegalArgumentException if there is none
   */
  public int probeAt(int position) {
    for (int probe = 0; probe < probes.size(); probe++) {
      if (probes.get(probe).position() == position) {
        return probe;
      }
    }
    throw new IllegalArgumentException("Nothing is read after position " + position);
  }
}
