package dev.tale.task;

import java.util.function.BiPredicate;

/** A comparison of the user's own, known by its name alone. */
record OwnAnswerMetric(String name, BiPredicate<String, String> function) implements AnswerMetric {

  @Override
  public String description() {
    return "answers(" + Names.quote(name) + ")";
  }

  @Override
  public boolean matches(String answer, String reference) {
    return function.test(answer, reference);
  }
}
