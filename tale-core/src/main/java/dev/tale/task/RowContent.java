package dev.tale.task;

import dev.tale.model.Prompt;
import dev.tale.model.Request;
import java.util.function.Function;

/** What a row asks and what is right, without its identifier: equal content is the same row. */
sealed interface RowContent permits Options, References {

  /** The text before the answer. */
  String prompt();

  /** The right answer as a shot shows it. */
  String target();

  /** What the row counts as when a task is split: rows of one label are shared out alike. */
  String label();

  /**
   * Asks for the log-likelihood of the right answer.
   *
   * @param prompts makes a prompt of the text before an answer
   */
  Request.LogLikelihood goldLikelihood(Function<String, Prompt> prompts, String targetDelimiter);

  /** Throws IllegalArgumentException, beginning with {@code row}, if this cannot be scored. */
  void check(String row);

  void addTo(ContentHash hash);
}
