package dev.tale.task;

import dev.tale.model.Request;
import dev.tale.model.Response;
import java.util.List;
import java.util.function.UnaryOperator;

/** Multiple choice by embeddings: one request per choice, the most similar choice wins. */
record SimilarityForm() implements Form {
  private static final SimilarityMetric METRIC = new SimilarityMetric();

  @Override
  public Metric metric() {
    return METRIC;
  }

  @Override
  public boolean accepts(RowContent content) {
    return content instanceof Choices;
  }

  /** Both texts are embedded by themselves, so nothing stands between them. */
  @Override
  public List<Request> requests(Prompting prompting, RowContent row) {
    String prompt = prompting.format().description() + row.prompt();
    return ((Choices) row)
        .choices().stream().<Request>map(c -> new Request.Similarity(prompt, c)).toList();
  }

  @Override
  public Outcome outcome(RowContent row, List<Response> responses) {
    Choices choices = (Choices) row;
    return choices.outcome(
        Outcome.Scores.of(
            Form.cast(responses, choices.choices().size(), Response.Similarity.class).stream()
                .mapToDouble(Response.Similarity::cosine)
                .toArray()));
  }

  @Override
  public Form withMetric(Metric metric) {
    throw new IllegalArgumentException(
        "Metric "
            + metric.name()
            + " cannot score embeddings, and the task compares them; its metric is "
            + METRIC.name()
            + ", use Task.multipleChoice(...) or generation(...) for another");
  }

  @Override
  public Form withExtraction(Extraction extraction) {
    throw Form.noText("Extraction " + extraction, "compares embeddings");
  }

  @Override
  public Form withDecoding(UnaryOperator<Decoding> change) {
    throw Form.noText("Decoding", "compares embeddings");
  }

  @Override
  public void checkShots(String task, Shots shots) {
    if (!shots.isNone()) {
      throw new IllegalArgumentException(
          "Task "
              + task
              + " compares embeddings and cannot show shots ("
              + shots
              + "): an encoder does not go on from them; leave them out");
    }
  }

  @Override
  public void checkChat(String task) {
    throw new IllegalArgumentException(
        "Task "
            + task
            + " compares embeddings and cannot be a conversation: an encoder has no chat template;"
            + " use Task.multipleChoice(...) or generation(...)");
  }

  @Override
  public void addTo(ContentHash hash) {
    hash.add("similarity").add(METRIC.description());
  }
}
