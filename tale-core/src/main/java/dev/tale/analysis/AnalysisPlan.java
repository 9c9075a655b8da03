package dev.tale.analysis;

import dev.tale.evaluate.Progress;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.importance.LayerScorer;
import dev.tale.information.InformationEstimator;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.task.Task;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What to measure of a model's layers for the pages of a report. What cannot be taken on a model or
 * on rows is {@linkplain LayerAnalysis#missing missing} in the analysis, with its reason; the rest
 * is there.
 *
 * <p>In a report of a search, the measures that ask the model anew for each layer are taken on the
 * first rows alone, as many as keep them within a share of the search's work, in {@link #standard}
 * so that all measures together take at most half of it, but on {@value #LEAST_ROWS} at least;
 * their names say on how many. {@link #onAllRows} takes them on all.
 *
 * <p>Cost of {@link #standard} on all rows, in passes of the model over the prompts of the rows,
 * with L layers: 3 L + 5 over the selection rows (mutual information 1, gradient 2 L, block
 * influence 1, leave-one-out loss and accuracy L + 1 each, information before and after 2), of
 * which the model shares what many have in common, and L + 1 over the held-out rows; besides, 3 (L
 * + 1) estimates of information.
 *
 * @param scorers the measures of importance, in the order in which they are shown
 * @param joined those of them whose ranks are joined as well, see {@link LayerScorer#joint}; may be
 *     none
 * @param estimator of information by layer boundary
 * @param seed of the bootstraps
 * @param share of the search's work that a report of it may take besides; infinite for no limit
 */
public record AnalysisPlan(
    List<LayerScorer> scorers,
    List<LayerScorer> joined,
    InformationEstimator estimator,
    long seed,
    double share) {
  /** Fewer rows say little of any layer. */
  static final int LEAST_ROWS = 16;

  /** Probes of information take the rest of a half. */
  private static final double USUAL_SHARE = 0.3;

  /** So many rows a probe needs of each label, one for each of its folds. */
  static final int ROWS_PER_LABEL = 5;

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if the share is not greater than 0, or a joined scorer is not
   *     among the scorers
   */
  public AnalysisPlan {
    if (!(share > 0)) {
      throw new IllegalArgumentException(
          "The share is " + share + "; give a number greater than 0, such as 0.5");
    }
    scorers = List.copyOf(scorers);
    joined = List.copyOf(joined);
    for (LayerScorer scorer : joined) {
      if (!scorers.contains(scorer)) {
        throw new IllegalArgumentException(
            "\"" + scorer + "\" is to be joined, but is not among the scorers " + scorers);
      }
    }
  }

  /**
   * Returns the plan with all measures that need no more than the model and its rows: mutual
   * information by a cross-validated probe, gradient, the joint rank of these two, block influence,
   * leave-one-out loss and accuracy, each with its rank agreement with the accuracy that removal
   * costs; and information by layer before and after pruning. Rows whose label has fewer than
   * {@value #ROWS_PER_LABEL} take no part in what is said of information.
   *
   * @param seed of folds and bootstraps
   */
  public static AnalysisPlan standard(long seed) {
    InformationEstimator probe = InformationEstimator.crossValidatedProbe(ROWS_PER_LABEL, seed);
    LayerScorer information =
        new FrequentLabels(LayerScorer.mutualInformation(probe, seed), ROWS_PER_LABEL);
    LayerScorer gradient = LayerScorer.gradient(seed);
    return new AnalysisPlan(
        List.of(
            information,
            gradient,
            LayerScorer.blockInfluence(seed),
            LayerScorer.leaveOneOutLoss(seed),
            LayerScorer.leaveOneOutAccuracy()),
        List.of(information, gradient),
        probe,
        seed,
        USUAL_SHARE);
  }

  /** Returns this plan with other measures of importance, none of them joined. */
  public AnalysisPlan withScorers(List<LayerScorer> others) {
    return new AnalysisPlan(others, List.of(), estimator, seed, share);
  }

  /** Returns this plan with another estimator of information by layer boundary. */
  public AnalysisPlan withEstimator(InformationEstimator other) {
    return new AnalysisPlan(scorers, joined, other, seed, share);
  }

  /** Returns this plan with every measure on all rows, whatever that takes. */
  public AnalysisPlan onAllRows() {
    return new AnalysisPlan(scorers, joined, estimator, seed, Double.POSITIVE_INFINITY);
  }

  /**
   * Measures on all rows. Minutes of a large model, see above.
   *
   * @param selection the rows that every measure is taken on
   * @param heldOut the rows on which the loss of accuracy without each layer is measured, with
   *     which the measures are compared; empty for the selection rows
   * @param pruned the removed layers
   * @throws IllegalArgumentException if the mask is of another number of layers
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public LayerAnalysis measure(
      LayeredModel model, Task selection, Optional<Task> heldOut, LayerMask pruned) {
    pruned.requireLayers(model.info().layerCount());
    return new PlannedAnalysis(
            this, model, selection, heldOut, pruned, Double.POSITIVE_INFINITY, Progress.none())
        .measure();
  }

  /**
   * Measures on each task of a set; every name then begins with that of its task.
   *
   * @param work layer-forwards of the search, of which the measures may take their share
   * @param progress told of each measure that is taken
   * @throws IllegalArgumentException as {@link #measure(LayeredModel, Task, Optional, LayerMask)}
   *     does
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public LayerAnalysis measure(
      LayeredModel model,
      WeightedTasks selection,
      Optional<WeightedTasks> heldOut,
      LayerMask pruned,
      long work,
      Progress progress) {
    pruned.requireLayers(model.info().layerCount());
    List<Task> tasks = selection.tasks();
    List<LayerAnalysis> each =
        IntStream.range(0, tasks.size())
            .mapToObj(
                i ->
                    new PlannedAnalysis(
                            this,
                            model,
                            tasks.get(i),
                            heldOut.map(rows -> rows.tasks().get(i)),
                            pruned,
                            share * work / tasks.size(),
                            progress)
                        .measure())
            .toList();
    return each.size() == 1
        ? each.get(0)
        : IntStream.range(0, each.size())
            .mapToObj(i -> each.get(i).of(tasks.get(i).name()))
            .reduce(LayerAnalysis.none(), LayerAnalysis::and);
  }
}
