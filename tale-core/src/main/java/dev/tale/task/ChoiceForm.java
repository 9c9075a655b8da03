package dev.tale.task;

import dev.tale.model.Request;
import dev.tale.model.Response;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Multiple choice by log-likelihood: one request per option. */
record ChoiceForm(ChoiceMetric metric) implements Form {
  private static final Class<Response.LogLikelihood> LIKELIHOOD = Response.LogLikelihood.class;

  @Override
  public boolean accepts(RowContent content) {
    return content instanceof Options;
  }

  @Override
  public List<Request> requests(Prompting prompting, RowContent row) {
    return List.copyOf(((Options) row).likelihoods(prompting.of(row), prompting.targetDelimiter()));
  }

  @Override
  public Outcome outcome(RowContent row, List<Response> responses) {
    Options options = (Options) row;
    List<String> scored = options.scored();
    return options.outcome(scores(scored, Form.cast(responses, scored.size(), LIKELIHOOD)));
  }

  private double[] scores(List<String> scored, List<Response.LogLikelihood> responses) {
    return IntStream.range(0, scored.size())
        .mapToDouble(i -> metric.score(scored.get(i), responses.get(i)))
        .toArray();
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
    throw Form.noText("Extraction " + extraction, "is multiple choice");
  }

  @Override
  public Form withDecoding(UnaryOperator<Decoding> change) {
    throw Form.noText("Decoding", "is multiple choice");
  }

  @Override
  public void addTo(ContentHash hash) {
    hash.add("multiple_choice").add(metric.description());
  }
}
