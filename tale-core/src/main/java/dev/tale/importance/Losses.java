package dev.tale.importance;

import dev.tale.model.LayeredModel;
import dev.tale.model.ModelOutputException;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.task.Task;
import java.util.List;
import java.util.stream.IntStream;

/** The loss of each row of a task: the negative log-likelihood of its right answer, in nats. */
final class Losses {
  private Losses() {}

  static List<Request> requests(LayeredModel model, Task task) {
    List<Request> requests =
        IntStream.range(0, task.size()).<Request>mapToObj(task::goldLikelihood).toList();
    Asking.check(model, task, requests);
    return requests;
  }

  /**
   * Returns the losses by row.
   *
   * @param under what the model was changed in, for messages
   * @throws ModelOutputException if one is not finite
   */
  static double[] of(LayeredModel model, Task task, String under, List<Response> responses) {
    double[] losses = new double[task.size()];
    for (int row = 0; row < losses.length; row++) {
      losses[row] = -((Response.LogLikelihood) responses.get(row)).sum();
      if (!Double.isFinite(losses[row])) {
        throw new ModelOutputException(
            String.format(
                "Model %s, task %s, %s: the loss is %s %s; a mean over rows is not defined, use"
                    + " the drop of accuracy, which counts such rows as wrong",
                model.info().name(), task.name(), task.rowName(row), losses[row], under));
      }
    }
    return losses;
  }

  static double[] difference(double[] one, double[] other) {
    return IntStream.range(0, one.length).mapToDouble(i -> one[i] - other[i]).toArray();
  }
}
