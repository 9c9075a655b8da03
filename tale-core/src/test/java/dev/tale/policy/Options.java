package dev.tale.policy;

import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Cost;
import dev.tale.evaluate.Score;
import dev.tale.model.LayerMask;
import dev.tale.task.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Makes paths to choose from. */
final class Options {
  static final int LAYERS = 12;
  private static final int ROWS = 10;

  private Options() {}

  /** So many correct of 10 rows, with one more layer removed each. */
  static List<Configuration> path(int... correct) {
    List<Configuration> path = new ArrayList<>();
    for (int c : correct) {
      path.add(configuration(path.size(), c));
    }
    return path;
  }

  static Configuration option(int removed, int correct, double millis, double speedup, long bytes) {
    Estimate latency = new Estimate(millis, new Interval(0.9 * millis, 1.1 * millis)).times(1e-3);
    Estimate faster = new Estimate(speedup, new Interval(speedup, speedup));
    return configuration(removed, correct).withCost(Optional.of(new Cost(latency, faster, bytes)));
  }

  private static Configuration configuration(int removed, int correct) {
    List<Outcome> rows =
        IntStream.range(0, ROWS).mapToObj(row -> new Outcome(row < correct, "")).toList();
    LayerMask mask = LayerMask.of(LAYERS, IntStream.range(0, removed).toArray());
    return new Configuration(mask, Score.of(rows));
  }

  /** Few different values, so that there are ties of every kind. */
  static List<Configuration> random(SplittableRandom random) {
    List<Configuration> path = new ArrayList<>();
    int size = 1 + random.nextInt(9);
    for (int i = 0; i < size; i++) {
      int millis = 1 + random.nextInt(6);
      path.add(
          option(
              i == 0 ? 0 : random.nextInt(LAYERS),
              random.nextInt(ROWS + 1),
              millis,
              6.0 / millis,
              1000 + 100 * random.nextInt(5)));
    }
    return path;
  }
}
