package dev.tale.search;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Race;
import dev.tale.evaluate.Refusal;
import dev.tale.model.LayerMask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The guards' part in a round: the best candidates are asked for them, one after the other.
 *
 * @param guards the refusal of a mask, if a guard refuses it
 * @param isOver whether nothing more may be asked
 */
record Guarding(Function<LayerMask, Optional<Refusal>> guards, BooleanSupplier isOver) {

  /** Returns the refusals of the best candidates, until so many hold all guards. */
  List<Refusal> of(Predicate<Configuration> enough, List<Configuration> candidates, int wanted) {
    List<Refusal> refusals = new ArrayList<>();
    List<Configuration> bestFirst = candidates.stream().sorted(Round.BEST_FIRST).toList();
    int held = 0;
    for (int next = 0; next < bestFirst.size() && held < wanted && !isOver.getAsBoolean(); next++) {
      if (!enough.test(bestFirst.get(next))) {
        break;
      }
      Optional<Refusal> refusal = guards.apply(bestFirst.get(next).mask());
      refusal.ifPresent(refusals::add);
      held += refusal.isPresent() ? 0 : 1;
    }
    return refusals;
  }

  /** Returns the refusals of a race's winners, until one is not good enough or holds the guards. */
  List<Refusal> of(
      Predicate<Configuration> enough, Supplier<Optional<Configuration>> winner, Race race) {
    List<Refusal> refusals = new ArrayList<>();
    for (Optional<Refusal> refusal = refusal(enough, winner);
        refusal.isPresent();
        refusal = refusal(enough, winner)) {
      refusals.add(refusal.get());
      race.refuse(refusal.get().mask());
    }
    return refusals;
  }

  private Optional<Refusal> refusal(
      Predicate<Configuration> enough, Supplier<Optional<Configuration>> winner) {
    return winner.get().filter(enough).flatMap(found -> guards.apply(found.mask()));
  }
}
