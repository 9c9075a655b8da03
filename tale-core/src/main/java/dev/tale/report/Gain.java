package dev.tale.report;

import dev.tale.estimate.Interval;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Score;
import dev.tale.stats.PairedPower;
import dev.tale.stats.Tango;
import java.util.OptionalDouble;

/**
 * What the rows of one task say of a configuration's accuracy against the baseline's.
 *
 * @param rows number of rows, at least 1
 * @param comparison which answers changed, both ways; its p-value is of one look
 * @param interval 95 % interval of {@link #difference}, Tango's; of one look, and too good on rows
 *     that chose the layers
 * @param adjustedP the p-value adjusted by Holm for all looks of {@link Report#evidence}; empty on
 *     rows that chose the layers, of which a p-value says nothing
 * @param smallest the smallest difference that so many rows, of which as large a share differs,
 *     show with a probability of 0.8 at a level of 0.05, if it is the only one that is looked at
 *     and was decided on in advance; empty if there are so few rows that they show none
 * @param looks number of comparisons on these rows: those of {@link Report#evidence}, or on rows
 *     that chose the layers those of all configurations that were scored on them, on each task; at
 *     least 1
 * @param smallestOfLooks the same after so many looks, that is at a level of 0.05 / looks
 */
public record Gain(
    int rows,
    PairedComparison comparison,
    Interval interval,
    OptionalDouble adjustedP,
    OptionalDouble smallest,
    int looks,
    OptionalDouble smallestOfLooks) {

  /** Level of {@link #smallest}, and of all looks together. */
  public static final double LEVEL = 0.05;

  /** Power of {@link #smallest}, and of all looks together. */
  public static final double POWER = 0.8;

  static Gain of(int rows, PairedComparison comparison, OptionalDouble adjustedP, int looks) {
    double discordance = (comparison.gained() + comparison.lost()) / (double) rows;
    // Holm's method tests the one that shows least at level / looks, as Bonferroni's does.
    PairedPower ofLooks = new PairedPower(LEVEL / looks, POWER);
    return new Gain(
        rows,
        comparison,
        Tango.interval(comparison.gained(), comparison.lost(), rows, Score.CONFIDENCE),
        adjustedP,
        new PairedPower(LEVEL, POWER).smallestGain(rows, discordance),
        looks,
        ofLooks.smallestGain(rows, discordance));
  }

  /** Returns the configuration's accuracy minus the baseline's. */
  public double difference() {
    return (comparison.gained() - comparison.lost()) / (double) rows;
  }

  /**
   * Returns whether the rows are too few to tell the difference from noise: it is less than the
   * smallest that they would show after as many looks, and no test has shown it nevertheless.
   */
  public boolean isWithinNoise() {
    return Math.abs(difference()) < smallestOfLooks.orElse(Double.POSITIVE_INFINITY)
        && adjustedP.orElse(1) > LEVEL;
  }
}
