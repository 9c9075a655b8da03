package dev.tale.evaluate;

import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.List;
import java.util.stream.IntStream;

/** What is asked of each row of a task, and what the responses come to. */
interface RowQuestion {

  List<Request> requests(int row);

  Outcome outcome(int row, List<Response> responses);

  /** Returns the task's own question: is the answer right by its metric? */
  static RowQuestion answers(Task task) {
    return new RowQuestion() {
      @Override
      public List<Request> requests(int row) {
        return task.requests(row);
      }

      @Override
      public Outcome outcome(int row, List<Response> responses) {
        return task.outcome(row, responses);
      }
    };
  }

  /**
   * Returns the question how likely the right answer is. The answer of its outcome is the
   * log-likelihood and the number of tokens, parted by a space, or {@code NaN}; it is correct if
   * greedy decoding would have produced it.
   */
  static RowQuestion likelihoods(Task task) {
    List<Request> requests =
        IntStream.range(0, task.size()).<Request>mapToObj(task::goldLikelihood).toList();
    return new RowQuestion() {
      @Override
      public List<Request> requests(int row) {
        return List.of(requests.get(row));
      }

      @Override
      public Outcome outcome(int row, List<Response> responses) {
        Response.LogLikelihood response = (Response.LogLikelihood) responses.get(0);
        String answer = response.isNotANumber() ? "NaN" : response.sum() + " " + response.tokens();
        return new Outcome(response.greedy() && !response.isNotANumber(), answer);
      }
    };
  }
}
