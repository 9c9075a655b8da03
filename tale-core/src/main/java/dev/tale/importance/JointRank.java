package dev.tale.importance;

import dev.tale.model.LayeredModel;
import dev.tale.stats.Interval;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * The mean rank of each layer by several measures.
 *
 * @param scorers at least one
 * @param seed of the intervals
 */
record JointRank(List<LayerScorer> scorers, long seed) implements LayerScorer {
  /*
   * Rank 1 is the layer that matters least, tied layers share the mean of their ranks, and every measure counts alike: the
   * count of J.-C. de Borda. Units do not matter, which is why ranks are taken and not values.
   *
   * The interval is what the mean rank comes to when every value is drawn from a normal distribution of the width of its own
   * interval. Layers are drawn independently; on common rows they move together, which makes it too wide rather than narrow.
   */
  private static final int DRAWS = 2000;

  private static final double Z = NormalDistribution.of(0, 1).inverseSurvivalProbability(0.025);

  JointRank {
    scorers = List.copyOf(scorers);
    if (scorers.isEmpty()) {
      throw new IllegalArgumentException("There are no measures to join; give at least 1");
    }
  }

  @Override
  public LayerScores score(LayeredModel model, Task task) {
    return of(scorers.stream().map(scorer -> scorer.score(model, task)).toList(), seed);
  }

  static LayerScores of(List<LayerScores> scores, long seed) {
    check(scores);
    int layers = scores.get(0).layers().size();
    double[] ranks = meanRanks(scores.stream().map(LayerScores::values).toList(), layers);
    double[][] drawn = drawn(scores, layers, seed);
    List<LayerScore> joint = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      Arrays.sort(drawn[layer]);
      double low = Math.min(ranks[layer], drawn[layer][DRAWS / 40]);
      double high = Math.max(ranks[layer], drawn[layer][DRAWS - 1 - DRAWS / 40]);
      joint.add(new LayerScore(layer, ranks[layer], new Interval(low, high)));
    }
    return new LayerScores(name(scores.stream().map(LayerScores::measure).toList()), "rank", joint);
  }

  private static void check(List<LayerScores> scores) {
    if (scores.isEmpty()) {
      throw new IllegalArgumentException("There are no scores to join; give at least 1");
    }
    scores.forEach(scores.get(0)::requireSameLayers);
  }

  /** Mean ranks by layer, by draw. */
  private static double[][] drawn(List<LayerScores> scores, int layers, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] drawn = new double[layers][DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      double[] ranks = meanRanks(scores.stream().map(each -> draw(each, random)).toList(), layers);
      for (int layer = 0; layer < layers; layer++) {
        drawn[layer][i] = ranks[layer];
      }
    }
    return drawn;
  }

  private static double[] draw(LayerScores scores, SplittableRandom random) {
    return scores.layers().stream().mapToDouble(layer -> draw(layer, random)).toArray();
  }

  private static double draw(LayerScore layer, SplittableRandom random) {
    double width = layer.interval().high() - layer.interval().low();
    return layer.value() + random.nextGaussian() * width / (2 * Z);
  }

  private static double[] meanRanks(List<double[]> values, int layers) {
    double[] means = new double[layers];
    for (double[] each : values) {
      for (int layer = 0; layer < layers; layer++) {
        means[layer] += rank(each, each[layer]) / values.size();
      }
    }
    return means;
  }

  /** 1 + the number of smaller values + half that of other equal ones. */
  private static double rank(double[] values, double value) {
    double rank = 0.5;
    for (double each : values) {
      rank += each < value ? 1 : each == value ? 0.5 : 0;
    }
    return rank;
  }

  private static String name(List<String> measures) {
    return measures.stream().collect(Collectors.joining("; ", "mean rank of (", ")"));
  }

  @Override
  public String toString() {
    return name(scorers.stream().map(LayerScorer::toString).toList());
  }
}
