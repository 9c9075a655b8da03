package dev.tale.task;

import dev.tale.model.Request;
import dev.tale.model.Response;
import java.util.List;
import java.util.function.UnaryOperator;

/** Generation: one request; the answer is extracted from the text and compared. */
record GenerationForm(Decoding decoding, Extraction extraction, AnswerMetric metric)
    implements Form {

  @Override
  public boolean accepts(RowContent content) {
    return content instanceof References;
  }

  @Override
  public List<Request> requests(Prompting prompting, RowContent row) {
    return List.of(decoding.request(prompting.of(row).apply(row.prompt()), extraction.ends()));
  }

  @Override
  public Outcome outcome(RowContent row, List<Response> responses) {
    Response.Generation generated = Form.cast(responses, 1, Response.Generation.class).get(0);
    if (generated.isNotANumber()) {
      return new Outcome(false, NOT_A_NUMBER);
    }
    String answer = extraction.extract(generated.text());
    return new Outcome(correct(answer, ((References) row).references()), answer);
  }

  private boolean correct(String answer, List<String> references) {
    return references.stream().anyMatch(reference -> agrees(answer, reference));
  }

  @Override
  public boolean agrees(String answer, String reference) {
    return metric.matches(answer, reference);
  }

  @Override
  public Form withMetric(Metric newMetric) {
    if (newMetric instanceof AnswerMetric answerMetric) {
      return new GenerationForm(decoding, extraction, answerMetric);
    }
    throw new IllegalArgumentException(
        "Metric "
            + newMetric.name()
            + " compares choices, but the task generates text;"
            + " use Metric.exactMatch() or ofAnswers(...)");
  }

  @Override
  public Form withExtraction(Extraction newExtraction) {
    return new GenerationForm(decoding, newExtraction, metric);
  }

  @Override
  public Form withDecoding(UnaryOperator<Decoding> change) {
    return new GenerationForm(change.apply(decoding), extraction, metric);
  }

  @Override
  public void addTo(ContentHash hash) {
    hash.add("generation");
    decoding.addTo(hash);
    hash.add(extraction.description()).add(metric.description());
  }
}
