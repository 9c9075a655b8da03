package dev.tale.task;

import dev.tale.math.HendrycksMath;
import dev.tale.math.MinervaMath;
import dev.tale.math.Numeral;
import dev.tale.model.Response;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.function.BiPredicate;
import java.util.function.ToDoubleBiFunction;

/**
 * Decides whether an answer is right: of a multiple-choice row by the scores of its choices, of a
 * generated row by comparing the answer with the references. A {@linkplain Task#similarity
 * similarity} task has its own, {@code most_similar}, and takes no other.
 *
 * <p>A choice whose score is not a number makes the row wrong, whatever the others score. Among
 * equal scores the choice with the lowest position wins.
 */
public sealed interface Metric permits ChoiceMetric, AnswerMetric, SimilarityMetric {

  /** Returns the name in reports, for example {@code acc_norm}. */
  String name();

  /** The description of this metric; two with the same one do the same. */
  String description();

  /** Returns {@code acc}: the choice with the largest log-likelihood wins. */
  static Metric acc() {
    return new ChoiceMetric("acc", "acc", (choice, response) -> response.sum());
  }

  /**
   * Returns {@code acc_norm}: the choice with the largest log-likelihood per character wins.
   * Characters are Unicode code points of the choice without the delimiter. Where one continuation
   * follows several contexts this is {@code acc}.
   */
  static Metric accNorm() {
    return new ChoiceMetric(
        "acc_norm",
        "acc_norm",
        (choice, response) -> response.sum() / choice.codePointCount(0, choice.length()));
  }

  /**
   * Returns {@code acc_bytes}: the choice with the largest log-likelihood per UTF-8 byte of the
   * choice without the delimiter wins.
   */
  static Metric accBytes() {
    return new ChoiceMetric(
        "acc_bytes",
        "acc_bytes",
        (choice, response) -> response.sum() / choice.getBytes(StandardCharsets.UTF_8).length);
  }

  /** Returns {@code exact_match}: the answer equals a reference, character by character. */
  static ExactMatch exactMatch() {
    return ExactMatch.STRICT;
  }

  /**
   * Returns the {@code exact_match} of {@code hendrycks_math500}: answer and reference are equal
   * after its normalisation of LaTeX. The reference is what is in the box of the solution, see
   * {@link Extraction#boxed}.
   */
  static Metric hendrycksMath() {
    return new NamedAnswerMetric("exact_match", "hendrycks_math", HendrycksMath::equivalent);
  }

  /**
   * Returns nearly the {@code exact_match} of {@code minerva_math500}: answer and reference are the
   * same after its normalisation of LaTeX, or are integers, decimals or fractions of the same
   * value. The answer is normalised by {@link Extraction#minervaMath}, the reference here.
   *
   * <p>Not quite: lm-evaluation-harness asks a computer algebra system whether the two differ, so
   * that there {@code 1+x} is {@code x+1}. Here it is not; accuracy can be lower, never higher.
   */
  static Metric minervaMath() {
    return new NamedAnswerMetric(
        "exact_match",
        "minerva_math",
        (answer, reference) -> MinervaMath.equivalent(answer, MinervaMath.normalized(reference)));
  }

  /**
   * Returns {@code numeric_match} with a tolerance of 0.001, by which the authors of GSM-Hard
   * score: 18 is 18.0.
   *
   * @see #numeric(double)
   */
  static Metric numeric() {
    return numeric(1e-3);
  }

  /**
   * Returns {@code numeric_match}: answer and reference are numbers of the same value, or nearly.
   * Numbers may have a sign, a dollar sign, commas between thousands, a fraction, an exponent and a
   * full stop at the end; they are compared as they are written, in up to 10,000 digits: one with
   * more is no number.
   *
   * @param tolerance largest difference that does not count, exclusive; 0 for the same value
   * @throws IllegalArgumentException if the tolerance is negative or not finite
   */
  static Metric numeric(double tolerance) {
    if (!(tolerance >= 0 && tolerance <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "The tolerance is " + tolerance + "; give 0 for the same value, or a small number");
    }
    BigDecimal limit = BigDecimal.valueOf(tolerance);
    return new NamedAnswerMetric(
        "numeric_match",
        "numeric_match(" + tolerance + ")",
        (answer, reference) -> Numeral.close(answer, reference, limit));
  }

  /**
   * Returns a metric of the user's own for multiple choice: the choice with the largest score wins.
   *
   * @param name stands for the function in {@link Task#contentHash}: change it when the function
   *     changes
   * @param score from the choice without the delimiter and the model's response to it
   * @throws IllegalArgumentException if the name is blank
   */
  static Metric ofChoices(String name, ToDoubleBiFunction<String, Response.LogLikelihood> score) {
    return new ChoiceMetric(
        NameCheck.check("The metric", name), "choices(" + NameCheck.quote(name) + ")", score);
  }

  /**
   * Returns a metric of the user's own for generated text.
   *
   * @param name stands for the function in {@link Task#contentHash}: change it when the function
   *     changes
   * @param matches whether the answer, first, agrees with a reference, second
   * @throws IllegalArgumentException if the name is blank
   */
  static Metric ofAnswers(String name, BiPredicate<String, String> matches) {
    return new NamedAnswerMetric(
        NameCheck.check("The metric", name), "answers(" + NameCheck.quote(name) + ")", matches);
  }
}
