package dev.tale.policy;

import dev.tale.evaluate.Configuration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Picks from a path. Every pick's last words are: fewest removed layers, then the first. */
record Picks(List<Configuration> path) {

  /** Returns the one that is least by an order, among those that are allowed, or -1. */
  int first(Predicate<Configuration> allowed, Comparator<Configuration> order) {
    return IntStream.range(0, path.size())
        .filter(position -> allowed.test(path.get(position)))
        .boxed()
        .min(Comparator.comparing(path::get, order.thenComparing(fewestRemoved())))
        .orElse(-1);
  }

  int first(Comparator<Configuration> order) {
    return first(option -> true, order);
  }

  /**
   * Returns the most accurate among those within a budget; without one, the one that spends least.
   *
   * @param demand what is demanded, as it begins a sentence
   */
  Verdict within(Budget budget, String demand) {
    int best = first(option -> budget.holds().test(option), mostAccurate());
    if (best >= 0) {
      return Verdict.of(best);
    }
    int nearest = first(Comparator.comparingDouble(budget.spent()));
    Configuration option = path.get(nearest);
    return Verdict.nearest(
        nearest,
        String.format(
            "No accepted configuration has %s; nearest is the one without layers %s: %s; raise the"
                + " limit, take that one, or lower the floor so that more layers go",
            demand, option.mask().removed(), budget.text().apply(option)));
  }

  static Comparator<Configuration> mostAccurate() {
    return (one, other) -> other.score().compareAccuracy(one.score());
  }

  static Comparator<Configuration> fewestRemoved() {
    return Comparator.comparingInt(option -> option.mask().removedCount());
  }

  /**
   * A limit.
   *
   * @param holds whether an option is within it
   * @param spent what an option spends, in the limit's unit
   * @param text what an option spends, for people
   */
  record Budget(
      Predicate<Configuration> holds,
      ToDoubleFunction<Configuration> spent,
      Function<Configuration, String> text) {}
}
