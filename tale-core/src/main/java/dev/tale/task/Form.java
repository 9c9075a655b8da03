package dev.tale.task;

import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.text.Excerpt;
import java.util.List;
import java.util.function.UnaryOperator;

/** How a row becomes requests and how the responses become an outcome. */
sealed interface Form permits ChoiceForm, GenerationForm, SimilarityForm {

  /** The answer of a row on which the model's output was not a number. */
  String NOT_A_NUMBER = "NaN";

  Metric metric();

  /** Whether rows of this kind can be asked in this form. */
  boolean accepts(RowContent content);

  List<Request> requests(Prompting prompting, RowContent row);

  Outcome outcome(RowContent row, List<Response> responses);

  /** Whether a generated answer is a reference, by the metric. */
  default boolean agrees(String answer, String reference) {
    return answer.equals(reference);
  }

  /** Whether a bias for each option is fitted under each mask. */
  default boolean isCalibrated() {
    return false;
  }

  /** Throws IllegalArgumentException if there is no option to fit a bias for. */
  default Form calibrated(String task) {
    throw new IllegalArgumentException(
        "Task "
            + task
            + " is not multiple choice by log-likelihood, so there are no options to fit a bias"
            + " for; use Task.multipleChoice(...), or Pruner.keepingAnswers(...)");
  }

  Form withMetric(Metric metric);

  Form withExtraction(Extraction extraction);

  Form withDecoding(UnaryOperator<Decoding> change);

  /** Throws IllegalArgumentException if rows of this form cannot be asked with such shots. */
  default void checkShots(String task, Shots shots) {}

  /** Throws IllegalArgumentException if rows of this form cannot be asked in a conversation. */
  default void checkChat(String task) {}

  void addTo(ContentHash hash);

  /** Throws IllegalArgumentException if rows of the other form cannot be scored in this one. */
  default void checkSame(String task, String mine, Form other, String others) {
    if (!hash(this).equals(hash(other))) {
      throw new IllegalArgumentException(
          "Task "
              + task
              + " is of tasks that differ: "
              + mine
              + " is scored by "
              + metric().description()
              + ", "
              + others
              + " by "
              + other.metric().description()
              + "; give tasks of one kind with the same metric, extraction and decoding");
    }
  }

  private static String hash(Form form) {
    ContentHash hash = new ContentHash();
    form.addTo(hash);
    return hash.hex();
  }

  /** What to throw where a form without generated text is given something for such text. */
  static IllegalArgumentException noText(String given, String what) {
    return new IllegalArgumentException(
        given + " needs generated text, but the task " + what + "; use Task.generation(...)");
  }

  /** The responses as the type that this form asked for. */
  static <T extends Response> List<T> cast(List<Response> responses, int count, Class<T> type) {
    if (responses.size() != count || !responses.stream().allMatch(type::isInstance)) {
      throw new IllegalArgumentException(
          "The responses are "
              + Excerpt.of(responses)
              + ", but the row has "
              + count
              + " requests of type "
              + type.getSimpleName()
              + "; give one response to each, in their order");
    }
    return responses.stream().map(type::cast).toList();
  }
}
