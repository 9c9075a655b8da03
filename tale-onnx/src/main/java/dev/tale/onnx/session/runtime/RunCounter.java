package dev.tale.onnx.session.runtime;

import dev.tale.model.RunStatistics;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * Adds up the runs of a session, whatever form of its graph is loaded, and the time beside them.
 * Safe for several threads.
 */
public final class RunCounter {
  private final LongAdder runs = new LongAdder();
  private final LongAdder layers = new LongAdder();
  private final LongAdder layerForwards = new LongAdder();
  private final LongAdder tokens = new LongAdder();
  private final LongAdder padding = new LongAdder();
  private final LongAdder bytesIn = new LongAdder();
  private final LongAdder bytesOut = new LongAdder();
  private final LongAdder encodingNanos = new LongAdder();
  private final LongAdder feedingNanos = new LongAdder();
  private final LongAdder runningNanos = new LongAdder();
  private final LongAdder readingNanos = new LongAdder();

  /** Notes a run that begins. */
  void begin(Extent extent, long bytes) {
    runs.increment();
    layers.add(extent.layers());
    layerForwards.add((long) extent.layers() * extent.tokens());
    tokens.add(extent.tokens());
    padding.add(extent.places() - extent.tokens());
    bytesIn.add(bytes);
  }

  /** Notes a run that gave so much. */
  void end(long nanos, long bytes) {
    runningNanos.add(nanos);
    bytesOut.add(bytes);
  }

  /** Notes time that was spent on turning text into tokens. */
  public void encoded(long nanos) {
    encodingNanos.add(nanos);
  }

  public void fed(long nanos) {
    feedingNanos.add(nanos);
  }

  void read(long nanos) {
    readingNanos.add(nanos);
  }

  long runs() {
    return runs.sum();
  }

  long layers() {
    return layers.sum();
  }

  /** The counts so far. */
  public RunStatistics statistics() {
    return new RunStatistics(
        runs.sum(),
        layerForwards.sum(),
        tokens.sum(),
        padding.sum(),
        bytesIn.sum(),
        bytesOut.sum(),
        Duration.ofNanos(encodingNanos.sum()),
        Duration.ofNanos(feedingNanos.sum()),
        Duration.ofNanos(runningNanos.sum()),
        Duration.ofNanos(readingNanos.sum()));
  }

  /**
   * How much a run computes.
   *
   * @param tokens number of tokens fed, padding not counted
   * @param places number of places fed, padding counted
   * @param layers number of layers that are on
   */
  public record Extent(int tokens, int places, int layers) {}
}
