package dev.tale.importance;

import dev.tale.estimate.Interval;
import dev.tale.model.LayeredModel;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The mean rank of each layer by several measures.
 *
 * @param scorers at least one
 */
record JointRank(List<LayerScorer> scorers) implements LayerScorer {
  /*
   * Rank 1 is the layer that matters least, tied layers share the mean of their ranks, and every measure counts alike: the
   * count of J.-C. de Borda. Units do not matter, which is why ranks are taken and not values.
   *
   * To draw values anew around the estimates and rank them, as a bootstrap does, is wrong: where layers are nearly tied it
   * gives the noise of the estimates twice, moves the first and the last inwards, and leaves the true rank out far more often
   * than it says [1, 2, 3]. Instead the measures' intervals are widened so that those of all L layers by all M measures hold
   * together at 95 % (Bonferroni: each at 1 - 0.05 / L M). Then a layer certainly comes after those whose interval ends below
   * its own, and before those whose interval begins above; of the others nothing is known, and its rank is from 1 + the number
   * of the former to L - the number of the latter [1, 4]. Nothing is assumed of how errors depend on each other, which matters:
   * what neighbouring layers gain in information has a boundary in common, once with either sign.
   *
   * [1] M. Klein, T. Wright, J. Wieczorek, A joint confidence region for an overall ranking of populations, JRSS C 69, 2020.
   * [2] D. Al Mohamad, J. J. Goeman, E. W. van Zwet, Simultaneous confidence intervals for ranks with application to ranking
   *     institutions, Biometrics 78, 2022.
   * [3] P. Hall, H. Miller, Using the bootstrap to quantify the authority of an empirical ranking, Annals of Statistics 37, 2009.
   * [4] M. Mogstad, J. P. Romano, A. M. Shaikh, D. Wilhelm, Inference for ranks with applications to mobility across
   *     neighbourhoods and academic achievement across countries, Review of Economic Studies 91, 2024: likewise by differences
   *     of pairs, narrower where their errors' covariance is known.
   */
  private static final double OUTSIDE = 0.025;

  JointRank {
    scorers = List.copyOf(scorers);
    if (scorers.isEmpty()) {
      throw new IllegalArgumentException("There are no measures to join; give at least 1");
    }
  }

  @Override
  public LayerScores score(LayeredModel model, Task task) {
    return of(scorers.stream().map(scorer -> scorer.score(model, task)).toList());
  }

  static LayerScores of(List<LayerScores> scores) {
    check(scores);
    double factor = factor(scores.size() * scores.get(0).layers().size());
    List<LayerScore> joint = new ArrayList<>();
    for (int layer = 0; layer < scores.get(0).layers().size(); layer++) {
      double rank = 0;
      double least = 0;
      double most = 0;
      for (LayerScores each : scores) {
        rank += rank(each.values(), layer);
        Interval range = range(each.layers(), layer, factor);
        least += range.low();
        most += range.high();
      }
      int measures = scores.size();
      Interval interval = new Interval(least / measures, most / measures);
      joint.add(new LayerScore(layer, rank / measures, interval));
    }
    return new LayerScores(name(scores.stream().map(LayerScores::measure).toList()), "rank", joint);
  }

  private static void check(List<LayerScores> scores) {
    if (scores.isEmpty()) {
      throw new IllegalArgumentException("There are no scores to join; give at least 1");
    }
    scores.forEach(scores.get(0)::requireSameLayers);
  }

  /** 1 + the number of smaller values + half that of other equal ones. */
  private static double rank(double[] values, int layer) {
    double rank = 0.5;
    for (double each : values) {
      rank += each < values[layer] ? 1 : each == values[layer] ? 0.5 : 0;
    }
    return rank;
  }

  /** The ranks that a layer can have by one measure. */
  private static Interval range(List<LayerScore> layers, int layer, double factor) {
    Interval own = widened(layers.get(layer), factor);
    int before = 0;
    int after = 0;
    for (LayerScore other : layers) {
      Interval interval = widened(other, factor);
      before += interval.high() < own.low() ? 1 : 0;
      after += interval.low() > own.high() ? 1 : 0;
    }
    return new Interval(1 + before, layers.size() - after);
  }

  private static Interval widened(LayerScore score, double factor) {
    double below = Math.max(0, score.value() - score.interval().low());
    double above = Math.max(0, score.interval().high() - score.value());
    return new Interval(score.value() - factor * below, score.value() + factor * above);
  }

  /** How much wider than one 95 % interval each of several is, if they hold together. */
  private static double factor(int intervals) {
    NormalDistribution normal = NormalDistribution.of(0, 1);
    return normal.inverseSurvivalProbability(OUTSIDE / intervals)
        / normal.inverseSurvivalProbability(OUTSIDE);
  }

  private static String name(List<String> measures) {
    return measures.stream().collect(Collectors.joining("; ", "mean rank of (", ")"));
  }

  @Override
  public long cost(LayeredModel model, Task task) {
    return scorers.stream().mapToLong(scorer -> scorer.cost(model, task)).sum();
  }

  @Override
  public String toString() {
    return name(scorers.stream().map(LayerScorer::toString).toList());
  }
}
