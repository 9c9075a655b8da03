package dev.tale.search;

import dev.tale.evaluate.Objective;
import dev.tale.policy.Floor;
import java.util.List;
import java.util.stream.IntStream;

/** Removes layers from the end: see {@link SearchStrategy#lastLayers}. */
record LastLayers() implements SearchStrategy {

  @Override
  public Trajectory search(Objective objective, Floor floor) {
    return Exploration.of(
        objective,
        floor,
        search -> search.holdEach(Masks.inOrder(lastFirst(search), search.objective())));
  }

  private static List<Integer> lastFirst(Exploration search) {
    int layers = search.model().layerCount();
    return IntStream.rangeClosed(1, layers).mapToObj(back -> layers - back).toList();
  }

  @Override
  public String toString() {
    return "last layers";
  }
}
