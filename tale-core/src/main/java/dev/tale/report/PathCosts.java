package dev.tale.report;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Cost;
import dev.tale.model.Timing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the accepted configurations cost to run once they are written, measured on this machine at
 * the end of this run, and which of them no other beats. A figure of the run, not of the {@link
 * Report}: another run measures anew.
 *
 * @param costs one for each configuration of the report's path, in its order; empty where it was
 *     not measured
 * @param rest why some were not measured and what to do about it; empty if all were
 * @param paretoFront positions in the path of those, of the measured, that no other beats in
 *     accuracy and median latency both, from the slowest and most accurate to the fastest; accuracy
 *     is that of {@link Configuration#quoted}: held-out where there are held-out rows, else on the
 *     rows that chose the layers. A trade-off chooses by the latter alone, whatever the front
 * @param timing how latency was measured; fewer turns count where its limit was reached
 * @param threads number of threads that shared one operator
 * @param runtime runtime and device
 * @param prompts number of distinct token sequences that were run, of the first rows
 * @param meanTokens their mean length in tokens
 * @param elapsed wall-clock time that measuring took, writing and loading included
 */
public record PathCosts(
    List<Optional<Cost>> costs,
    String rest,
    List<Integer> paretoFront,
    Timing timing,
    int threads,
    String runtime,
    int prompts,
    double meanTokens,
    Duration elapsed) {

  /** Copies the lists. */
  public PathCosts {
    costs = List.copyOf(costs);
    paretoFront = List.copyOf(paretoFront);
  }

  /** Returns whether every configuration of the path was measured. */
  public boolean isComplete() {
    return costs.stream().allMatch(Optional::isPresent);
  }
}
