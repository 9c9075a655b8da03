package dev.tale.evaluate;

import dev.tale.journal.Journal;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.task.Task;
import java.util.List;

/** Mean negative log-likelihood of the right answers of a task's rows, by mask. */
final class TaskLoss {
  private final Task task;
  private final TaskEvaluator evaluator;

  TaskLoss(LayeredModel model, Task task, String rowSet, Journal journal, Progress progress) {
    this.task = task;
    this.evaluator =
        new TaskEvaluator(model, task, RowQuestion.likelihoods(task), rowSet, journal, progress);
  }

  TaskEvaluator evaluator() {
    return evaluator;
  }

  /** Queues what scoring masks takes. */
  void enqueue(UnitQueue queue, List<LayerMask> masks) {
    evaluator.enqueue(queue, masks, evaluator.allRows());
  }

  /** The loss per token in nats of masks that were scored; infinite where the output was NaN. */
  List<Double> of(List<LayerMask> masks) {
    return masks.stream().map(this::of).toList();
  }

  private double of(LayerMask mask) {
    double sum = 0;
    long tokens = 0;
    for (int row = 0; row < task.size(); row++) {
      String answer = evaluator.outcome(mask, row).answer();
      if (answer.equals("NaN")) {
        return Double.POSITIVE_INFINITY;
      }
      int space = answer.indexOf(' ');
      sum -= Double.parseDouble(answer.substring(0, space));
      tokens += Long.parseLong(answer.substring(space + 1));
    }
    return sum / tokens;
  }
}
