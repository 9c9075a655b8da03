package dev.tale.task;

import dev.tale.model.Request;
import dev.tale.model.Response;
import java.util.List;
import java.util.stream.IntStream;

/** Multiple choice by log-likelihood: one request per choice. */
record ChoiceForm(ChoiceMetric metric) implements Form {
  private static final Class<Response.LogLikelihood> LIKELIHOOD = Response.LogLikelihood.class;

  @Override
  public boolean accepts(Content content) {
    return content instanceof Content.Choices;
  }

  @Override
  public List<Request> requests(String prompt, String targetDelimiter, Content row) {
    return choices(row).stream()
        .<Request>map(choice -> new Request.LogLikelihood(prompt, targetDelimiter + choice))
        .toList();
  }

  @Override
  public Outcome outcome(Content row, List<Response> responses) {
    List<String> choices = choices(row);
    double[] scores = scores(choices, Form.cast(responses, choices.size(), LIKELIHOOD));
    for (double score : scores) {
      if (Double.isNaN(score)) {
        return new Outcome(false, NOT_A_NUMBER);
      }
    }
    int best = argmax(scores);
    return new Outcome(best == ((Content.Choices) row).gold(), choices.get(best));
  }

  private static List<String> choices(Content row) {
    return ((Content.Choices) row).choices();
  }

  private double[] scores(List<String> choices, List<Response.LogLikelihood> responses) {
    return IntStream.range(0, choices.size())
        .mapToDouble(i -> metric.score(choices.get(i), responses.get(i)))
        .toArray();
  }

  /** The lowest position of the largest score. */
  private static int argmax(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  @Override
  public Form withMetric(Metric newMetric) {
    if (newMetric instanceof ChoiceMetric choiceMetric) {
      return new ChoiceForm(choiceMetric);
    }
    throw new IllegalArgumentException(
        "Metric "
            + newMetric.name()
            + " compares generated answers, but the task is multiple choice;"
            + " use Metric.acc(), accNorm(), accBytes() or ofChoices(...)");
  }

  @Override
  public Form withExtraction(Extraction extraction) {
    throw new IllegalArgumentException(
        "Extraction "
            + extraction
            + " needs generated text, but the task is multiple choice;"
            + " use Task.generation(...)");
  }

  @Override
  public void addTo(ContentHash hash) {
    hash.add("multiple_choice").add(metric.description());
  }
}
