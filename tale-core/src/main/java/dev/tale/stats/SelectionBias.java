package dev.tale.stats;

import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/**
 * By how much a gain is overstated on the rows that chose the model: the gain on those rows minus
 * the gain on new ones, an absolute difference of accuracy; positive if selection overstates.
 */
public final class SelectionBias {
  /*
   * Without new rows: the rows stand in for all there could be, and resamples of them for the rows. On each resample the
   * best is chosen again, and its gain there minus its gain on the rows is one draw of the bias (Efron's optimism). Where
   * several candidates are equally good in truth, the rows show differences between them that are noise already, so the
   * estimate is too small then, by about 30 %.
   *
   * [1] B. Efron, Estimating the error rate of a prediction rule: improvement on cross-validation, JASA 78, 1983.
   * [2] G. C. Cawley, N. L. C. Talbot, On over-fitting in model selection and subsequent selection bias in performance
   *     evaluation, JMLR 11, 2010.
   */

  private SelectionBias() {}

  /**
   * The rows of one task.
   *
   * @param weight the task's share of the accuracy, in (0, 1]
   * @param gains by row, then by candidate: 1 if the candidate gains the row over the baseline, -1
   *     if it loses it, else 0; at least one row, all of the same length
   */
  @SuppressWarnings("ArrayRecordComponent") // Large, and read at once.
  public record Rows(double weight, byte[][] gains) {

    /**
     * Checks the weight and the shape.
     *
     * @throws IllegalArgumentException if the weight is outside (0, 1], or there are no rows, or
     *     they differ in length
     */
    public Rows {
      if (!(weight > 0 && weight <= 1)) {
        throw new IllegalArgumentException("weight is " + weight + "; give a share in (0, 1]");
      }
      if (gains.length == 0) {
        throw new IllegalArgumentException("There are no rows; give at least 1");
      }
      for (byte[] row : gains) {
        if (row.length != gains[0].length) {
          throw new IllegalArgumentException(
              String.format(
                  "Rows have %d and %d candidates; give each row all of them",
                  gains[0].length, row.length));
        }
      }
    }

    private int candidates() {
      return gains[0].length;
    }

    /** How far the bias of a candidate can be below 0 without any resample that shows it. */
    private double unknownBelow(int candidate) {
      return gains.length == 1 ? weight * (gains[0][candidate] - 1) : 0;
    }

    /** Likewise above 0. */
    private double unknownAbove(int candidate) {
      return gains.length == 1 ? weight * (gains[0][candidate] + 1) : 0;
    }

    private void addTo(double[] means, IntUnaryOperator drawn) {
      int[] sums = new int[candidates()];
      for (int i = 0; i < gains.length; i++) {
        byte[] row = gains[drawn.applyAsInt(i)];
        for (int candidate = 0; candidate < sums.length; candidate++) {
          sums[candidate] += row[candidate];
        }
      }
      for (int candidate = 0; candidate < sums.length; candidate++) {
        means[candidate] += weight * sums[candidate] / gains.length;
      }
    }
  }

  /**
   * Measures the bias on new rows. What selection promised stays as it is; the interval is that of
   * the gain on new rows alone, so it holds whatever was chosen, and however.
   *
   * @param selectionGain gain on the rows that chose the model
   * @param newGain gain on rows that chose nothing
   * @param newInterval interval of {@code newGain}
   */
  public static Estimate measured(double selectionGain, double newGain, Interval newInterval) {
    return Estimate.in(
        selectionGain - newGain,
        new Interval(selectionGain - newInterval.high(), selectionGain - newInterval.low()));
  }

  /**
   * Estimates the bias of the best of several candidates from the rows that chose it alone, by
   * resampling each task's rows. It assumes that the candidates were given, not found on the same
   * rows, and that rows are independent; where candidates are equally good in truth it is about 30
   * % too small. The interval is the percentile interval of what a single selection is off by. One
   * row shows nothing of how far others would be off: the gain on new rows of a task that has one
   * row can be anything in [-1, 1], and the interval is as much wider.
   *
   * <p>Costs {@code resamples} times rows times candidates additions of an int.
   *
   * @param tasks at least one, all with the same candidates, at least one; the first of the best is
   *     chosen
   * @param bootstrap number of resamples, and seed
   * @param confidence probability with which the interval contains the bias, strictly between 0 and
   *     1; about
   * @throws IllegalArgumentException if there are no tasks or no candidates, their number differs
   *     between tasks, or the confidence is out of its range
   */
  public static Estimate ofBest(List<Rows> tasks, Bootstrap bootstrap, double confidence) {
    check(tasks, confidence);
    double[] all = new double[tasks.get(0).candidates()];
    tasks.forEach(task -> task.addTo(all, row -> row));
    Random random = new Random(bootstrap.seed());
    double[] draws = new double[bootstrap.resamples()];
    for (int i = 0; i < draws.length; i++) {
      double[] means = new double[all.length];
      tasks.forEach(task -> task.addTo(means, row -> random.nextInt(task.gains().length)));
      int best = best(means);
      draws[i] = means[best] - all[best];
    }
    Arrays.sort(draws);
    double low = Quantile.of(draws, (1 - confidence) / 2);
    double high = Quantile.of(draws, (1 + confidence) / 2);
    int chosen = best(all);
    for (Rows task : tasks) {
      low += task.unknownBelow(chosen);
      high += task.unknownAbove(chosen);
    }
    return Estimate.in(Bootstrap.mean(draws), new Interval(low, high));
  }

  private static int best(double[] means) {
    int best = 0;
    for (int candidate = 1; candidate < means.length; candidate++) {
      best = means[candidate] > means[best] ? candidate : best;
    }
    return best;
  }

  private static void check(List<Rows> tasks, double confidence) {
    if (tasks.isEmpty() || tasks.get(0).candidates() == 0) {
      throw new IllegalArgumentException(
          "There are no candidates to choose from; give at least 1 task with at least 1 candidate");
    }
    for (Rows task : tasks) {
      if (task.candidates() != tasks.get(0).candidates()) {
        throw new IllegalArgumentException(
            String.format(
                "Tasks have %d and %d candidates; give each task all of them",
                tasks.get(0).candidates(), task.candidates()));
      }
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "confidence is " + confidence + "; give a probability between 0 and 1, such as 0.95");
    }
  }
}
