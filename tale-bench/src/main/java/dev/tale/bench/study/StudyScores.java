package dev.tale.bench.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import dev.tale.importance.GeometryMeasure;
import dev.tale.importance.LayerScore;
import dev.tale.importance.LayerScorer;
import dev.tale.importance.LayerScores;
import dev.tale.information.InformationEstimator;
import dev.tale.model.RunStatistics;
import dev.tale.onnx.OnnxModel;
import dev.tale.task.Task;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Every measure of importance of the layers of one model on one task, by name.
 *
 * @param informationRows number of rows that information was estimated on: those whose label has
 *     enough of them
 * @param byName the measures, in the order in which they were taken
 */
record StudyScores(int informationRows, Map<String, Taken> byName) {
  static final String INFORMATION = "mutual information";
  static final String GRADIENT = "gradient";
  static final String BLOCK_INFLUENCE = "block influence";
  static final String JOINT = "joint";
  private static final int FOLDS = 5;

  /**
   * A measure that was taken.
   *
   * @param layerForwards tokens times layers that were run for it
   */
  record Taken(LayerScores scores, long layerForwards, double seconds) {

    /** Writes the measure and how it agrees with what the removal of each layer costs. */
    private void putInto(ObjectNode node, LayerScores drop) {
      node.put("measure", scores.measure());
      node.put("unit", scores.unit());
      ArrayNode values = node.putArray("values");
      ArrayNode intervals = node.putArray("intervals");
      for (LayerScore layer : scores.layers()) {
        values.add(layer.value());
        put(intervals.addArray(), layer.interval());
      }
      Optional<Estimate> agreement = scores.agreement(drop);
      agreement.ifPresent(tau -> node.put("tau", tau.value()));
      agreement.ifPresent(tau -> put(node.putArray("tauInterval"), tau.interval()));
      node.put("layerForwards", layerForwards);
      node.put("seconds", seconds);
    }

    private static void put(ArrayNode node, Interval interval) {
      node.add(interval.low()).add(interval.high());
    }
  }

  StudyScores {
    byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
  }

  /**
   * Takes every measure.
   *
   * @param reference rows that the model is at home with, if those of the task are others
   */
  static StudyScores of(OnnxModel model, Task task, Optional<Task> reference, int seed) {
    // The largest digit of four is hardly ever 0, and a probe needs some rows of every label.
    Task labelled = task.withFrequentLabels(FOLDS);
    Map<String, Taken> taken = new LinkedHashMap<>();
    information(seed)
        .forEach(
            (name, estimator) ->
                taken.put(
                    name, take(model, labelled, LayerScorer.mutualInformation(estimator, seed))));
    scorers(seed).forEach((name, scorer) -> taken.put(name, take(model, task, scorer)));
    reference.ifPresent(
        home -> {
          for (GeometryMeasure measure : GeometryMeasure.values()) {
            LayerScorer scorer = LayerScorer.geometry(measure, home, seed);
            taken.put("geometry, " + measure, take(model, task, scorer));
          }
        });
    StudyScores single = new StudyScores(labelled.size(), taken);
    taken.put(JOINT, joint(single.taken(INFORMATION), single.taken(GRADIENT)));
    return new StudyScores(labelled.size(), taken);
  }

  private static Map<String, InformationEstimator> information(int seed) {
    Map<String, InformationEstimator> estimators = new LinkedHashMap<>();
    estimators.put(INFORMATION, InformationEstimator.crossValidatedProbe(FOLDS, seed));
    estimators.put(INFORMATION + ", in sample", InformationEstimator.inSampleProbe());
    estimators.put(INFORMATION + ", nearest neighbours", InformationEstimator.nearestNeighbours(3));
    return estimators;
  }

  private static Map<String, LayerScorer> scorers(int seed) {
    Map<String, LayerScorer> scorers = new LinkedHashMap<>();
    scorers.put(GRADIENT, LayerScorer.gradient(seed));
    scorers.put(BLOCK_INFLUENCE, LayerScorer.blockInfluence(seed));
    scorers.put("leave-one-out loss", LayerScorer.leaveOneOutLoss(seed));
    scorers.put("leave-one-out accuracy", LayerScorer.leaveOneOutAccuracy());
    return scorers;
  }

  private static Taken take(OnnxModel model, Task task, LayerScorer scorer) {
    return taken(model, () -> scorer.score(model, task));
  }

  private static Taken taken(OnnxModel model, Supplier<LayerScores> scores) {
    long before = layerForwards(model);
    long start = System.nanoTime();
    LayerScores taken = scores.get();
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Taken(taken, layerForwards(model) - before, seconds);
  }

  /** The counts of a model's runs so far. */
  static long layerForwards(OnnxModel model) {
    return model.runStatistics().orElse(RunStatistics.NONE).layerForwards();
  }

  private static Taken joint(Taken information, Taken gradient) {
    return new Taken(
        LayerScores.joint(List.of(information.scores(), gradient.scores())),
        information.layerForwards() + gradient.layerForwards(),
        information.seconds() + gradient.seconds());
  }

  LayerScores scores(String name) {
    return taken(name).scores();
  }

  Taken taken(String name) {
    Taken taken = byName.get(name);
    if (taken == null) {
      throw new IllegalArgumentException("No measure \"" + name + "\"; there are " + byName);
    }
    return taken;
  }

  /** Writes each measure and how it agrees with what the removal of each layer costs. */
  void putInto(ArrayNode list, LayerScores drop) {
    byName.forEach((name, taken) -> taken.putInto(list.addObject().put("score", name), drop));
  }
}
