package dev.tale.gain;

import dev.tale.answers.AnswersGiven;
import dev.tale.answers.Calibration;
import dev.tale.evaluate.TaskScore;
import dev.tale.model.LayerMask;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The selection or the held-out rows of a task, and the scores of the path on them.
 *
 * @param name of the rows in the journal
 * @param task asks them
 * @param path scores by position in the path, the unpruned model's first
 * @param choosing the unpruned model's choices among options or valid answers; empty if the valid
 *     answers are not known
 * @param calibration of these choices; empty if there are none, or rows have other options than the
 *     selection rows
 */
record RowSet(
    String name,
    Task task,
    List<TaskScore> path,
    Optional<TaskScore> choosing,
    Optional<Calibration> calibration) {

  TaskScore baseline() {
    return path.get(0);
  }

  boolean generates() {
    return task.options(0).isEmpty();
  }

  AnswersGiven given(int position) {
    return AnswersGiven.of(task, path.get(position).outcomes());
  }

  /** Choices less a bias that was fitted elsewhere. */
  Optional<TaskScore> unbiased(Calibration.Fitted bias, TaskScore choices) {
    return calibration.map(each -> new TaskScore(each.apply(bias, choices.outcomes())));
  }

  /** Choices less biases fitted on other rows of this set. */
  Optional<TaskScore> crossFitted(TaskScore choices) {
    return calibration.map(each -> new TaskScore(each.crossFitted(choices.outcomes())));
  }

  Optional<TaskScore> majority(int commonest) {
    return calibration.map(each -> new TaskScore(each.majority(commonest)));
  }

  /**
   * The unpruned model with answers that count: where it has none, its choice among the valid ones
   * or, where these are not known, the answer of the pruned model.
   */
  TaskScore repaired(TaskScore pruned) {
    boolean[] counted = AnswersGiven.counted(task, baseline().outcomes());
    List<Outcome> instead =
        generates() ? choosing.orElse(pruned).outcomes() : baseline().outcomes();
    return new TaskScore(
        IntStream.range(0, counted.length)
            .mapToObj(row -> counted[row] ? baseline().outcomes().get(row) : instead.get(row))
            .toList());
  }

  /** Choices by scores less those of the same options without their questions. */
  TaskScore withoutPrior(TaskScore choices, TaskScore priors) {
    return new TaskScore(
        IntStream.range(0, choices.total())
            .mapToObj(
                row -> withoutPrior(row, choices.outcomes().get(row), priors.outcomes().get(row)))
            .toList());
  }

  private Outcome withoutPrior(int row, Outcome outcome, Outcome prior) {
    Outcome.Scores scores = outcome.options();
    Outcome.Scores priors = prior.options();
    if (scores == null || priors == null) {
      return outcome;
    }
    int best = 0;
    for (int i = 1; i < scores.scores().size(); i++) {
      best = less(scores, priors, i) > less(scores, priors, best) ? i : best;
    }
    Task.RowOptions options = task.options(row).orElseThrow();
    return new Outcome(best == options.gold(), options.texts().get(best), scores);
  }

  private static double less(Outcome.Scores scores, Outcome.Scores priors, int option) {
    return scores.scores().get(option) - priors.scores().get(option);
  }

  /** Scores of options without their questions under masks, if these can be asked. */
  Optional<List<TaskScore>> priors(GainQuestions questions, List<LayerMask> masks) {
    return task.withoutQuestions()
        .flatMap(unasked -> questions.ask(unasked, name + " without questions", masks));
  }
}
