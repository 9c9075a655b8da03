package dev.tale;

import dev.tale.evaluate.WeightedTasks;
import dev.tale.journal.Journal;
import dev.tale.model.LayeredModel;
import dev.tale.task.Task;

/** The front door: removes the layers of a model that a task does not need. */
public final class Tale {

  private Tale() {}

  /**
   * Prunes a model for a task with TALE's greedy search and its default floor, 0.08 below the
   * baseline. Without held-out rows the accuracies are those of the rows that chose the layers; use
   * {@link #pruner} for held-out rows, a journal and everything else.
   *
   * @throws IllegalArgumentException if the model cannot answer a row, and the message names the
   *     row; or if the rows are a {@linkplain dev.tale.task.DataSplit#TEST test split}
   * @throws dev.tale.model.ModelOutputException if the model's output is not numbers
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static PruneResult prune(LayeredModel model, Task task) {
    return pruner().search(model, WeightedTasks.of(task, 1)).run(Journal.none());
  }

  /** Returns a pruner with the default settings. */
  public static Pruner pruner() {
    return new Pruner();
  }

  /** The version of this library, which results and written models tell. */
  public static String version() {
    return Version.TALE;
  }
}
