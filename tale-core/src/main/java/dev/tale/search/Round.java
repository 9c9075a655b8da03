package dev.tale.search;

import dev.tale.evaluate.Bounds;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Race;
import dev.tale.evaluate.Refusal;
import dev.tale.model.LayerMask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One round of a search: every candidate that was scored in full, with the outcome of every row,
 * and bounds of those that left before.
 *
 * @param floor lowest accuracy accepted in this round, a fraction
 * @param candidates what was scored on every row, ascending by the layer it removes, at least one
 * @param left what was asked fewer rows because it was out of the question, likewise ascending
 * @param refusals candidates that were better than the accepted one, but broke a guard, in the
 *     order in which they would have won; if none was accepted, all at or above the floor
 */
public record Round(
    double floor, List<Configuration> candidates, List<Bounds> left, List<Refusal> refusals) {
  private static final Comparator<Configuration> BEST_FIRST =
      (first, second) -> second.score().compareAccuracy(first.score());

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there are no candidates
   */
  public Round {
    candidates = List.copyOf(candidates);
    left = List.copyOf(left);
    refusals = List.copyOf(refusals);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("A round has at least 1 candidate, but got none");
    }
  }

  /**
   * Holds a round. The candidates at or above the floor are asked for the objective's guards from
   * the best to the worst, the first on a tie first, until one holds them all: the same winner as
   * if every candidate had been asked, for less. At most one more mask than there are refusals is
   * scored on a guard's rows.
   *
   * @param floor lowest accuracy accepted, a fraction
   * @param candidates what was scored, ascending by the layer it removes, at least one
   */
  public static Round hold(Objective objective, double floor, List<Configuration> candidates) {
    List<Refusal> refusals = new ArrayList<>();
    for (Configuration candidate : candidates.stream().sorted(BEST_FIRST).toList()) {
      if (candidate.score().accuracy() < floor) {
        break;
      }
      Optional<Refusal> refusal = objective.refusal(candidate.mask());
      if (refusal.isEmpty()) {
        break;
      }
      refusals.add(refusal.get());
    }
    return new Round(floor, candidates, List.of(), refusals);
  }

  /**
   * Holds a round as a race. As long as a guard refuses the winner of the race and the next is at
   * or above the floor, the race goes on among the others. At most one more mask than there are
   * refusals is scored on a guard's rows.
   *
   * @param floor lowest accuracy accepted, a fraction
   * @param race the race between the candidates, at least one
   */
  public static Round hold(Objective objective, double floor, Race race) {
    List<Refusal> refusals = new ArrayList<>();
    for (Optional<Refusal> refusal = refusal(objective, floor, race);
        refusal.isPresent();
        refusal = refusal(objective, floor, race)) {
      refusals.add(refusal.get());
      race.refuse(refusal.get().mask());
    }
    return new Round(floor, race.complete(), race.incomplete(), refusals);
  }

  private static Optional<Refusal> refusal(Objective objective, double floor, Race race) {
    return race.winner()
        .filter(winner -> winner.score().accuracy() >= floor)
        .flatMap(winner -> objective.refusal(winner.mask()));
  }

  /**
   * Returns the candidate with the highest accuracy that no guard refused, the first on a tie;
   * empty if guards refused them all.
   */
  public Optional<Configuration> winner() {
    Set<LayerMask> refused = refusals.stream().map(Refusal::mask).collect(Collectors.toSet());
    List<Configuration> rest =
        candidates.stream().filter(candidate -> !refused.contains(candidate.mask())).toList();
    return rest.isEmpty() ? Optional.empty() : Optional.of(Configuration.best(rest));
  }

  /** Returns the winner if it is at or above the floor. */
  public Optional<Configuration> accepted() {
    return winner().filter(winner -> winner.score().accuracy() >= floor);
  }
}
