package dev.tale.search;

import dev.tale.evaluate.Objective;
import dev.tale.policy.Floor;
import java.util.OptionalLong;

/** A search that removes few layers: see {@link SearchStrategy#removingAtMost}. */
record Limited(SearchStrategy strategy, int layers) implements SearchStrategy {

  Limited {
    if (layers < 1) {
      throw new IllegalArgumentException(
          "The most layers to remove are " + layers + "; give at least 1");
    }
  }

  @Override
  public Trajectory search(Objective objective, Floor floor) {
    return strategy.search(objective.removingAtMost(layers), floor);
  }

  @Override
  public SearchStrategy withoutBudget() {
    return new Limited(strategy.withoutBudget(), layers);
  }

  @Override
  public OptionalLong layerForwardBudget() {
    return strategy.layerForwardBudget();
  }

  @Override
  public String toString() {
    return strategy + ", at most " + layers + " removed";
  }
}
