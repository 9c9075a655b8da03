package dev.tale.testing;

import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.Response.Stop;
import dev.tale.task.Task;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** The responses to one request with which its row comes out right, and wrong. */
record ScriptedAnswer(int row, Response right, Response wrong) {
  /** Wins against {@link #UNLIKELY} by any norm of the sum. */
  private static final double LIKELY = -1e-3;

  private static final double UNLIKELY = -1e6;

  static Map<Request, ScriptedAnswer> of(Task task, int row, int scriptRow) {
    List<Request> requests = task.requests(row);
    List<Response> right = right(task, row, requests);
    List<Response> wrong = wrong(task, row, requests);
    Map<Request, ScriptedAnswer> answers = new HashMap<>();
    for (int i = 0; i < requests.size(); i++) {
      answers.put(requests.get(i), new ScriptedAnswer(scriptRow, right.get(i), wrong.get(i)));
    }
    return answers;
  }

  private static List<Response> right(Task task, int row, List<Request> requests) {
    return requests.get(0) instanceof Request.Generation
        ? generated(task, row, task.target(row), true)
        : chosen(requests.size(), winner(task, row, requests.size(), true));
  }

  private static List<Response> wrong(Task task, int row, List<Request> requests) {
    return requests.get(0) instanceof Request.Generation
        ? generated(task, row, "<wrong>", false)
        : chosen(requests.size(), winner(task, row, requests.size(), false));
  }

  /** The first choice that makes the row right, or wrong; the metric is the judge. */
  private static int winner(Task task, int row, int choices, boolean wanted) {
    OptionalInt winner =
        IntStream.range(0, choices)
            .filter(i -> task.outcome(row, chosen(choices, i)).correct() == wanted)
            .findFirst();
    return winner.orElseThrow(() -> unscriptable(task, row, wanted));
  }

  private static List<Response> chosen(int choices, int winner) {
    return IntStream.range(0, choices)
        .<Response>mapToObj(
            i -> new Response.LogLikelihood(i == winner ? LIKELY : UNLIKELY - i, 1, i == winner))
        .toList();
  }

  private static List<Response> generated(Task task, int row, String text, boolean wanted) {
    List<Response> response = List.of(new Response.Generation(text, 1, Stop.END_OF_SEQUENCE));
    if (task.outcome(row, response).correct() != wanted) {
      throw unscriptable(task, row, wanted);
    }
    return response;
  }

  private static IllegalArgumentException unscriptable(Task task, int row, boolean wanted) {
    return new IllegalArgumentException(
        "Task "
            + task.name()
            + ", "
            + task.rowName(row)
            + ": no scripted response comes out "
            + (wanted ? "right" : "wrong")
            + " by "
            + task.metric());
  }

  boolean agreesWith(ScriptedAnswer other) {
    return right.equals(other.right) && wrong.equals(other.wrong);
  }

  Response notANumber() {
    return right instanceof Response.LogLikelihood likelihood
        ? new Response.LogLikelihood(Double.NaN, likelihood.tokens(), false)
        : new Response.Generation("", 0, Stop.NOT_A_NUMBER);
  }
}
