package dev.tale.gain;

import dev.tale.model.LayerMask;

/**
 * A fact that makes an accuracy misleading.
 *
 * @param kind of the fact
 * @param mask removed layers of the configuration that it is wrong with
 * @param value found
 * @param limit of the value
 * @param text the same for people, one sentence
 */
public record GainWarning(Kind kind, LayerMask mask, double value, double limit, String text) {

  /** Kinds of facts. */
  public enum Kind {
    /**
     * Greedy decoding never produces an option; the value is the number of rows on which it does.
     */
    NO_OPTION_IS_GREEDY,
    /** All options together lost more than half of their probability. */
    MASS_FELL,
    /** Fewer rows have an answer that counts than in the unpruned model. */
    ANSWERS_FELL,
    /** One answer on more than {@link #ONE_ANSWER_SHARE} of the rows; the value is the share. */
    ONE_ANSWER,
    /** As many rows right, to within one, as always the commonest right answer has. */
    AS_MAJORITY,
    /** The model's files disagree about the first or last token of a prompt. */
    FILES_DISAGREE,
    /**
     * A way to answer that removes no layer does as well; the value is the adjusted p-value of the
     * difference.
     */
    NOT_BETTER_THAN_FREE
  }

  /** Share of the rows above which a model is said to give one answer. */
  public static final double ONE_ANSWER_SHARE = 0.95;

  /** Share of the probability of all options below which it is said to have fallen. */
  public static final double MASS_SHARE = 0.5;
}
