package dev.tale.analysis;

import dev.tale.importance.LayerScorer;
import dev.tale.importance.LayerScores;
import dev.tale.model.LayeredModel;
import dev.tale.task.Task;

/**
 * A measure that is taken on the rows of frequent labels alone; its name says on how many, unless
 * on all.
 *
 * @param rows the fewest rows of a label
 */
record FrequentLabels(LayerScorer scorer, int rows) implements LayerScorer {

  @Override
  public LayerScores score(LayeredModel model, Task task) {
    Task labelled = task.withFrequentLabels(rows);
    LayerScores scores = scorer.score(model, labelled);
    return new LayerScores(scores.measure() + on(task, labelled), scores.unit(), scores.layers());
  }

  /** Returns which rows there are, or nothing if there are all. */
  static String on(Task all, Task some) {
    return some.size() == all.size() ? "" : ", on " + some.size() + " of " + all.size() + " rows";
  }

  @Override
  public String toString() {
    return scorer.toString();
  }
}
