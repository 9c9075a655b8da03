package dev.tale.model;

import java.time.Duration;

/**
 * How latency is measured.
 *
 * @param batchSize prompts in one forward pass, at least 1
 * @param warmUps turns that are run before those that count, at least 1: the first passes of a
 *     runtime allocate what later ones find
 * @param turns turns that count, at least {@value #MIN_TURNS}; in each, every model runs once
 * @param limit time after which no further turn begins, once {@value #MIN_TURNS} have counted;
 *     positive, at most a day. For each group of models that are loaded together
 */
public record Timing(int batchSize, int warmUps, int turns, Duration limit) {

  /** Fewest turns: of fewer values, the largest and the smallest are no 95 % interval. */
  public static final int MIN_TURNS = 6;

  private static final Duration MAX_LIMIT = Duration.ofDays(1);

  /** One prompt at a time, 5 turns to warm up and 51 that count, 20 seconds at most. */
  public static final Timing DEFAULT = new Timing(1, 5, 51, Duration.ofSeconds(20));

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Timing {
    requireAtLeast("batchSize", batchSize, 1);
    requireAtLeast("warmUps", warmUps, 1);
    requireAtLeast("turns", turns, MIN_TURNS);
    if (limit.isNegative() || limit.isZero() || limit.compareTo(MAX_LIMIT) > 0) {
      throw new IllegalArgumentException(
          "limit is " + limit + "; give a positive time of at most " + MAX_LIMIT);
    }
  }

  private static void requireAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          String.format("%s is %d; give at least %d", name, value, least));
    }
  }
}
