package dev.tale.testing;

import dev.tale.estimate.Interval;
import dev.tale.importance.LayerScore;
import dev.tale.importance.LayerScores;
import dev.tale.search.SearchStrategy;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Every strategy, with settings for small models. */
public final class Strategies {
  private Strategies() {}

  /** Returns scores that are as good as random. */
  public static LayerScores scores(int layers) {
    return new LayerScores(
        "coin",
        "1",
        IntStream.range(0, layers)
            .mapToObj(layer -> new LayerScore(layer, coin(layer, 0), new Interval(0, 1)))
            .toList());
  }

  private static double coin(int first, int second) {
    return new SplittableRandom(31L * first + second).nextDouble();
  }

  /** Returns strategies for a model with so many layers, or parts. */
  public static List<SearchStrategy> all(int layers) {
    return List.of(
        SearchStrategy.greedy(),
        SearchStrategy.greedy().scoringAll(),
        SearchStrategy.greedy().racing(0.1, 0.05),
        SearchStrategy.greedy().among(scores(layers), 2),
        SearchStrategy.beam(1),
        SearchStrategy.beam(3),
        SearchStrategy.backwardForward(),
        SearchStrategy.oneShot(scores(layers)),
        SearchStrategy.lastLayers(),
        SearchStrategy.ising(),
        SearchStrategy.spans(),
        SearchStrategy.spans().by("coin", Strategies::coin),
        SearchStrategy.perplexityGreedy(),
        SearchStrategy.evolutionary(5).offspring(4).generations(2),
        SearchStrategy.evolutionary(6).generations(1),
        SearchStrategy.random(3, 7),
        SearchStrategy.exhaustive(),
        SearchStrategy.exhaustive().removingAtMost(2),
        SearchStrategy.beam(2).removingAtMost(3).budget(Long.MAX_VALUE - 1));
  }
}
