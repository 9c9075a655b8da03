package dev.tale.task;

import com.google.common.primitives.Doubles;
import dev.tale.model.Request;
import dev.tale.model.Response;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Multiple choice by log-likelihood: one request per option.
 *
 * @param isCalibrated whether a bias for each option is fitted under each mask
 */
record ChoiceForm(ChoiceMetric metric, boolean isCalibrated) implements Form {
  static final ChoiceForm ACC = new ChoiceForm((ChoiceMetric) Metric.acc());
  private static final Class<Response.LogLikelihood> LIKELIHOOD = Response.LogLikelihood.class;

  ChoiceForm(ChoiceMetric metric) {
    this(metric, /* isCalibrated= */ false);
  }

  @Override
  public Form calibrated(String task) {
    return new ChoiceForm(metric, /* isCalibrated= */ true);
  }

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
    List<Response.LogLikelihood> likelihoods =
        Form.cast(responses, options.scored().size(), LIKELIHOOD);
    double[] scores = scores(options.scored(), likelihoods);
    return options.outcome(
        options instanceof Choices choices
            ? scores(choices, scores, likelihoods)
            : Outcome.Scores.of(scores));
  }

  private static Outcome.Scores scores(
      Choices choices, double[] scores, List<Response.LogLikelihood> likelihoods) {
    double mass = 0;
    int greedy = Outcome.Scores.NONE;
    for (int i = scores.length - 1; i >= 0; i--) {
      boolean first = choices.choices().indexOf(choices.choices().get(i)) == i;
      mass += first ? Math.exp(likelihoods.get(i).sum()) : 0;
      greedy = likelihoods.get(i).greedy() ? i : greedy;
    }
    return new Outcome.Scores(Doubles.asList(scores), mass, greedy, likelihoods.get(0).top());
  }

  private double[] scores(List<String> scored, List<Response.LogLikelihood> responses) {
    return IntStream.range(0, scored.size())
        .mapToDouble(i -> metric.score(scored.get(i), responses.get(i)))
        .toArray();
  }

  @Override
  public Form withMetric(Metric newMetric) {
    if (newMetric instanceof ChoiceMetric choiceMetric) {
      return new ChoiceForm(choiceMetric, isCalibrated);
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
    if (isCalibrated) {
      hash.add("calibrated");
    }
  }
}
