package dev.tale.model;

import java.io.Serializable;

/** A model's answer to one {@link Request} under one {@link LayerMask}. */
public sealed interface Response extends Serializable {

  /** Returns whether the model's output was not a number, so that this is no answer. */
  boolean isNotANumber();

  /**
   * Answer to {@link Request.LogLikelihood}.
   *
   * @param sum log-likelihood of the continuation, natural logarithm, summed over its tokens; NaN
   *     if the model's logits were not numbers
   * @param tokens number of tokens of the continuation, at least 1
   * @param greedy whether greedy decoding would have produced the continuation
   * @param top the token that greedy decoding produces in place of the continuation's first, if the
   *     model tells it
   */
  record LogLikelihood(double sum, int tokens, boolean greedy, Top top) implements Response {

    /** An answer of a model that does not tell the most likely token. */
    public LogLikelihood(double sum, int tokens, boolean greedy) {
      this(sum, tokens, greedy, Top.UNKNOWN);
    }

    @Override
    public boolean isNotANumber() {
      return Double.isNaN(sum);
    }
  }

  /**
   * Answer to {@link Request.Generation}.
   *
   * @param text generated text, without the stop string
   * @param tokens number of tokens that were generated
   * @param stop what ended the generation
   */
  record Generation(String text, int tokens, Stop stop) implements Response {

    @Override
    public boolean isNotANumber() {
      return stop == Stop.NOT_A_NUMBER;
    }
  }

  /**
   * Answer to {@link Request.Similarity}.
   *
   * @param cosine cosine of the angle between the two embeddings, in [-1, 1]; NaN if the model's
   *     output was not numbers, or an embedding is zero
   */
  record Similarity(double cosine) implements Response {

    @Override
    public boolean isNotANumber() {
      return Double.isNaN(cosine);
    }
  }

  /**
   * The most likely token at a place.
   *
   * @param text of the token, special ones included; empty if it is not known
   * @param logProbability natural logarithm of its probability; NaN if it is not known
   */
  record Top(String text, double logProbability) implements Serializable {
    /** No token is known. */
    public static final Top UNKNOWN = new Top("", Double.NaN);

    /** Whether the model told it. */
    public boolean isKnown() {
      return !Double.isNaN(logProbability);
    }
  }

  /** What ended a generation. */
  enum Stop {
    /** One of the request's stop strings appeared. */
    STOP_STRING,
    /** The model produced its end-of-sequence token. */
    END_OF_SEQUENCE,
    /** The request's number of new tokens was reached. */
    LENGTH,
    /** The model's logits were not numbers; the text is what came before. */
    NOT_A_NUMBER
  }
}
