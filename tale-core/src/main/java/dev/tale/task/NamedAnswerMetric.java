package dev.tale.task;

import java.util.function.BiPredicate;

/** A comparison by a function, known by its name and description alone. */
record NamedAnswerMetric(String name, String description, BiPredicate<String, String> function)
    implements AnswerMetric {

  @Override
  public boolean matches(String answer, String reference) {
    return function.test(answer, reference);
  }
}
