package dev.tale.task;

import java.io.Serializable;

/**
 * What one row of a task came to under one mask.
 *
 * @param correct whether the answer is right by the task's metric
 * @param answer the chosen choice or context, or the answer extracted from the generated text;
 *     {@code NaN} if the model's output was not a number
 */
public record Outcome(boolean correct, String answer) implements Serializable {}
