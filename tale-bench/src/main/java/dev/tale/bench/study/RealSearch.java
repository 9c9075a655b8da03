package dev.tale.bench.study;

import dev.tale.Pruner;
import dev.tale.Tale;
import dev.tale.importance.LayerScorer;
import dev.tale.model.LayeredModel;
import dev.tale.policy.Floor;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Task;
import java.util.List;
import java.util.Locale;

/** Searches of a study on a real model, without a floor on accuracy. */
enum RealSearch {
  GREEDY,
  CALIBRATED,
  KEEPING_ANSWERS,
  LAST_LAYERS,
  PERPLEXITY,
  AMONG_10_BY_JOINT_SCORE;

  private static final double DELTA = 0.05;
  private static final double TOLERANCE = 0.02;
  private static final double KEPT = 0.95;
  private static final int SHORTLIST = 10;
  private static final long SEED = 1;

  /** Options are there to be calibrated only where they are chosen from. */
  boolean fits(RealTask task) {
    return this != CALIBRATED || !task.generates();
  }

  /** The task that this searches by. */
  Task selection(Task task) {
    return this == CALIBRATED ? task.calibrated() : task;
  }

  /** Settings of the search, but for rows and files. */
  Pruner pruner(LayeredModel model, Task selection, int most) {
    Pruner pruner =
        Tale.pruner()
            .strategy(strategy(model, selection).removingAtMost(most))
            .floor(Floor.belowBaseline(1))
            .withoutLatency();
    return this == KEEPING_ANSWERS ? pruner.keepingAnswers(KEPT) : pruner;
  }

  private SearchStrategy strategy(LayeredModel model, Task selection) {
    return switch (this) {
      case GREEDY, CALIBRATED, KEEPING_ANSWERS -> SearchStrategy.greedy().racing(DELTA, TOLERANCE);
      case LAST_LAYERS -> SearchStrategy.lastLayers();
      case PERPLEXITY -> SearchStrategy.perplexityGreedy();
      case AMONG_10_BY_JOINT_SCORE ->
          SearchStrategy.greedy()
              .among(
                  LayerScorer.joint(
                          List.of(
                              LayerScorer.blockInfluence(SEED), LayerScorer.leaveOneOutLoss(SEED)))
                      .score(model, selection),
                  SHORTLIST);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
