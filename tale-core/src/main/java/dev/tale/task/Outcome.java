package dev.tale.task;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What one row of a task came to under one mask.
 *
 * @param correct whether the answer is right by the task's metric
 * @param answer the chosen choice or context, or the answer extracted from the generated text;
 *     {@code NaN} if the model's output was not a number
 * @param options scores of the options that the answer was chosen from; null where it was generated
 *     or is not a number
 */
public record Outcome(boolean correct, String answer, @Nullable OptionScores options)
    implements Serializable {

  /** An outcome without scores of options. */
  public Outcome(boolean correct, String answer) {
    this(correct, answer, null);
  }
}
