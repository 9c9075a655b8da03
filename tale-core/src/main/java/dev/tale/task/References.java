package dev.tale.task;

import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.text.Excerpt;
import java.util.List;
import java.util.function.Function;

/** A row whose answer the model generates. */
record References(String prompt, List<String> references) implements RowContent {

  @Override
  public String target() {
    return references.get(0);
  }

  @Override
  public String label() {
    return target();
  }

  @Override
  public Request.LogLikelihood goldLikelihood(
      Function<String, Prompt> prompts, String targetDelimiter) {
    return new Request.LogLikelihood(prompts.apply(prompt), targetDelimiter + target());
  }

  @Override
  public void check(String row) {
    if (prompt.isEmpty()) {
      throw new IllegalArgumentException(
          row + ": the prompt is empty; give the text that the model continues");
    }
    // An empty reference would count a model that says nothing as right.
    if (references.contains("")) {
      throw new IllegalArgumentException(
          row
              + ": a reference of "
              + Excerpt.of(references)
              + " is empty; give the text of the right answer");
    }
  }

  @Override
  public void addTo(ContentHash hash) {
    hash.add("generation").add(prompt).addAll(references);
  }
}
