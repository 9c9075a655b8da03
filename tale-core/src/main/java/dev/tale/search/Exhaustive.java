package dev.tale.search;

import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Racing;
import dev.tale.policy.Floor;
import java.math.BigInteger;

/** Asks every mask: see {@link SearchStrategy#exhaustive}. */
record Exhaustive(long limit) implements SearchStrategy {

  Exhaustive {
    if (limit < 1) {
      throw new IllegalArgumentException("The limit is " + limit + " masks; give at least 1");
    }
  }

  @Override
  public Trajectory search(Objective objective, Floor floor) {
    int layers = objective.model().layerCount();
    BigInteger masks = Masks.count(layers, objective.mostRemoved());
    if (masks.compareTo(BigInteger.valueOf(limit)) > 0) {
      throw new IllegalArgumentException(
          String.format(
              "Removing up to %d of %d layers or parts in every way is %s masks, more than the"
                  + " limit of %d; remove fewer with removingAtMost(...), raise the limit with"
                  + " exhaustive(...), or use another strategy",
              objective.mostRemoved(), layers, masks, limit));
    }
    return Exploration.of(
        objective,
        floor,
        search -> search.raceEachSize(removed -> Masks.all(search.model(), removed)));
  }

  @Override
  public String toString() {
    return "exhaustive up to " + limit + " masks, " + Racing.exact();
  }
}
