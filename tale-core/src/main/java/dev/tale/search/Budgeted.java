package dev.tale.search;

import dev.tale.evaluate.Objective;
import dev.tale.policy.Floor;
import java.util.OptionalLong;

/** A search with a budget: see {@link SearchStrategy#budget}. */
record Budgeted(SearchStrategy strategy, long layerForwards) implements SearchStrategy {

  Budgeted {
    if (layerForwards < 1) {
      throw new IllegalArgumentException(
          "The budget is " + layerForwards + " layer-forwards; give at least 1");
    }
  }

  @Override
  public Trajectory search(Objective objective, Floor floor) {
    return strategy.search(objective.within(layerForwards), floor);
  }

  @Override
  public SearchStrategy withoutBudget() {
    return strategy.withoutBudget();
  }

  @Override
  public OptionalLong layerForwardBudget() {
    return OptionalLong.of(
        Math.min(layerForwards, strategy.layerForwardBudget().orElse(layerForwards)));
  }

  @Override
  public String toString() {
    return strategy + ", at most " + layerForwards + " layer-forwards";
  }
}
