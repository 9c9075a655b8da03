package dev.tale.model;

import java.time.Duration;

/**
 * What a model has run so far for one calling thread, as it happened: unlike {@link
 * ModelDescription#cost}, it depends on what was kept from earlier calls, on failures and on the
 * machine.
 *
 * @param runs number of calls of the runtime
 * @param layerForwards tokens times layers that were run, padding not counted
 * @param tokens tokens fed, as often as they were fed, padding not counted
 * @param padding places fed that held no token
 * @param bytesIn bytes of hidden states, keys and values and ids handed to the runtime from the
 *     memory of this process; on a device of its own, they cross to it
 * @param bytesOut bytes that the runtime handed back
 * @param encoding time spent on turning text into tokens
 * @param feeding time spent on making inputs, added over all threads
 * @param running time spent inside the runtime, added over all threads
 * @param reading time spent on reading outputs, added over all threads
 */
public record RunStatistics(
    long runs,
    long layerForwards,
    long tokens,
    long padding,
    long bytesIn,
    long bytesOut,
    Duration encoding,
    Duration feeding,
    Duration running,
    Duration reading) {

  /** Nothing was run. */
  public static final RunStatistics NONE =
      new RunStatistics(
          0, 0, 0, 0, 0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  /** Returns the share of padding among all places fed, in [0, 1); 0 if nothing was fed. */
  public double paddingShare() {
    return padding == 0 ? 0 : (double) padding / (tokens + padding);
  }

  /** The sum of both. */
  public RunStatistics plus(RunStatistics other) {
    return new RunStatistics(
        runs + other.runs,
        layerForwards + other.layerForwards,
        tokens + other.tokens,
        padding + other.padding,
        bytesIn + other.bytesIn,
        bytesOut + other.bytesOut,
        encoding.plus(other.encoding),
        feeding.plus(other.feeding),
        running.plus(other.running),
        reading.plus(other.reading));
  }

  /** The runs since an earlier reading of the same model. */
  public RunStatistics since(RunStatistics earlier) {
    return new RunStatistics(
        runs - earlier.runs,
        layerForwards - earlier.layerForwards,
        tokens - earlier.tokens,
        padding - earlier.padding,
        bytesIn - earlier.bytesIn,
        bytesOut - earlier.bytesOut,
        encoding.minus(earlier.encoding),
        feeding.minus(earlier.feeding),
        running.minus(earlier.running),
        reading.minus(earlier.reading));
  }
}
