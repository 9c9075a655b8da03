package dev.tale.gain;

import dev.tale.journal.Work;
import java.util.List;

/**
 * The gains of a search in parts, task by task.
 *
 * @param tasks in the order of the set
 * @param work spent beyond the search's own, on likelihoods of options without their questions and
 *     among valid answers
 */
public record GainAnalysis(List<TaskGain> tasks, Work work) {
  /** Nothing was analysed. */
  public static final GainAnalysis NONE = new GainAnalysis(List.of(), Work.NONE);

  /** Copies the tasks. */
  public GainAnalysis {
    tasks = List.copyOf(tasks);
  }
}
