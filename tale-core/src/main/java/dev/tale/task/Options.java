package dev.tale.task;

import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.text.Excerpt;
import java.util.List;
import java.util.function.Function;

/** A row with a right one among several options, each with a score; the largest score wins. */
sealed interface Options extends RowContent permits Choices, Contexts {

  /** The texts that tell the options apart. */
  List<String> options();

  /** The texts whose log-likelihood counts, one for each option. */
  List<String> scored();

  int gold();

  /**
   * Asks for the log-likelihood of every option.
   *
   * @param prompts makes a prompt of the text before an answer
   */
  List<Request.LogLikelihood> likelihoods(Function<String, Prompt> prompts, String targetDelimiter);

  @Override
  default Request.LogLikelihood goldLikelihood(
      Function<String, Prompt> prompts, String targetDelimiter) {
    return likelihoods(prompts, targetDelimiter).get(gold());
  }

  @Override
  default String label() {
    return "option " + gold();
  }

  /** The option with the largest score, the first on a tie; wrong if a score is NaN. */
  default Outcome outcome(Outcome.Scores scores) {
    if (scores.scores().stream().anyMatch(each -> each.isNaN())) {
      return new Outcome(false, Form.NOT_A_NUMBER);
    }
    int best = scores.best();
    return new Outcome(best == gold(), options().get(best), scores);
  }

  /** Throws IllegalArgumentException if no score could tell whether the right option won. */
  default void checkOptions(String row, String one, String several) {
    if (options().size() < 2) {
      throw new IllegalArgumentException(
          row
              + ": the "
              + several
              + " are "
              + Excerpt.of(options())
              + "; give at least 2 to choose from");
    }
    if (gold() < 0 || gold() >= options().size()) {
      throw new IllegalArgumentException(
          row
              + ": gold is "
              + gold()
              + ", but the "
              + several
              + " are 0 to "
              + (options().size() - 1)
              + "; give the 0-based position of the right "
              + one);
    }
    checkGoldOnce(row, one);
  }

  private void checkGoldOnce(String row, String one) {
    int first = options().indexOf(options().get(gold()));
    int last = options().lastIndexOf(options().get(gold()));
    if (first != last) {
      throw new IllegalArgumentException(
          row
              + ": the right "
              + one
              + " occurs twice in "
              + Excerpt.of(options())
              + ", as "
              + one
              + " "
              + first
              + " and "
              + one
              + " "
              + last
              + ", and no score can tell them apart; leave one of them out");
    }
  }
}
