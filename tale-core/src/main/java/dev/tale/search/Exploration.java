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
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * A search in progress: holds its rounds, reports them and keeps them. When the objective's budget
 * is spent before a round's winner is known, what was scored in full is kept as a round that
 * accepted nothing.
 */
final class Exploration {
  private final Objective objective;
  private final Floor floor;
  private final Configuration baseline;
  private final List<Round> rounds = new ArrayList<>();
  private Configuration lastAccepted;

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
    try {
      rule.accept(exploration);
      return new Trajectory(exploration.baseline, exploration.rounds);
    } catch (BudgetExceededException spent) {
      String remark = "The search stopped early. " + spent.getMessage();
      return new Trajectory(exploration.baseline, exploration.rounds, List.of(remark), false);
    }
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
  Round hold(double lowest, List<Configuration> candidates, List<Bounds> left, int wanted) {
    List<Refusal> refusals = new ArrayList<>();
    try {
      Round.refuse(objective, Round.atLeast(lowest), candidates, wanted, refusals);
      return keep(Round.of(lowest, Round.atLeast(lowest), candidates, left, refusals));
    } catch (BudgetExceededException spent) {
      cut(lowest, candidates, left, refusals);
      throw spent;
    }
  }

  /** Holds a round as a race. */
  Round hold(double lowest, Race race) {
    return hold(lowest, Round.atLeast(lowest), race);
  }

  /** Holds a round as a race that accepts only what is better than what is known. */
  Round holdAbove(Configuration known, double lowest, Race race) {
    Predicate<Configuration> better =
        candidate -> candidate.score().compareAccuracy(known.score()) > 0;
    return hold(
        Math.max(lowest, known.score().accuracy()), better.and(Round.atLeast(lowest)), race);
  }

  private Round hold(double lowest, Predicate<Configuration> enough, Race race) {
    List<Refusal> refusals = new ArrayList<>();
    try {
      Round.refuse(objective, enough, race, refusals);
      return keep(Round.of(lowest, enough, race.complete(), race.incomplete(), refusals));
    } catch (BudgetExceededException spent) {
      cut(lowest, race.complete(), race.incomplete(), refusals);
      throw spent;
    }
  }

  /** Holds a round of the first in a given order, or the next where the guards refuse it. */
  Round holdInTurn(double lowest, List<LayerMask> order) {
    List<Configuration> scored = new ArrayList<>();
    List<Refusal> refusals = new ArrayList<>();
    try {
      for (int turn = 0; turn == refusals.size() && turn < order.size(); turn++) {
        scored.addAll(objective.evaluate(List.of(order.get(turn))));
        List<Configuration> last = scored.subList(turn, turn + 1);
        Round.refuse(objective, Round.atLeast(lowest), last, 1, refusals);
      }
    } catch (BudgetExceededException spent) {
      cut(lowest, ascending(scored), List.of(), refusals);
      throw spent;
    }
    return keep(Round.of(lowest, Round.atLeast(lowest), ascending(scored), List.of(), refusals));
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
      for (Configuration scored : objective.evaluate(some)) {
        hold(floor(), List.of(scored), List.of(), 1);
      }
    }
  }

  /** Holds a race for each number of removed layers, whatever came of the others. */
  void raceEachSize(IntFunction<List<LayerMask>> candidates) {
    for (int removed = 1; removed <= objective.mostRemoved(); removed++) {
      List<LayerMask> masks = candidates.apply(removed);
      if (!masks.isEmpty()) {
        hold(floor(), objective.race(masks, Racing.exact()));
      }
    }
  }

  private void cut(
      double lowest, List<Configuration> candidates, List<Bounds> left, List<Refusal> refusals) {
    if (!candidates.isEmpty()) {
      rounds.add(new Round(lowest, candidates, left, refusals, Optional.empty()));
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
