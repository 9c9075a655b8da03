package dev.tale.evaluate;

import dev.tale.estimate.Estimate;
import dev.tale.model.LatencyMeter.PerToken;
import dev.tale.model.LatencyMeter.Times;
import dev.tale.stats.Median;
import java.util.List;
import java.util.Optional;

/**
 * What a configuration costs to run once it is written, as it was measured: with intervals, and
 * another time a little different. Trade-offs go by the forward pass and the bytes; how fast tokens
 * are generated is told beside them.
 *
 * @param latencySeconds median seconds of one forward pass, with its 95 % interval
 * @param speedup median over the turns of the baseline's time divided by this one's in the same
 *     turn, with its 95 % interval; 1 for the baseline
 * @param bytes size of the written model: graph and weights
 * @param perToken the time of a generated token, if it was measured
 */
public record Cost(
    Estimate latencySeconds, Estimate speedup, long bytes, Optional<TokenCost> perToken) {
  private static final double CONFIDENCE = 0.95;

  /** Creates the cost of a forward pass alone. */
  public Cost(Estimate latencySeconds, Estimate speedup, long bytes) {
    this(latencySeconds, speedup, bytes, Optional.empty());
  }

  /**
   * What a generated token costs, after the prompt's forward pass.
   *
   * @param tokens number of tokens over which each time is a mean
   * @param seconds median seconds of one token, with its 95 % interval
   * @param speedup median over the turns of the baseline's time divided by this one's in the same
   *     turn, with its 95 % interval; 1 for the baseline
   */
  public record TokenCost(int tokens, Estimate seconds, Estimate speedup) {

    private static TokenCost of(PerToken times) {
      return new TokenCost(
          times.tokens(),
          Cost.seconds(times.nanos()),
          Cost.speedup(times.nanos(), times.baselineNanos()));
    }
  }

  /**
   * Returns the cost that times tell.
   *
   * @throws IllegalArgumentException if there are fewer than {@link
   *     dev.tale.model.Timing#MIN_TURNS} times
   */
  public static Cost of(Times times) {
    return new Cost(
        seconds(times.nanos()),
        speedup(times.nanos(), times.baselineNanos()),
        times.bytes(),
        times.perToken().map(TokenCost::of));
  }

  private static Estimate seconds(List<Long> nanos) {
    return Median.of(nanos.stream().mapToDouble(each -> each / 1e9).toArray(), CONFIDENCE);
  }

  private static Estimate speedup(List<Long> own, List<Long> baseline) {
    double[] ratios = new double[own.size()];
    for (int turn = 0; turn < own.size(); turn++) {
      ratios[turn] = (double) baseline.get(turn) / Math.max(1, own.get(turn));
    }
    return Median.of(ratios, CONFIDENCE);
  }
}
