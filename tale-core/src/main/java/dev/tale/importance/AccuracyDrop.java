package dev.tale.importance;

import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.Score;
import dev.tale.evaluate.TaskScore;
import dev.tale.journal.Journal;
import dev.tale.model.LayeredModel;
import dev.tale.model.Request;
import dev.tale.stats.Tango;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * By how much the task's accuracy falls when a layer is left out. The interval is Tango's: unlike a
 * resampled one it has a width where no answer changes, and for one row it is most of [-1, 1].
 */
record AccuracyDrop() implements LayerScorer {

  @Override
  public LayerScores score(LayeredModel model, Task task) {
    Evaluator evaluator =
        new Evaluator(model, task, "leave one out", Journal.none(), Progress.none());
    List<TaskScore> scores =
        evaluator.evaluate(LossIncrease.masks(evaluator.layers())).stream()
            .map(AccuracyDrop::ofTask)
            .toList();
    List<LayerScore> layers = new ArrayList<>();
    for (TaskScore without : scores.subList(1, scores.size())) {
      layers.add(LayerScore.of(layers.size(), drop(scores.get(0), without)));
    }
    return new LayerScores(toString(), "accuracy", layers);
  }

  @Override
  public long cost(LayeredModel model, Task task) {
    List<Request> requests =
        IntStream.range(0, task.size())
            .boxed()
            .flatMap(row -> task.requests(row).stream())
            .toList();
    return LossIncrease.cost(model, requests);
  }

  private static TaskScore ofTask(Configuration configuration) {
    return configuration.score().byTask().get(0);
  }

  private static Estimate drop(TaskScore whole, TaskScore without) {
    PairedComparison drop = PairedComparison.of(without, whole);
    int rows = whole.total();
    Interval interval = Tango.interval(drop.gained(), drop.lost(), rows, Score.CONFIDENCE);
    return Estimate.in((drop.gained() - drop.lost()) / (double) rows, interval);
  }

  @Override
  public String toString() {
    return "leave-one-out accuracy";
  }
}
