package dev.tale.model;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Measures how fast models without some of their layers are once they are written, as another
 * client would run them: not gated, sharing nothing.
 *
 * <p>Latency is the time of one forward pass over a batch of prompts: for a generation that is the
 * time to its first token. Where text is asked for and the model has a key-value cache, the time of
 * each token that follows is measured too, see {@link PerToken}; trade-offs go by the forward pass
 * all the same. Memory is the bytes of the written files: what every process that loads the model
 * holds at least, and the same on every machine. The growth of resident memory is not measured,
 * since it depends on what the process has allocated before and on how the runtime maps files.
 */
@FunctionalInterface
public interface LatencyMeter {

  /**
   * Writes each model to a temporary directory, loads it and times it. Models run by turns, on the
   * same prompts in the same turn, so that what else the machine does hits all alike. Nothing is
   * left behind, whether this succeeds or not.
   *
   * <p>Costs {@code warmUps + turns} forward passes of each model, as many prompts with the tokens
   * that follow if that is measured, and the time and space to write and load it.
   *
   * @param masks the models, the baseline first, each with at least one layer
   * @param requests what is asked; a turn takes the prompts of the next batch, and begins again
   *     after the last
   * @return one measurement for each mask, in the order given
   * @throws IOException if a model cannot be written, or there is no memory to load it
   * @throws IllegalArgumentException if there are no masks or no requests, or a mask is not for
   *     this model or cannot be written
   * @throws UnsupportedModelException if a written model cannot be loaded
   * @throws UnanswerableRequestException as {@link LayeredModel#check} does
   * @throws ModelOutputException if the runtime fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  Latencies measure(List<LayerMask> masks, List<Request> requests, Timing timing)
      throws IOException;

  /**
   * Returns about how many bytes the files of the written, unpruned model have, without writing it;
   * 0 if that is not known.
   */
  default long bytes() {
    return 0;
  }

  /**
   * What was measured.
   *
   * @param models one for each mask, in the order given
   * @param prompts number of distinct token sequences that were run
   * @param tokens number of tokens of all of them
   * @param threads number of threads that shared one operator
   * @param runtime runtime and device
   */
  record Latencies(List<Times> models, int prompts, long tokens, int threads, String runtime) {

    /** Copies the list. */
    public Latencies {
      models = List.copyOf(models);
    }
  }

  /**
   * The times of one model.
   *
   * @param mask layers that it lacks
   * @param nanos nanoseconds of one forward pass, by turn, at least {@link Timing#MIN_TURNS}
   * @param baselineNanos the same of the first model, in the same turns
   * @param bytes size of the model's files: graph and weights
   * @param perToken times of generated tokens, if they were measured
   */
  record Times(
      LayerMask mask,
      List<Long> nanos,
      List<Long> baselineNanos,
      long bytes,
      Optional<PerToken> perToken) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is not one time of the first model for each
     */
    public Times {
      nanos = List.copyOf(nanos);
      baselineNanos = List.copyOf(baselineNanos);
      requirePairs(nanos, baselineNanos);
    }

    /** Creates times of forward passes alone. */
    public Times(LayerMask mask, List<Long> nanos, List<Long> baselineNanos, long bytes) {
      this(mask, nanos, baselineNanos, bytes, Optional.empty());
    }
  }

  /**
   * The times of one model's generated tokens: of one prompt at a time, after the pass over it, one
   * token a run, each fed with the keys and values of those before.
   *
   * @param tokens number of tokens of a turn, at least 1
   * @param nanos mean nanoseconds of a token, by turn, at least {@link Timing#MIN_TURNS}
   * @param baselineNanos the same of the first model, in the same turns
   */
  record PerToken(int tokens, List<Long> nanos, List<Long> baselineNanos) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is not one time of the first model for each
     */
    public PerToken {
      nanos = List.copyOf(nanos);
      baselineNanos = List.copyOf(baselineNanos);
      requirePairs(nanos, baselineNanos);
    }
  }

  private static void requirePairs(List<Long> nanos, List<Long> baselineNanos) {
    if (nanos.size() != baselineNanos.size()) {
      throw new IllegalArgumentException(
          nanos.size() + " times, but " + baselineNanos.size() + " of the baseline; give as many");
    }
  }
}
