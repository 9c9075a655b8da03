package dev.tale.task;

import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.text.Excerpt;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** A row with one continuation after several prompts: partial evaluation. */
record Contexts(List<String> prompts, String continuation, int gold) implements Options {

  @Override
  public List<String> options() {
    return prompts;
  }

  @Override
  public List<String> scored() {
    return Collections.nCopies(prompts.size(), continuation);
  }

  @Override
  public String prompt() {
    return prompts.get(gold);
  }

  @Override
  public String target() {
    return continuation;
  }

  @Override
  public List<Request.LogLikelihood> likelihoods(
      Function<String, Prompt> asked, String targetDelimiter) {
    String scored = targetDelimiter + continuation;
    return prompts.stream()
        .map(prompt -> new Request.LogLikelihood(asked.apply(prompt), scored))
        .toList();
  }

  @Override
  public void check(String row) {
    checkOptions(row, "context", "contexts");
    if (continuation.isEmpty()) {
      throw new IllegalArgumentException(
          row
              + ": the continuation of "
              + Excerpt.of(prompts)
              + " is empty; give the text to score");
    }
  }

  @Override
  public void addTo(ContentHash hash) {
    hash.add("multiple_contexts").addAll(prompts).add(continuation).add(gold);
  }
}
