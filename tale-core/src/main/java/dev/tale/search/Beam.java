package dev.tale.search;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Objective;
import dev.tale.model.LayerMask;
import dev.tale.policy.Floor;
import java.util.List;

/** Beam search: see {@link SearchStrategy#beam}. */
record Beam(int width) implements SearchStrategy {

  Beam {
    if (width < 1) {
      throw new IllegalArgumentException("The width is " + width + "; give at least 1");
    }
  }

  @Override
  public Trajectory search(Objective objective, Floor floor) {
    return Exploration.of(objective, floor, this::explore);
  }

  private void explore(Exploration search) {
    List<Configuration> beam = List.of(search.baseline());
    while (!beam.isEmpty()) {
      List<LayerMask> masks =
          beam.stream()
              .flatMap(member -> Masks.withOneLess(search.objective(), member.mask()).stream())
              .distinct()
              .sorted(Masks.LOWEST_FIRST)
              .toList();
      if (masks.isEmpty()) {
        return;
      }
      beam =
          search
              .evaluate(masks)
              .flatMap(scored -> search.hold(search.floor(), scored, List.of(), width))
              .map(round -> round.best(width))
              .orElse(List.of());
    }
  }

  @Override
  public String toString() {
    return "beam of " + width;
  }
}
