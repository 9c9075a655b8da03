package dev.tale.evaluate;

import dev.tale.model.LayerMask;

/**
 * A candidate that a guard refused, or the floor on answers, whatever it won otherwise.
 *
 * @param mask the candidate's removed layers
 * @param guard name of the guard's task; the first in the order of the guards, later ones were not
 *     asked
 * @param score the candidate's score on that task
 * @param baseline the unpruned model's score on that task
 * @param reason what is wrong with the candidate, after the task's name
 */
public record Refusal(
    LayerMask mask, String guard, TaskScore score, TaskScore baseline, String reason) {

  /** A refusal for what was lost. */
  public Refusal(LayerMask mask, String guard, TaskScore score, TaskScore baseline) {
    this(mask, guard, score, baseline, "fell from " + baseline + " to " + score);
  }

  /** Returns for example {@code boolq fell from 81/100 = 0.8100 to 78/100 = 0.7800}. */
  @Override
  public String toString() {
    return guard + " " + reason;
  }
}
