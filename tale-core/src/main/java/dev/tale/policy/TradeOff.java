package dev.tale.policy;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Cost;
import dev.tale.policy.Picks.Budget;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Which configuration of a search's path to take. TALE reports {@link #best}, {@link #bestSpeedup}
 * and {@link #last} together.
 *
 * <p>Accuracies are those of the rows that chose the layers, since held-out rows choose nothing,
 * and are compared exactly. Unless said otherwise, ties go to the fewest removed layers, then to
 * the first in the path. Where whole layers are divided into parts, parts are counted.
 *
 * <p>Some trade-offs go by the {@linkplain Cost measured cost} of the written models: by the time
 * of one forward pass, which for a generation is the time to its first token and not that of the
 * tokens that follow, or by the size of the files. What they choose may differ from one measurement
 * to the next. A lambda should override {@code toString} to have a name in results: by it a re-run
 * tells whether the trade-off is the same.
 */
@FunctionalInterface
public interface TradeOff {

  /**
   * Chooses from a path.
   *
   * @param path the baseline, then every accepted configuration in the order of acceptance
   * @return the chosen configuration, or the nearest if none is what is demanded
   * @throws IllegalStateException if this goes by costs and one was not measured
   */
  Verdict choose(List<Configuration> path);

  /** Returns whether this goes by measured costs, and so cannot choose without them. */
  default boolean needsCosts() {
    return false;
  }

  /** Returns BEST: the highest accuracy; on a tie the fewest removed layers. */
  static TradeOff best() {
    return Rule.of(
        "best accuracy", path -> Verdict.of(new Picks(path).first(Picks.mostAccurate())));
  }

  /**
   * Returns BSBA: the most layers removed at baseline accuracy or better; on a tie the more
   * accurate. It is the last such configuration where each one accepted removes one layer more.
   */
  static TradeOff bestSpeedup() {
    return Rule.of(
        "best speed-up at baseline accuracy",
        path ->
            Verdict.of(
                new Picks(path)
                    .first(
                        option -> option.score().compareAccuracy(path.get(0).score()) >= 0,
                        Picks.fewestRemoved().reversed().thenComparing(Picks.mostAccurate()))));
  }

  /** Returns FINAL: the last accepted configuration. */
  static TradeOff last() {
    return Rule.of("last accepted", path -> Verdict.of(path.size() - 1));
  }

  /**
   * Returns the configuration that lacks most layers among those whose accuracy is at most {@code
   * drop} below the baseline's; on a tie the more accurate. The baseline is one of them, so this is
   * always met.
   *
   * @param drop accuracy that may be lost, absolute, in [0, 1], compared as the decimal number that
   *     it prints as; exactly so much may be
   * @throws IllegalArgumentException if {@code drop} is outside [0, 1]
   */
  static TradeOff belowBaseline(double drop) {
    if (!(drop >= 0 && drop <= 1)) {
      throw new IllegalArgumentException(
          "drop is " + drop + "; it is an absolute loss of accuracy in [0, 1]");
    }
    Comparator<Configuration> mostRemoved = Picks.fewestRemoved().reversed();
    return Rule.of(
        "most layers removed at most " + drop + " below baseline accuracy",
        path ->
            Verdict.of(
                new Picks(path)
                    .first(
                        option -> option.score().isAtMostBelow(path.get(0).score(), drop),
                        mostRemoved.thenComparing(Picks.mostAccurate()))));
  }

  /**
   * Returns the most accurate configuration that keeps at most so many layers; nearest is the one
   * that keeps fewest.
   *
   * @param layers at least 1
   * @throws IllegalArgumentException if {@code layers} is less than 1
   */
  static TradeOff keepAtMost(int layers) {
    requirePositive("layers", layers, "a model keeps at least 1");
    String demand = "at most " + layers + " layers";
    Budget budget =
        new Budget(
            option -> kept(option) <= layers,
            TradeOff::kept,
            option -> "it keeps " + kept(option) + " of " + option.mask().layers());
    return Rule.of("best accuracy with " + demand, path -> new Picks(path).within(budget, demand));
  }

  /**
   * Returns the most accurate configuration whose measured latency is at most {@code limit}: so is
   * the upper end of the 95 % interval of its median. Nearest is the one whose upper end is lowest.
   *
   * @param limit of one forward pass, at the batch size that is measured, whatever the task asks;
   *     positive
   * @throws IllegalArgumentException if {@code limit} is not positive
   */
  static TradeOff latencyAtMost(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("limit is " + limit + "; give a positive time");
    }
    double seconds = limit.toSeconds() + limit.toNanosPart() / 1e9;
    String demand = "a latency of at most " + millis(limit) + " ms";
    Budget budget =
        new Budget(
            option -> slowest(option) <= seconds,
            TradeOff::slowest,
            option -> "median " + option.requireCost().latencySeconds().times(1e3) + " ms");
    return Rule.ofCosts(
        "best accuracy with " + demand, path -> new Picks(path).within(budget, demand));
  }

  /**
   * Returns the most accurate configuration whose written files, graph and weights, have at most so
   * many bytes; nearest is the smallest. That is the size on disk, not memory in use: a process
   * that runs the model holds at least about so much, and activations, key-value caches and what
   * the runtime makes of the weights besides.
   *
   * @param bytes of the files, at least 1
   * @throws IllegalArgumentException if {@code bytes} is less than 1
   */
  static TradeOff memoryAtMost(long bytes) {
    requirePositive("bytes", bytes, "give a positive number");
    String demand = String.format(Locale.ROOT, "written files of at most %,d bytes", bytes);
    Budget budget =
        new Budget(
            option -> option.requireCost().bytes() <= bytes,
            option -> option.requireCost().bytes(),
            option ->
                String.format(Locale.ROOT, "files of %,d bytes", option.requireCost().bytes()));
    return Rule.ofCosts(
        "best accuracy with " + demand, path -> new Picks(path).within(budget, demand));
  }

  /**
   * Returns the configuration with the highest {@code accuracyWeight x accuracy + speedupWeight x
   * speed-up}: accuracy as a fraction, speed-up the measured median against the baseline, which has
   * 1. With weights 1 and 0.1, a model twice as fast may lose 10 points of accuracy.
   *
   * @param accuracyWeight finite and not negative
   * @param speedupWeight likewise
   * @throws IllegalArgumentException if a weight is negative or not finite, or both are 0
   */
  static TradeOff utility(double accuracyWeight, double speedupWeight) {
    requireWeight("accuracyWeight", accuracyWeight);
    requireWeight("speedupWeight", speedupWeight);
    if (accuracyWeight == 0 && speedupWeight == 0) {
      throw new IllegalArgumentException(
          "accuracyWeight and speedupWeight are 0, so that all would tie; give one of them more");
    }
    Comparator<Configuration> order =
        Comparator.comparingDouble(
            option ->
                accuracyWeight * option.score().accuracy()
                    + speedupWeight * option.requireCost().speedup().value());
    return Rule.ofCosts(
        "highest " + accuracyWeight + " x accuracy + " + speedupWeight + " x speed-up",
        path -> Verdict.of(new Picks(path).first(order.reversed())));
  }

  /**
   * Returns the knee of the {@linkplain ParetoFront front} of accuracy and measured latency: the
   * point farthest above the chord between its ends, both axes scaled to the front's extent (Das,
   * Structural Optimization 18, 1999). Without a point above the chord, the most accurate end.
   */
  static TradeOff knee() {
    return Rule.ofCosts(
        "knee of the front of accuracy and latency", path -> Verdict.of(Knee.of(path)));
  }

  private static int kept(Configuration option) {
    return option.mask().layers() - option.mask().removedCount();
  }

  private static double slowest(Configuration option) {
    return option.requireCost().latencySeconds().interval().high();
  }

  private static String millis(Duration time) {
    return BigDecimal.valueOf(time.toSeconds())
        .add(BigDecimal.valueOf(time.toNanosPart(), 9))
        .movePointRight(3)
        .stripTrailingZeros()
        .toPlainString();
  }

  private static void requirePositive(String name, long value, String remedy) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + "; " + remedy);
    }
  }

  private static void requireWeight(String name, double weight) {
    if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          name + " is " + weight + "; give a finite number of at least 0");
    }
  }
}
