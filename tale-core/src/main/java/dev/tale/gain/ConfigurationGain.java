package dev.tale.gain;

import dev.tale.answers.AnswersGiven;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.TaskScore;
import dev.tale.model.LayerMask;
import java.util.List;
import java.util.Optional;

/**
 * The answers of one configuration of the path to the rows of a task, and its gain in parts.
 *
 * @param mask the removed layers
 * @param selection answers to the selection rows
 * @param heldOut answers to the held-out rows, if there are any
 * @param unbiased this model less a fitted bias for each option, on held-out rows or, cross-fitted,
 *     on selection rows; empty where nothing can be fitted
 * @param withoutPrior this model less the likelihood of each option without its question; empty
 *     where it was not asked
 * @param parts of the gain on the same rows; empty for the unpruned model
 * @param versus comparisons with the free baselines, for the reported configurations
 */
public record ConfigurationGain(
    LayerMask mask,
    AnswersGiven selection,
    Optional<AnswersGiven> heldOut,
    Optional<TaskScore> unbiased,
    Optional<TaskScore> withoutPrior,
    Optional<GainParts> parts,
    List<Versus> versus) {

  /** Copies the comparisons. */
  public ConfigurationGain {
    versus = List.copyOf(versus);
  }

  /**
   * A comparison of the configuration, second, with a free baseline, first.
   *
   * @param kind the free baseline
   * @param comparison rows that only one has right
   * @param adjustedP its p-value adjusted by Holm for all comparisons of the task
   */
  public record Versus(FreeBaseline.Kind kind, PairedComparison comparison, double adjustedP) {}

  ConfigurationGain with(List<Versus> comparisons) {
    return new ConfigurationGain(
        mask, selection, heldOut, unbiased, withoutPrior, parts, comparisons);
  }

  /** The answers that are reported: to held-out rows if there are any. */
  public AnswersGiven quoted() {
    return heldOut.orElse(selection);
  }
}
