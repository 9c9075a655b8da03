package dev.tale.policy;

import dev.tale.model.LatencyMeter.Times;
import dev.tale.stats.Median;
import java.util.List;

/**
 * What a configuration costs to run once it is written, as it was measured: with intervals, and
 * another time a little different.
 *
 * @param latencySeconds median seconds of one forward pass, with its 95 % interval
 * @param speedup median over the turns of the baseline's time divided by this one's in the same
 *     turn, with its 95 % interval; 1 for the baseline
 * @param bytes size of the written model: graph and weights
 */
public record Cost(Median latencySeconds, Median speedup, long bytes) {
  private static final double CONFIDENCE = 0.95;

  /**
   * Returns the cost that times tell.
   *
   * @throws IllegalArgumentException if there are fewer than {@link
   *     dev.tale.model.Timing#MIN_TURNS} times
   */
  public static Cost of(Times times) {
    List<Long> own = times.nanos();
    double[] seconds = new double[own.size()];
    double[] ratios = new double[own.size()];
    for (int turn = 0; turn < own.size(); turn++) {
      seconds[turn] = own.get(turn) / 1e9;
      ratios[turn] = (double) times.baselineNanos().get(turn) / Math.max(1, own.get(turn));
    }
    return new Cost(Median.of(seconds, CONFIDENCE), Median.of(ratios, CONFIDENCE), times.bytes());
  }
}
