package dev.tale.evaluate;

import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Tasks that are scored together: by the weighted mean of their accuracies. A task counts by its
 * weight, not by its number of rows; only the ratios of the weights count. Immutable.
 */
public final class WeightedTasks {
  private final List<Task> tasks;
  private final double[] weights;

  private WeightedTasks(List<Task> tasks, double[] weights) {
    this.tasks = tasks;
    this.weights = weights;
  }

  /**
   * Returns a set of one task; {@link #and} adds more.
   *
   * @param weight see {@link Weights#of}
   * @throws IllegalArgumentException if the weight is not positive or not finite
   */
  public static WeightedTasks of(Task task, double weight) {
    return checked(List.of(task), new double[] {weight});
  }

  /**
   * Returns tasks that count alike: scored by the mean of their accuracies, the macro average.
   *
   * @throws IllegalArgumentException if two tasks have the same name
   */
  public static WeightedTasks equal(Task first, Task... more) {
    List<Task> tasks = Stream.concat(Stream.of(first), Arrays.stream(more)).toList();
    return checked(tasks, tasks.stream().mapToDouble(task -> 1).toArray());
  }

  /**
   * Returns this set with one more task.
   *
   * @throws IllegalArgumentException if the weight is not positive or not finite, or a task of the
   *     set has the same name
   */
  public WeightedTasks and(Task task, double weight) {
    List<Task> more = new ArrayList<>(tasks);
    more.add(task);
    return checked(
        more, DoubleStream.concat(Arrays.stream(weights), DoubleStream.of(weight)).toArray());
  }

  /**
   * Returns a set of other tasks with these weights, for example of the tasks' held-out rows.
   *
   * @param others one task for each of this set, in its order
   * @throws IllegalArgumentException if there are not as many, two have the same name, or one has
   *     the name that another position has in this set
   */
  public WeightedTasks withTasks(List<Task> others) {
    if (others.size() != tasks.size()) {
      throw new IllegalArgumentException(
          String.format(
              "There are %d tasks %s for a set of %d %s; give one for each, in the same order",
              others.size(), names(others), tasks.size(), names(tasks)));
    }
    for (int position = 0; position < others.size(); position++) {
      int same = names(tasks).indexOf(others.get(position).name());
      if (same >= 0 && same != position) {
        throw new IllegalArgumentException(
            String.format(
                "The tasks %s are not in the order of the set %s; give them in the same order",
                names(others), names(tasks)));
      }
    }
    return checked(others, weights);
  }

  private static WeightedTasks checked(List<Task> tasks, double[] weights) {
    Weights.of(weights);
    Set<String> seen = new HashSet<>();
    for (Task task : tasks) {
      if (!seen.add(task.name())) {
        throw new IllegalArgumentException(
            "Two tasks of the set are called "
                + task.name()
                + "; give each its own name, results are told apart by it");
      }
    }
    return new WeightedTasks(List.copyOf(tasks), weights);
  }

  private static List<String> names(List<Task> tasks) {
    return tasks.stream().map(Task::name).toList();
  }

  /** Returns the tasks in the order in which they were given, at least one. */
  public List<Task> tasks() {
    return tasks;
  }

  /** Returns the tasks' weights, in their order. */
  public Weights weights() {
    return Weights.of(weights);
  }

  /** Returns the score of the set, given that of each task; of one task its own. */
  Score score(List<TaskScore> byTask) {
    return tasks.size() == 1 ? byTask.get(0) : new WeightedScore(byTask, weights());
  }

  /** Returns names and weights, for example {@code [arc_easy, boolq] 2:1}. */
  @Override
  public String toString() {
    return names(tasks) + " " + weights();
  }
}
