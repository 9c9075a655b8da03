package dev.tale.stats;

import java.util.OptionalDouble;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * What {@link McNemar#exact} can tell from noise: its power, and the smallest gain that it finds.
 *
 * @param level probability at most of finding a difference where there is none, in (0, 1); for
 *     example 0.05
 * @param power probability of finding a difference that is there, in (0, 1); for example 0.8
 */
public record PairedPower(double level, double power) {
  /*
   * Of n rows a number m, binomial(n, discordance), differ, and of those a number, binomial(m, (1 + gain / discordance) / 2),
   * are gained. The test looks at the m rows alone and rejects if the fewer are at most k(m), the largest number whose
   * two-sided p-value is within the level. So the power is the mean over m of the probability of that, exactly; the m whose
   * probability is below 1e-12 in all are left out. It rises with the gain, so the smallest gain is found by halving.
   *
   * [1] J. J. Connor, Sample size for testing differences in proportions for the paired-sample design, Biometrics 43, 1987.
   * [2] R. G. O'Brien, Sample size analysis in study planning: using PROC POWER, 2002, p. 161: the unconditional exact power.
   */
  private static final double IGNORED = 1e-12;

  private static final int MOST_ROWS = 1_000_000;

  /** Halving [0, 1] so often finds a gain to within 1e-9. */
  private static final int HALVINGS = 30;

  /**
   * Checks the probabilities.
   *
   * @throws IllegalArgumentException if one is not strictly between 0 and 1
   */
  public PairedPower {
    check("level", level, level > 0 && level < 1, "a probability between 0 and 1, such as 0.05");
    check("power", power, power > 0 && power < 1, "a probability between 0 and 1, such as 0.8");
  }

  /**
   * Returns the probability that the test finds a gain, or the same loss.
   *
   * @param rows number of rows, 0 to 1,000,000
   * @param discordance probability that the models differ on a row, in [0, 1]
   * @param gain true difference of accuracies, absolute, in [0, discordance]
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public double of(int rows, double discordance, double gain) {
    check("rows", rows, rows >= 0 && rows <= MOST_ROWS, "a number from 0 to " + MOST_ROWS);
    check("discordance", discordance, discordance >= 0 && discordance <= 1, "a share in [0, 1]");
    check("gain", gain, gain >= 0 && gain <= discordance, "at most the discordance");
    return new Search(rows, discordance).power(discordance, gain);
  }

  /**
   * Returns the smallest gain, or loss, that the test finds with the given power. A gain cannot
   * exceed the share of rows that differ; where it would have to, that share is taken to be the
   * gain, all of it one way.
   *
   * <p>Costs tens of milliseconds for thousands of rows.
   *
   * @param rows number of rows, 0 to 1,000,000
   * @param discordance share of the rows on which the models differ, in [0, 1]
   * @return an absolute difference of accuracies, in (0, 1]; empty if there are so few rows that
   *     none is found
   * @throws IllegalArgumentException if an argument is out of its range
   */
  public OptionalDouble smallestGain(int rows, double discordance) {
    check("rows", rows, rows >= 0 && rows <= MOST_ROWS, "a number from 0 to " + MOST_ROWS);
    check("discordance", discordance, discordance >= 0 && discordance <= 1, "a share in [0, 1]");
    return new Search(rows, discordance).smallestGain();
  }

  private static void check(String name, double value, boolean right, String remedy) {
    if (!right) {
      throw new IllegalArgumentException(name + " is " + value + "; give " + remedy);
    }
  }

  /** Holds k(m) for every m, -1 where the test never rejects. */
  private final class Search {
    private final int rows;
    private final double discordance;
    private final int[] critical;

    Search(int rows, double discordance) {
      this.rows = rows;
      this.discordance = discordance;
      this.critical = new int[rows + 1];
      int last = -1;
      for (int differing = 0; differing <= rows; differing++) {
        // One more differing row raises k by one at most.
        boolean rises = 2 * (last + 1) < differing && rejects(last + 1, differing);
        last = rises ? last + 1 : last;
        critical[differing] = last;
      }
    }

    private boolean rejects(int fewer, int differing) {
      return McNemar.exact(fewer, differing - fewer) <= level;
    }

    OptionalDouble smallestGain() {
      if (powerAt(1) < power) {
        return OptionalDouble.empty();
      }
      double tooSmall = 0;
      double found = 1;
      for (int i = 0; i < HALVINGS; i++) {
        double middle = (tooSmall + found) / 2;
        if (powerAt(middle) < power) {
          tooSmall = middle;
        } else {
          found = middle;
        }
      }
      return OptionalDouble.of(found);
    }

    private double powerAt(double gain) {
      return power(Math.max(discordance, gain), gain);
    }

    double power(double differ, double gain) {
      BinomialDistribution differing = BinomialDistribution.of(rows, differ);
      double gained = differ == 0 ? 0.5 : (1 + gain / differ) / 2;
      int from = differing.inverseCumulativeProbability(IGNORED);
      int to = differing.inverseSurvivalProbability(IGNORED);
      double sum = 0;
      for (int m = from; m <= to; m++) {
        sum += differing.probability(m) * rejection(m, gained);
      }
      return sum;
    }

    private double rejection(int differing, double gained) {
      int k = critical[differing];
      if (k < 0) {
        return 0;
      }
      BinomialDistribution better = BinomialDistribution.of(differing, gained);
      return better.cumulativeProbability(k) + better.survivalProbability(differing - k - 1);
    }
  }
}
