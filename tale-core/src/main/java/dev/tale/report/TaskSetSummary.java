package dev.tale.report;

import static java.util.stream.Collectors.joining;

import dev.tale.evaluate.WeightedTasks;
import dev.tale.evaluate.Weights;
import java.util.List;
import java.util.function.Function;

/**
 * The rows of one task, or of a weighted set of tasks.
 *
 * @param tasks each task, at least one
 * @param weights their weights
 */
public record TaskSetSummary(List<TaskSummary> tasks, Weights weights) {

  /** Copies the tasks. */
  public TaskSetSummary {
    tasks = List.copyOf(tasks);
  }

  /** Summarizes tasks. */
  public static TaskSetSummary of(WeightedTasks tasks) {
    return new TaskSetSummary(
        tasks.tasks().stream().map(TaskSummary::of).toList(), tasks.weights());
  }

  /** Returns the task's name, or several ones in their order. */
  public String name() {
    return join(TaskSummary::name);
  }

  /** Returns the task's metric, or one for each of several. */
  public String metric() {
    return join(TaskSummary::metric);
  }

  /** Returns the number of rows over all tasks. */
  public int rows() {
    return tasks.stream().mapToInt(TaskSummary::rows).sum();
  }

  /** Returns whether this is a set of several tasks. */
  public boolean isWeighted() {
    return tasks.size() > 1;
  }

  /** Returns whether the rows, or some of them, are a data set's test split. */
  public boolean isTestSplit() {
    return tasks.stream().anyMatch(TaskSummary::isTestSplit);
  }

  /** Returns the task's content hash, or several ones and the weights. */
  public String contentHash() {
    String hashes = join(TaskSummary::contentHash);
    return isWeighted() ? weights + " of " + hashes : hashes;
  }

  private String join(Function<TaskSummary, String> part) {
    return tasks.stream().map(part).collect(joining(", "));
  }
}
