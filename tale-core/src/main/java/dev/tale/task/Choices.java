package dev.tale.task;

import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.text.Excerpt;
import java.util.List;
import java.util.function.Function;

/** A row with several choices after one prompt. */
record Choices(String prompt, List<String> choices, int gold) implements Options {

  @Override
  public List<String> options() {
    return choices;
  }

  @Override
  public List<String> scored() {
    return choices;
  }

  @Override
  public String target() {
    return choices.get(gold);
  }

  @Override
  public List<Request.LogLikelihood> likelihoods(
      Function<String, Prompt> prompts, String targetDelimiter) {
    Prompt asked = prompts.apply(prompt);
    return choices.stream()
        .map(choice -> new Request.LogLikelihood(asked, targetDelimiter + choice))
        .toList();
  }

  @Override
  public void check(String row) {
    checkOptions(row, "choice", "choices");
    int empty = choices.indexOf("");
    if (empty >= 0) {
      throw new IllegalArgumentException(
          row
              + ": choice "
              + empty
              + " of "
              + Excerpt.of(choices)
              + " is empty; give it a text or leave it out");
    }
  }

  @Override
  public void addTo(ContentHash hash) {
    hash.add("multiple_choice").add(prompt).addAll(choices).add(gold);
  }
}
