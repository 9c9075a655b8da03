package dev.tale.search;

import dev.tale.evaluate.Configuration;
import java.util.List;
import java.util.Optional;

/**
 * One round of a search: every candidate that was scored, with the outcome of every row.
 *
 * @param floor lowest accuracy accepted in this round, a fraction
 * @param candidates what was scored, ascending by the layer it removes, at least one
 */
public record Round(double floor, List<Configuration> candidates) {

  /**
   * Copies the candidates.
   *
   * @throws IllegalArgumentException if there are none
   */
  public Round {
    candidates = List.copyOf(candidates);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("A round has at least 1 candidate, but got none");
    }
  }

  /** Returns the candidate with the highest accuracy; the first on a tie. */
  public Configuration winner() {
    Configuration winner = candidates.get(0);
    for (Configuration candidate : candidates) {
      winner = candidate.score().correct() > winner.score().correct() ? candidate : winner;
    }
    return winner;
  }

  /** Returns the winner if it is at or above the floor. */
  public Optional<Configuration> accepted() {
    return Optional.of(winner()).filter(winner -> winner.score().accuracy() >= floor);
  }
}
