package dev.tale.bench.engine;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.journal.Journal;
import dev.tale.journal.Work;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.RunStatistics;
import dev.tale.policy.Floor;
import dev.tale.search.SearchStrategy;
import dev.tale.search.Trajectory;
import dev.tale.task.Task;
import java.util.Comparator;
import java.util.List;

/**
 * Something that was run on a model.
 *
 * @param result what came out
 * @param work what it cost, counted
 * @param seconds wall-clock time
 * @param statistics what the model ran
 * @param <R> what came out
 */
record EngineRun<R>(R result, Work work, double seconds, RunStatistics statistics) {

  /** Scores every mask that lacks one layer, on every row. */
  static EngineRun<List<Configuration>> round(LayeredModel model, Task task) {
    LayerMask none = LayerMask.none(model.info().layerCount());
    List<LayerMask> masks = none.kept().stream().map(none::remove).toList();
    return timed(model, task, evaluator -> evaluator.evaluate(masks));
  }

  /** Scores the whole model on every row. */
  static EngineRun<List<Configuration>> baseline(LayeredModel model, Task task) {
    List<LayerMask> masks = List.of(LayerMask.none(model.info().layerCount()));
    return timed(model, task, evaluator -> evaluator.evaluate(masks));
  }

  /** Searches until the floor, or so many rounds, whose last accepts nothing. */
  static EngineRun<Trajectory> search(
      LayeredModel model, Task task, SearchStrategy strategy, int mostRounds) {
    int[] rounds = {0};
    Floor floor = Floor.belowBaseline(Floor.DEFAULT_EPSILON);
    Floor limited =
        (baseline, current) -> ++rounds[0] >= mostRounds ? 2 : floor.accuracy(baseline, current);
    return timed(
        model, task, evaluator -> strategy.search(new Objective(evaluator, List.of()), limited));
  }

  /** Returns the run of middle time; of an even number, the faster of the two. */
  static <R> EngineRun<R> middle(List<EngineRun<R>> turns) {
    return turns.stream()
        .sorted(Comparator.comparingDouble(EngineRun::seconds))
        .toList()
        .get((turns.size() - 1) / 2);
  }

  private static <R> EngineRun<R> timed(LayeredModel model, Task task, Job<R> work) {
    Evaluator evaluator = new Evaluator(model, task, "engine", Journal.none(), Progress.none());
    RunStatistics before = model.runStatistics().orElse(RunStatistics.NONE);
    long start = System.nanoTime();
    R result = work.run(evaluator);
    double seconds = (System.nanoTime() - start) / 1e9;
    RunStatistics after = model.runStatistics().orElse(RunStatistics.NONE);
    return new EngineRun<>(result, evaluator.work(), seconds, after.since(before));
  }

  /** What is timed. */
  @FunctionalInterface
  private interface Job<R> {
    R run(Evaluator evaluator);
  }
}
