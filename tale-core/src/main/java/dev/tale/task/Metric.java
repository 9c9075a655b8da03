package dev.tale.task;

import dev.tale.model.Response;
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

  /** Returns what this metric does; two with the same description do the same. */
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
   * Returns a metric of the user's own for multiple choice: the choice with the largest score wins.
   *
   * @param name stands for the function in {@link Task#contentHash}: change it when the function
   *     changes
   * @param score from the choice without the delimiter and the model's response to it
   * @throws IllegalArgumentException if the name is blank
   */
  static Metric ofChoices(String name, ToDoubleBiFunction<String, Response.LogLikelihood> score) {
    return new ChoiceMetric(
        Names.check("The metric", name), "choices(" + Names.quote(name) + ")", score);
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
    return new OwnAnswerMetric(Names.check("The metric", name), matches);
  }
}
