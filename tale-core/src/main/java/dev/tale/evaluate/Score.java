package dev.tale.evaluate;

import dev.tale.estimate.Interval;
import dev.tale.task.Outcome;
import java.util.List;

/**
 * How a model did on a task, or on a weighted set of tasks. One number, {@link #accuracy}, is what
 * searches and floors go by; the outcome of every row of every task stays beside it.
 */
public sealed interface Score permits TaskScore, WeightedScore {

  /** Confidence level of {@link #interval}. */
  double CONFIDENCE = 0.95;

  /**
   * Returns the score of one task.
   *
   * @param outcomes one outcome per row, in the task's order
   * @throws IllegalArgumentException if there are none
   */
  static TaskScore of(List<Outcome> outcomes) {
    return new TaskScore(outcomes);
  }

  /**
   * Returns the score of several tasks: a task counts by its weight and not by its number of rows.
   *
   * @param byTask the score of each task, at least one
   * @param weights the weight of each task
   * @throws IllegalArgumentException if there are not as many scores as weights
   */
  static Score of(List<TaskScore> byTask, Weights weights) {
    return new WeightedScore(byTask, weights);
  }

  /** Returns the scores of the tasks, in their order, at least one. */
  List<TaskScore> byTask();

  /** Returns the accuracy, a fraction in [0, 1]; of several tasks the weighted mean of theirs. */
  double accuracy();

  /**
   * Returns the standard error of the accuracy, as lm-evaluation-harness computes it for a task; of
   * a weighted mean that of the mean, its tasks being independent.
   */
  double standardError();

  /** Returns the 95 % interval of the accuracy. */
  Interval interval();

  /** Returns one outcome per row, task after task. */
  default List<Outcome> outcomes() {
    return byTask().stream().flatMap(task -> task.outcomes().stream()).toList();
  }

  /** Returns the number of rows answered correctly, over all tasks. */
  default int correct() {
    return byTask().stream().mapToInt(TaskScore::correct).sum();
  }

  /** Returns the number of rows, over all tasks. */
  default int total() {
    return byTask().stream().mapToInt(TaskScore::total).sum();
  }

  /**
   * Compares accuracies as the rational numbers that they are: what is equal ties, whatever the
   * order of the tasks and however {@link #accuracy} is rounded.
   *
   * @return negative, zero or positive, as this accuracy is less, equal or greater
   */
  default int compareAccuracy(Score other) {
    return ExactAccuracy.of(this).compareTo(ExactAccuracy.of(other));
  }

  /**
   * Returns whether this accuracy is at most {@code drop} below another, compared exactly, with
   * {@code drop} as the decimal number that it prints as: 0.8 is at most 0.1 below 0.9.
   *
   * @param drop accuracy that may be lost, absolute, finite
   */
  default boolean isAtMostBelow(Score other, double drop) {
    return ExactAccuracy.of(other)
            .subtract(ExactAccuracy.of(this))
            .compareTo(ExactAccuracy.decimal(drop))
        <= 0;
  }
}
