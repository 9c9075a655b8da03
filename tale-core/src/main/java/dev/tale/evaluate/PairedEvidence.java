package dev.tale.evaluate;

import dev.tale.stats.PairedBets;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * What the common rows of two candidates say against one being better by more than a tolerance.
 *
 * <p>A row of a task counts by what it adds to the weighted mean, times the number N of all rows;
 * of one task each counts 1. So the sum over all rows is N times the difference of the accuracies,
 * and a whole multiple of a step: 1 of one task. The hypothesis refuted is the least multiple above
 * N times the tolerance.
 */
final class PairedEvidence {
  private final List<TaskRow> rows;
  private final double[] counts;
  private final double bound;
  private final double leastSum;
  private final double threshold;
  private final Map<Pair, Bets> bets = new HashMap<>();

  PairedEvidence(
      WeightedTasks tasks, List<TaskRow> rows, Racing.Statistical racing, int candidates) {
    this.rows = rows;
    List<BigFraction> counting = counts(tasks, rows.size());
    this.counts = counting.stream().mapToDouble(BigFraction::doubleValue).toArray();
    this.bound = IntStream.range(0, counts.length).mapToDouble(i -> counts[i]).max().orElseThrow();
    this.leastSum = leastSum(counting, rows.size(), racing.exactTolerance()).doubleValue();
    this.threshold = (candidates - 1) / racing.delta();
  }

  private static List<BigFraction> counts(WeightedTasks tasks, int total) {
    List<BigFraction> shares = tasks.weights().shares();
    return IntStream.range(0, shares.size())
        .mapToObj(t -> shares.get(t).multiply(BigFraction.of(total, tasks.tasks().get(t).size())))
        .toList();
  }

  private static BigFraction leastSum(List<BigFraction> counts, int total, BigDecimal tolerance) {
    BigFraction step = counts.stream().reduce(BigFraction.ZERO, PairedEvidence::divisor);
    BigFraction allowed =
        BigFraction.of(tolerance.unscaledValue(), BigInteger.TEN.pow(tolerance.scale()))
            .multiply(total);
    BigFraction steps = allowed.divide(step);
    BigInteger whole = steps.getNumerator().divide(steps.getDenominator());
    return step.multiply(whole.add(BigInteger.ONE));
  }

  /** Returns the largest number of which both are whole multiples. */
  private static BigFraction divisor(BigFraction first, BigFraction second) {
    BigInteger numerator =
        first
            .getNumerator()
            .multiply(second.getDenominator())
            .gcd(second.getNumerator().multiply(first.getDenominator()));
    return BigFraction.of(numerator, first.getDenominator().multiply(second.getDenominator()));
  }

  /** Returns whether the candidate is hardly better than the leader by more than the tolerance. */
  boolean rejects(Contender candidate, Contender leader) {
    Bets pair =
        bets.computeIfAbsent(new Pair(candidate.position(), leader.position()), key -> new Bets());
    pair.catchUp(candidate, leader);
    return pair.bets.largestWealth() >= threshold;
  }

  /** The order matters. */
  private record Pair(int candidate, int leader) {}

  /** The bets on one pair, as far as they have gone. */
  private final class Bets {
    private final PairedBets bets = new PairedBets(rows.size(), bound, leastSum);
    private int seen;

    void catchUp(Contender candidate, Contender leader) {
      int common = Math.min(candidate.scored(), leader.scored());
      for (; seen < common; seen++) {
        int difference = (candidate.isRight(seen) ? 1 : 0) - (leader.isRight(seen) ? 1 : 0);
        bets.add(difference * counts[rows.get(seen).task()]);
      }
    }
  }
}
