package dev.tale.task;

/** What a row asks and what is right, without its identifier: equal content is the same row. */
sealed interface Content permits Options, Answers {

  /** The text before the answer. */
  String prompt();

  /** The right answer as a shot shows it. */
  String target();

  /** What the row counts as when a task is split: rows of one label are shared out alike. */
  String label();

  /** Throws IllegalArgumentException, beginning with {@code row}, if this cannot be scored. */
  void check(String row);

  void addTo(ContentHash hash);
}
