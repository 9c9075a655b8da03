package dev.tale.search;

import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Racing;
import dev.tale.policy.Floor;
import java.util.SplittableRandom;

/** The best of random masks: see {@link SearchStrategy#random}. */
record RandomDraws(int draws, long seed) implements SearchStrategy {

  RandomDraws {
    if (draws < 1) {
      throw new IllegalArgumentException("The number of draws is " + draws + "; give at least 1");
    }
  }

  @Override
  public Trajectory search(Objective objective, Floor floor) {
    SplittableRandom random = new SplittableRandom(seed);
    return Exploration.of(
        objective,
        floor,
        search ->
            search.raceEachSize(removed -> Masks.draw(search.model(), removed, draws, random)));
  }

  @Override
  public String toString() {
    return "best of " + draws + " random masks, seed " + seed + ", " + Racing.exact();
  }
}
