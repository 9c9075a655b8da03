package dev.tale.task;

/** Compares an extracted answer with one reference. */
sealed interface AnswerMetric extends Metric permits ExactMatch, NamedAnswerMetric {

  boolean matches(String answer, String reference);
}
