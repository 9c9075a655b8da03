package dev.tale.onnx.parity;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Maps;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.task.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * One row: what Tale asked, answered and scored beside what the harness did.
 *
 * @param promptsEqual whether prompts and continuations are the same
 * @param answersEqual whether the chosen position, or every extracted answer, is the same
 * @param correctEqual whether the row counts as right in both or in neither, by every metric
 * @param difference largest absolute difference of log-likelihoods
 * @param differences what differs
 */
record RowParity(
    boolean promptsEqual,
    boolean answersEqual,
    boolean correctEqual,
    double difference,
    ImmutableList<String> differences) {

  /** What Tale has of a row: outcomes by metric or filter. */
  record Ours(
      String name,
      List<Request> requests,
      List<Response> responses,
      Map<String, Outcome> outcomes) {}

  static RowParity of(Ours ours, HarnessRun.Row harness, Function<Prompt, String> rendering) {
    boolean promptsEqual = Digest.of(texts(ours.requests, rendering)).equals(harness.requests());
    String answers =
        harness.text() == null ? chosenProblem(ours, harness) : answersProblem(ours, harness);
    String correct = problem("correct", harness.correct(), correct(ours));
    double difference = harness.text() == null ? difference(ours, harness) : 0;
    List<String> found = new ArrayList<>();
    found.add(promptsEqual ? "" : "other requests");
    found.add(answers);
    found.add(correct);
    found.add(difference <= RunParity.TOLERANCE ? "" : "log-likelihoods differ by " + difference);
    return new RowParity(
        promptsEqual,
        answers.isEmpty(),
        correct.isEmpty(),
        difference,
        found.stream()
            .filter(line -> !line.isEmpty())
            .map(line -> ours.name + ": " + line)
            .collect(ImmutableList.toImmutableList()));
  }

  private static List<String> texts(List<Request> requests, Function<Prompt, String> rendering) {
    List<String> texts = new ArrayList<>();
    for (Request request : requests) {
      if (request instanceof Request.LogLikelihood scored) {
        texts.add(rendering.apply(scored.prompt()));
        texts.add(scored.continuation());
      } else {
        texts.add(rendering.apply(((Request.Generation) request).prompt()));
      }
    }
    return texts;
  }

  private static double[] sums(Ours ours) {
    return ours.responses.stream()
        .mapToDouble(response -> ((Response.LogLikelihood) response).sum())
        .toArray();
  }

  private static String chosenProblem(Ours ours, HarnessRun.Row harness) {
    double[] sums = sums(ours);
    int chosen =
        IntStream.range(0, sums.length).reduce((a, b) -> sums[b] > sums[a] ? b : a).orElse(-1);
    int expected = Objects.requireNonNull(harness.chosen());
    return chosen == expected ? "" : "choice " + chosen + ", harness " + expected;
  }

  private static double difference(Ours ours, HarnessRun.Row harness) {
    double[] sums = sums(ours);
    List<Double> expected = Objects.requireNonNull(harness.logLikelihoods());
    if (sums.length != expected.size()) {
      return Double.POSITIVE_INFINITY;
    }
    return IntStream.range(0, sums.length)
        .mapToDouble(i -> Math.abs(sums[i] - expected.get(i)))
        .max()
        .orElse(0);
  }

  private static String answersProblem(Ours ours, HarnessRun.Row harness) {
    Map<String, String> answers =
        Maps.transformValues(ours.outcomes, outcome -> Digest.shortened(outcome.answer()));
    String text = ((Response.Generation) ours.responses.get(0)).text();
    boolean same = Digest.of(List.of(text)).equals(harness.text());
    String problem = problem("answer", Objects.requireNonNull(harness.answers()), answers);
    return problem.isEmpty() && !same ? "other generated text" : problem;
  }

  private static Map<String, Boolean> correct(Ours ours) {
    return Maps.transformValues(ours.outcomes, Outcome::correct);
  }

  private static String problem(String what, Map<String, ?> harness, Map<String, ?> ours) {
    return ours.entrySet().stream()
        .filter(entry -> !entry.getValue().equals(harness.get(entry.getKey())))
        .map(
            entry ->
                what
                    + " by "
                    + entry.getKey()
                    + " "
                    + entry.getValue()
                    + ", harness "
                    + harness.get(entry.getKey()))
        .findFirst()
        .orElse("");
  }
}
