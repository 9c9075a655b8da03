package dev.tale.evaluate;

import static java.util.stream.Collectors.joining;

import dev.tale.estimate.Interval;
import dev.tale.stats.WeightedMean;
import dev.tale.stats.WeightedMean.Stratum;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * How a model did on several tasks. Accuracy is the weighted mean of the tasks' accuracies: a task
 * counts by its weight and not by its number of rows.
 *
 * @param byTask the score of each task, at least one
 * @param weights the weight of each task
 */
record WeightedScore(List<TaskScore> byTask, Weights weights) implements Score {

  /**
   * Copies the scores.
   *
   * @throws IllegalArgumentException if there are not as many scores as weights
   */
  public WeightedScore {
    byTask = List.copyOf(byTask);
    if (byTask.size() != weights.size()) {
      throw new IllegalArgumentException(
          byTask.size()
              + " scores, but "
              + weights.size()
              + " weights; give each score its weight");
    }
  }

  /** Returns the weighted mean of the tasks' accuracies: the double next to the exact mean. */
  @Override
  public double accuracy() {
    return ExactAccuracy.of(this).doubleValue();
  }

  /** Returns {@code sqrt(sum w^2 e^2)}, w the share and e the standard error of each task. */
  @Override
  public double standardError() {
    double variance = 0;
    for (int task = 0; task < weights.size(); task++) {
      double share = weights.share(task) * byTask.get(task).standardError();
      variance += share * share;
    }
    return Math.sqrt(variance);
  }

  /**
   * Returns the 95 % interval of the weighted mean, stratified by task: each task's Wilson interval
   * by itself, combined by {@link WeightedMean}. It takes the tasks' rows for independent of each
   * other.
   */
  @Override
  public Interval interval() {
    List<Stratum> strata = IntStream.range(0, weights.size()).mapToObj(this::stratum).toList();
    return WeightedMean.interval(accuracy(), strata);
  }

  private Stratum stratum(int task) {
    TaskScore score = byTask.get(task);
    return new Stratum(weights.share(task), score.accuracy(), score.interval());
  }

  /** Returns for example {@code 0.8107 (412/500, 397/500)}. */
  @Override
  public String toString() {
    return byTask.stream()
        .map(score -> score.correct() + "/" + score.total())
        .collect(joining(", ", String.format(Locale.ROOT, "%.4f (", accuracy()), ")"));
  }
}
