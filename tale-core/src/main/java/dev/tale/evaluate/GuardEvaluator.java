package dev.tale.evaluate;

import dev.tale.journal.Journal;
import dev.tale.journal.Work;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import java.util.List;
import java.util.Optional;

/** Scores masks on a guard's task, and says which break it. */
public final class GuardEvaluator {
  private final Guard guard;
  private final TaskEvaluator evaluator;
  private final LayerMask nothing;

  /**
   * Creates an evaluator and checks that the model can answer every row. The rows are called {@code
   * guard} and the task's name in the journal.
   *
   * @throws IllegalArgumentException if a row cannot be answered; the message names the row
   */
  public GuardEvaluator(LayeredModel model, Guard guard, Journal journal, Progress progress) {
    this.guard = guard;
    this.nothing = LayerMask.none(model.info().layerCount());
    this.evaluator =
        new TaskEvaluator(model, guard.task(), "guard " + guard.task().name(), journal, progress);
  }

  /** Returns the guard. */
  public Guard guard() {
    return guard;
  }

  /**
   * Scores masks on every row of the guard's task.
   *
   * @return one score per mask, in the order given
   */
  public List<TaskScore> evaluate(List<LayerMask> masks) {
    return evaluator.evaluate(masks);
  }

  /** Returns the layer-forwards done so far, journaled ones included. */
  long layerForwards() {
    return evaluator.layerForwards();
  }

  /** Returns the most layer-forwards that {@link #refusal} would take now. */
  long cost(LayerMask mask) {
    return evaluator.cost(List.of(nothing), evaluator.allRows())
        + evaluator.cost(List.of(mask), evaluator.allRows());
  }

  /** Scores the unpruned model and, if the mask breaks the guard, says how. */
  Optional<Refusal> refusal(LayerMask mask) {
    TaskScore baseline = evaluate(List.of(nothing)).get(0);
    TaskScore score = evaluate(List.of(mask)).get(0);
    return guard.holds(baseline, score)
        ? Optional.empty()
        : Optional.of(new Refusal(mask, guard.task().name(), score, baseline));
  }

  /** Returns the number of masks scored so far. */
  public int evaluations() {
    return evaluator.evaluations();
  }

  /** Returns the work done so far, journaled work included. */
  public Work work() {
    return evaluator.work();
  }
}
