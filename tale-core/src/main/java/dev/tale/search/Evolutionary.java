package dev.tale.search;

import dev.tale.evaluate.Objective;
import dev.tale.policy.Floor;
import java.util.OptionalInt;

/**
 * Evolution by swapping removed layers for kept ones, with successive halving (EvoPress, arXiv
 * 2410.14649): see {@link SearchStrategy#evolutionary}. Immutable.
 */
public final class Evolutionary implements SearchStrategy {

  /** Number of offspring of a generation where none is given. */
  public static final int DEFAULT_OFFSPRING = 16;

  private final long seed;
  private final int offspring;
  private final OptionalInt generations;

  Evolutionary(long seed) {
    this(seed, DEFAULT_OFFSPRING, OptionalInt.empty());
  }

  private Evolutionary(long seed, int offspring, OptionalInt generations) {
    this.seed = seed;
    this.offspring = offspring;
    this.generations = generations;
  }

  /**
   * Returns this search with another number of offspring in each generation.
   *
   * @param count at least 1
   * @throws IllegalArgumentException if it is less
   */
  public Evolutionary offspring(int count) {
    return new Evolutionary(seed, positive("offspring", count), generations);
  }

  /**
   * Returns this search with so many generations for each number of removed layers. Without this
   * there are {@code n (L - n) / 1.5}, rounded up, for n removed of L, as published.
   *
   * @param count at least 1
   * @throws IllegalArgumentException if it is less
   */
  public Evolutionary generations(int count) {
    return new Evolutionary(seed, offspring, OptionalInt.of(positive("generations", count)));
  }

  private static int positive(String name, int count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          "The number of " + name + " is " + count + "; give at least 1");
    }
    return count;
  }

  @Override
  public Trajectory search(Objective objective, Floor floor) {
    return Exploration.of(objective, floor, this::explore);
  }

  private void explore(Exploration search) {
    int layers = search.model().layerCount();
    for (int removed = 1;
        removed <= search.objective().mostRemoved() && !search.isOver();
        removed++) {
      int published = (int) Math.ceil(removed * (layers - removed) / 1.5);
      new Evolution(search, removed, seed, offspring).run(generations.orElse(published));
    }
  }

  /** Returns the name and every setting. */
  @Override
  public String toString() {
    String count =
        generations.isPresent() ? String.valueOf(generations.getAsInt()) : "n (L - n) / 1.5";
    return "evolutionary, " + offspring + " offspring, " + count + " generations, seed " + seed;
  }
}
