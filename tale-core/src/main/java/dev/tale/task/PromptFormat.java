package dev.tale.task;

import java.util.List;
import java.util.function.Function;

/**
 * How a prompt is put together, as in lm-evaluation-harness: the description, then every shot as
 * {@code prompt + targetDelimiter + target + fewShotDelimiter}, then the prompt of the row. A
 * choice to be scored is {@code targetDelimiter + choice}.
 *
 * @param description text before everything else, joined as it is: end it with a blank line if
 *     there should be one
 * @param targetDelimiter text between a prompt and its answer
 * @param fewShotDelimiter text after every shot
 */
public record PromptFormat(String description, String targetDelimiter, String fewShotDelimiter) {

  /** Returns no description, one space before the answer, a blank line after a shot. */
  public static PromptFormat standard() {
    return new PromptFormat("", " ", "\n\n");
  }

  /** Returns this format with another description. */
  public PromptFormat withDescription(String newDescription) {
    return new PromptFormat(newDescription, targetDelimiter, fewShotDelimiter);
  }

  /** Returns this format with another text between a prompt and its answer. */
  public PromptFormat withTargetDelimiter(String newDelimiter) {
    return new PromptFormat(description, newDelimiter, fewShotDelimiter);
  }

  /** Returns this format with another text after every shot. */
  public PromptFormat withFewShotDelimiter(String newDelimiter) {
    return new PromptFormat(description, targetDelimiter, newDelimiter);
  }

  /** Shots and row, without the description. */
  String body(List<RowContent> shots, Function<RowContent, String> answer, String row) {
    StringBuilder text = new StringBuilder();
    for (RowContent shot : shots) {
      text.append(shot.prompt()).append(targetDelimiter).append(answer.apply(shot));
      text.append(fewShotDelimiter);
    }
    return text.append(row).toString();
  }

  void addTo(ContentHash hash) {
    hash.add(description).add(targetDelimiter).add(fewShotDelimiter);
  }
}
