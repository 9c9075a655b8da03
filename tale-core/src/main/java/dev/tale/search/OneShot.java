package dev.tale.search;

import dev.tale.evaluate.Objective;
import dev.tale.policy.Floor;

/** Removes layers in the order of a score: see {@link SearchStrategy#oneShot}. */
record OneShot(RemovalOrder order) implements SearchStrategy {

  @Override
  public Trajectory search(Objective objective, Floor floor) {
    order.require(objective.model());
    return Exploration.of(objective, floor, this::explore);
  }

  private void explore(Exploration search) {
    search.holdEach(Masks.inOrder(order.layers(), search.objective()));
  }

  @Override
  public String toString() {
    return "one-shot by " + order;
  }
}
