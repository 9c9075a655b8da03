package dev.tale.report;

import dev.tale.document.Shortened;

/**
 * Something that a result has otherwise than an earlier one.
 *
 * @param what its name, such as {@code provenance.model.contentHash} or {@code best.correct}
 * @param before what the earlier result has; {@value #ABSENT} if nothing
 * @param after what the later result has, likewise
 */
public record Difference(String what, String before, String after) {
  static final String ABSENT = "(absent)";

  /** Returns for example {@code best.correct: was 74, is 75}. */
  @Override
  public String toString() {
    return what + ": was " + Shortened.of(before) + ", is " + Shortened.of(after);
  }
}
