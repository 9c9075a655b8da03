package dev.tale.search;

import com.google.common.collect.Lists;
import dev.tale.evaluate.Bounds;
import dev.tale.evaluate.BudgetExceededException;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.Race;
import dev.tale.evaluate.Racing;
import dev.tale.evaluate.Refusal;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import dev.tale.policy.Floor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A search in progress: holds its rounds, reports them and keeps them. What the objective's budget
 * does not pay is not asked, and the search is over: what was scored in full before a round's
 * winner is known is kept as a round that accepted nothing.
 */
final class Exploration {
  private final Objective objective;
  private final Floor floor;
  private final Configuration baseline;
  private final List<Round> rounds = new ArrayList<>();
  private Configuration lastAccepted;
  private Optional<BudgetExceededException> spent = Optional.empty();

  private Exploration(Objective objective, Floor floor) {
    this.objective = objective;
    this.floor = floor;
    LayerMask nothing = LayerMask.none(objective.model().layerCount());
    this.baseline = objective.evaluate(List.of(nothing)).get(0);
    this.lastAccepted = baseline;
  }

  /** Scores the baseline and explores until the rule or the budget ends it. */
  static Trajectory of(Objective objective, Floor floor, Consumer<Exploration> rule) {
    Exploration exploration = new Exploration(objective, floor);
    rule.accept(exploration);
    List<String> remarks =
        exploration.spent.stream()
            .map(spent -> "The search stopped early. " + spent.getMessage())
            .toList();
    return new Trajectory(
        exploration.baseline, exploration.rounds, remarks, /* complete= */ remarks.isEmpty());
  }

  /** Asks something of the objective; empty if the budget does not pay it. */
  <T> Optional<T> ask(Supplier<T> question) {
    try {
      return Optional.of(question.get());
    } catch (BudgetExceededException e) {
      spent = Optional.of(e);
      return Optional.empty();
    }
  }

  /** Scores masks on every row. */
  Optional<List<Configuration>> evaluate(List<LayerMask> masks) {
    return ask(() -> objective.evaluate(masks));
  }

  /** Returns whether the budget has ended the search. */
  boolean isOver() {
    return spent.isPresent();
  }

  Objective objective() {
    return objective;
  }

  ModelInfo model() {
    return objective.model();
  }

  Configuration baseline() {
    return baseline;
  }

  /** Returns the floor of a round that follows the last accepted configuration. */
  double floor() {
    return floor(lastAccepted);
  }

  double floor(Configuration current) {
    return floor.accuracy(baseline.score(), current.score());
  }

  /** Holds a round of candidates, ascending; asks so many of the best for the guards. */
  Optional<Round> hold(
      double lowest, List<Configuration> candidates, List<Bounds> left, int wanted) {
    Optional<BudgetExceededException> before = spent;
    Predicate<Configuration> enough = Round.atLeast(lowest);
    List<Refusal> refusals = guarding(before).of(enough, candidates, wanted);
    return held(before, Round.of(lowest, enough, candidates, left, refusals));
  }

  /** Holds a round as a race. */
  Optional<Round> hold(double lowest, Race race) {
    return hold(lowest, Round.atLeast(lowest), race);
  }

  /** Holds a round as a race that accepts only what is better than what is known. */
  Optional<Round> holdAbove(Configuration known, double lowest, Race race) {
    Predicate<Configuration> better =
        candidate -> candidate.score().compareAccuracy(known.score()) > 0;
    return hold(
        Math.max(lowest, known.score().accuracy()), better.and(Round.atLeast(lowest)), race);
  }

  private Optional<Round> hold(double lowest, Predicate<Configuration> enough, Race race) {
    Optional<BudgetExceededException> before = spent;
    List<Refusal> refusals =
        guarding(before).of(enough, () -> ask(race::winner).flatMap(Function.identity()), race);
    return race.complete().isEmpty()
        ? Optional.empty()
        : held(before, Round.of(lowest, enough, race.complete(), race.incomplete(), refusals));
  }

  /** Holds a round of the first in a given order, or the next where the guards refuse it. */
  Optional<Round> holdInTurn(double lowest, List<LayerMask> order) {
    Optional<BudgetExceededException> before = spent;
    Predicate<Configuration> enough = Round.atLeast(lowest);
    List<Configuration> scored = new ArrayList<>();
    List<Refusal> refusals = new ArrayList<>();
    for (int turn = 0; turn == refusals.size() && turn < order.size(); turn++) {
      List<Configuration> next = evaluate(List.of(order.get(turn))).orElse(List.of());
      scored.addAll(next);
      refusals.addAll(guarding(before).of(enough, next, 1));
    }
    return scored.isEmpty()
        ? Optional.empty()
        : held(before, Round.of(lowest, enough, ascending(scored), List.of(), refusals));
  }

  private Guarding guarding(Optional<BudgetExceededException> before) {
    return new Guarding(
        mask -> ask(() -> objective.refusal(mask)).flatMap(Function.identity()),
        () -> !spent.equals(before));
  }

  /** Keeps a round, or as much of it as there was when the budget ended it. */
  private Optional<Round> held(Optional<BudgetExceededException> before, Round round) {
    if (spent.equals(before)) {
      return Optional.of(keep(round));
    }
    rounds.add(
        new Round(
            round.floor(), round.candidates(), round.left(), round.refusals(), Optional.empty()));
    return Optional.empty();
  }

  private static List<Configuration> ascending(List<Configuration> scored) {
    return scored.stream()
        .sorted(Comparator.comparing(Configuration::mask, Masks.LOWEST_FIRST))
        .toList();
  }

  /**
   * Holds a round of each mask, in the order given. Without a budget all are scored in one call,
   * which shares most; within one each by itself, as far as it goes, so that a larger budget goes
   * on where a smaller one ended.
   */
  void holdEach(List<LayerMask> masks) {
    int together = objective.hasBudget() ? 1 : Math.max(1, masks.size());
    for (List<LayerMask> some : Lists.partition(masks, together)) {
      for (Configuration scored :
          isOver() ? List.<Configuration>of() : evaluate(some).orElse(List.of())) {
        hold(floor(), List.of(scored), List.of(), 1);
      }
    }
  }

  /** Holds a race for each number of removed layers, whatever came of the others. */
  void raceEachSize(IntFunction<List<LayerMask>> candidates) {
    for (int removed = 1; removed <= objective.mostRemoved() && !isOver(); removed++) {
      List<LayerMask> masks = candidates.apply(removed);
      if (!masks.isEmpty()) {
        hold(floor(), objective.race(masks, Racing.exact()));
      }
    }
  }

  /** Keeps a round that has been held, and reports it. */
  Round keep(Round round) {
    rounds.add(round);
    lastAccepted = round.accepted().orElse(lastAccepted);
    objective
        .progress()
        .on(
            new Progress.Round(
                model(),
                rounds.size(),
                round.floor(),
                round.candidates(),
                round.left(),
                round.refusals(),
                round.accepted()));
    return round;
  }
}
