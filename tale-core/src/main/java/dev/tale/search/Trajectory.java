package dev.tale.search;

import dev.tale.evaluate.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Everything a search saw.
 *
 * @param baseline the unpruned model
 * @param rounds the rounds in order; only the last may have accepted nothing
 */
public record Trajectory(Configuration baseline, List<Round> rounds) {

  /** Copies the rounds. */
  public Trajectory {
    rounds = List.copyOf(rounds);
  }

  /** Returns the baseline, then every accepted configuration in the order of acceptance. */
  public List<Configuration> path() {
    List<Configuration> path = new ArrayList<>();
    path.add(baseline);
    rounds.stream().map(Round::accepted).flatMap(Optional::stream).forEach(path::add);
    return List.copyOf(path);
  }
}
