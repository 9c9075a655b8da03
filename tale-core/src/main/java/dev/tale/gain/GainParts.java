package dev.tale.gain;

import dev.tale.estimate.Interval;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Score;
import dev.tale.evaluate.TaskScore;
import dev.tale.stats.Tango;

/**
 * The rows that a configuration has right beyond the unpruned model, in parts that add up; see
 * {@link dev.tale.gain the package} for the rule. Negative where rows were lost.
 *
 * @param rows number of rows, at least 1
 * @param format rows won by answers that count where there were none
 * @param bias rows won by a fitted bias for each option, without removing anything
 * @param rest rows won by neither
 * @param restInterval 95 % interval of {@code rest}, in rows
 */
public record GainParts(int rows, int format, int bias, int rest, Interval restInterval) {

  /**
   * The steps from one score to the next.
   *
   * @param baseline the unpruned model
   * @param repaired with answers that count
   * @param unbiased with a fitted bias besides
   * @param pruned the configuration
   */
  static GainParts of(
      TaskScore baseline, TaskScore repaired, TaskScore unbiased, TaskScore pruned) {
    PairedComparison last = PairedComparison.of(unbiased, pruned);
    int rows = pruned.total();
    Interval share = Tango.interval(last.gained(), last.lost(), rows, Score.CONFIDENCE);
    return new GainParts(
        rows,
        repaired.correct() - baseline.correct(),
        unbiased.correct() - repaired.correct(),
        pruned.correct() - unbiased.correct(),
        new Interval(rows * share.low(), rows * share.high()));
  }

  /** Rows won in all. */
  public int total() {
    return format + bias + rest;
  }

  /** The parts as a sentence. */
  @Override
  public String toString() {
    return String.format(
        java.util.Locale.ROOT,
        "%+d rows: %s by format, %s by bias, %s [%+.0f, %+.0f] by the rest",
        total(),
        signed(format),
        signed(bias),
        signed(rest),
        restInterval.low(),
        restInterval.high());
  }

  private static String signed(int rows) {
    return rows == 0 ? "0" : String.format(java.util.Locale.ROOT, "%+d", rows);
  }
}
