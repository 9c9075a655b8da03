package dev.tale.report;

import dev.tale.evaluate.Comparison;
import dev.tale.stats.Interval;
import dev.tale.stats.PairedPower;
import java.util.OptionalDouble;

/**
 * What the rows of one task say of a configuration's accuracy against the baseline's.
 *
 * @param rows number of rows, at least 1
 * @param comparison which answers changed, both ways; its p-value is of one look
 * @param interval 95 % interval of {@link #difference}, Tango's; of one look, and too good on rows
 *     that chose the layers
 * @param adjustedP the p-value adjusted by Holm for all looks of {@link Report#findings}; empty on
 *     rows that chose the layers, of which a p-value says nothing
 * @param smallest the smallest difference that so many rows, of which as large a share differs,
 *     show with a probability of 0.8 at a level of 0.05; empty if there are so few that they show
 *     none
 */
public record Gain(
    int rows,
    Comparison comparison,
    Interval interval,
    OptionalDouble adjustedP,
    OptionalDouble smallest) {

  /** Level and power of {@link #smallest}. */
  static final PairedPower POWER = PairedPower.customary();

  /** Returns the configuration's accuracy minus the baseline's. */
  public double difference() {
    return (comparison.gained() - comparison.lost()) / (double) rows;
  }

  /**
   * Returns whether the rows are too few to tell the difference from noise: it is less than the
   * smallest that they would show, and no test has shown it nevertheless.
   */
  public boolean isWithinNoise() {
    return Math.abs(difference()) < smallest.orElse(Double.POSITIVE_INFINITY)
        && adjustedP.orElse(1) > POWER.level();
  }
}
