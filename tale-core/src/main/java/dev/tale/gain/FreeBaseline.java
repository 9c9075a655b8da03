package dev.tale.gain;

import dev.tale.evaluate.TaskScore;
import java.util.Optional;

/**
 * A way to answer that removes no layer, fitted on the selection rows where it is fitted.
 *
 * @param kind of the way
 * @param selection its score there, cross-fitted where something is fitted
 * @param heldOut its score on the held-out rows; empty if there are none, or they have other
 *     options
 */
public record FreeBaseline(Kind kind, TaskScore selection, Optional<TaskScore> heldOut) {

  /** Ways to answer. */
  public enum Kind {
    /** Always the answer that is most often right on the selection rows. */
    MAJORITY("always the commonest right answer"),
    /** The unpruned model, scored among the valid answers where it generates. */
    AMONG_VALID("unpruned, scored among the valid answers"),
    /** The unpruned model, less a fitted bias for each option. */
    FITTED_BIAS("unpruned, less a fitted bias for each option"),
    /** The unpruned model, less the likelihood of each option without its question. */
    WITHOUT_PRIOR("unpruned, less each option's own likelihood");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The kind for people. */
    public String text() {
      return text;
    }
  }

  /** The score that is reported: on held-out rows if there are any. */
  public TaskScore quoted() {
    return heldOut.orElse(selection);
  }
}
