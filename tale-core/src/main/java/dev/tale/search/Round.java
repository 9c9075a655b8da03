package dev.tale.search;

import dev.tale.evaluate.Bounds;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Race;
import dev.tale.evaluate.Refusal;
import dev.tale.model.LayerMask;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One round of a search: every candidate that was scored in full, with the outcome of every row,
 * and bounds of those that left before.
 *
 * @param floor lowest accuracy accepted in this round, a fraction; where a removed layer may come
 *     back, what has to be exceeded
 * @param candidates what was scored on every row, ascending by the layers removed, at least one
 * @param left what was asked fewer rows because it was out of the question, likewise ascending
 * @param refusals candidates that were better than the accepted one, but broke a guard, in the
 *     order in which they would have won; if none was accepted, all at or above the floor
 * @param accepted the candidate that the search accepted, if it did
 */
public record Round(
    double floor,
    List<Configuration> candidates,
    List<Bounds> left,
    List<Refusal> refusals,
    Optional<Configuration> accepted) {
  static final Comparator<Configuration> BEST_FIRST =
      (first, second) -> second.score().compareAccuracy(first.score());

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there are no candidates, or what was accepted is none of
   *     them or was refused
   */
  public Round {
    candidates = List.copyOf(candidates);
    left = List.copyOf(left);
    refusals = List.copyOf(refusals);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException("A round has at least 1 candidate, but got none");
    }
    if (accepted.isPresent()
        && (!candidates.contains(accepted.get()) || isRefused(refusals, accepted.get()))) {
      throw new IllegalArgumentException(
          "A round cannot accept "
              + accepted.get().mask()
              + ": it is none of its candidates, or a guard refused it");
    }
  }

  /**
   * Holds a round. The candidates at or above the floor are asked for the objective's guards from
   * the best to the worst, the first on a tie first, until one holds them all: the same winner as
   * if every candidate had been asked, for less. At most one more mask than there are refusals is
   * scored on a guard's rows.
   *
   * @param floor lowest accuracy accepted, a fraction
   * @param candidates what was scored, ascending by the layers removed, at least one
   * @throws dev.tale.evaluate.BudgetExceededException if a guard would exceed the budget
   */
  public static Round hold(Objective objective, double floor, List<Configuration> candidates) {
    Predicate<Configuration> enough = atLeast(floor);
    List<Refusal> refusals =
        new Guarding(objective::refusal, () -> false).of(enough, candidates, 1);
    return of(floor, enough, candidates, List.of(), refusals);
  }

  /**
   * Holds a round as a race. As long as a guard refuses the winner of the race and the next is at
   * or above the floor, the race goes on among the others. At most one more mask than there are
   * refusals is scored on a guard's rows.
   *
   * @param floor lowest accuracy accepted, a fraction
   * @param race the race between the candidates, at least one
   * @throws dev.tale.evaluate.BudgetExceededException if the race or a guard would exceed the
   *     budget
   */
  public static Round hold(Objective objective, double floor, Race race) {
    Predicate<Configuration> enough = atLeast(floor);
    List<Refusal> refusals =
        new Guarding(objective::refusal, () -> false).of(enough, race::winner, race);
    return of(floor, enough, race.complete(), race.incomplete(), refusals);
  }

  static Predicate<Configuration> atLeast(double floor) {
    return candidate -> candidate.score().accuracy() >= floor;
  }

  /** Returns a round that accepts its winner if that is good enough. */
  static Round of(
      double floor,
      Predicate<Configuration> enough,
      List<Configuration> candidates,
      List<Bounds> left,
      List<Refusal> refusals) {
    Optional<Configuration> accepted = winner(candidates, refusals).filter(enough);
    return new Round(floor, candidates, left, refusals, accepted);
  }

  /**
   * Returns the candidate with the highest accuracy that no guard refused, the first on a tie;
   * empty if guards refused them all.
   */
  public Optional<Configuration> winner() {
    return winner(candidates, refusals);
  }

  private static Optional<Configuration> winner(
      List<Configuration> candidates, List<Refusal> refusals) {
    List<Configuration> rest = notRefused(candidates, refusals);
    return rest.isEmpty() ? Optional.empty() : Optional.of(Configuration.best(rest));
  }

  /** Returns the best candidates at or above the floor that no guard refused, the best first. */
  List<Configuration> best(int count) {
    return notRefused().stream().filter(atLeast(floor)).sorted(BEST_FIRST).limit(count).toList();
  }

  /** Returns the candidates that no guard refused. */
  public List<Configuration> notRefused() {
    return notRefused(candidates, refusals);
  }

  private static List<Configuration> notRefused(
      List<Configuration> candidates, List<Refusal> refusals) {
    Set<LayerMask> refused = refusals.stream().map(Refusal::mask).collect(Collectors.toSet());
    return candidates.stream().filter(candidate -> !refused.contains(candidate.mask())).toList();
  }

  private static boolean isRefused(List<Refusal> refusals, Configuration candidate) {
    return refusals.stream().anyMatch(refusal -> refusal.mask().equals(candidate.mask()));
  }
}
