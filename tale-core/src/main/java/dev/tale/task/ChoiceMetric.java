package dev.tale.task;

import dev.tale.model.Response;
import java.util.function.ToDoubleBiFunction;

/** Scores one choice from its text and the model's response; the largest score wins. */
record ChoiceMetric(
    String name, String description, ToDoubleBiFunction<String, Response.LogLikelihood> function)
    implements Metric {

  double score(String choice, Response.LogLikelihood response) {
    return function.applyAsDouble(choice, response);
  }
}
