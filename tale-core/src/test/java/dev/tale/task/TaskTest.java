package dev.tale.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.Response.Stop;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskTest {

  private record Question(String id, String text, List<String> options, int answer) {}

  private static final List<Question> QUESTIONS =
      List.of(
          new Question("q1", "1 + 1?", List.of("1", "2"), 1),
          new Question("q2", "2 + 2?", List.of("4", "5", "6"), 0),
          new Question("q3", "3 + 3?", List.of("6", "7"), 0));

  private static final Task CHOICES =
      Task.multipleChoice(
          "sums",
          QUESTIONS,
          q -> Example.multipleChoice(q.text(), q.options(), q.answer()).withId(q.id()));

  private static final Task ANSWERS =
      Task.generation(
          "letters",
          List.of("a", "b"),
          letter -> Example.generation("Say " + letter + ":", letter, letter + "!"),
          Decoding.until("\n", "Say").withMaxNewTokens(4));

  private static final Task MEANINGS =
      Task.similarity(
          "topics",
          QUESTIONS,
          q -> Example.multipleChoice(q.text(), q.options(), q.answer()).withId(q.id()));

  private static Response similarity(double cosine) {
    return new Response.Similarity(cosine);
  }

  private static Response generated(String text, Stop stop) {
    return new Response.Generation(text, 1, stop);
  }

  private static Response likelihood(double sum) {
    return new Response.LogLikelihood(sum, 1, false);
  }

  @Test
  void requests_multipleChoice_onePerChoiceInOrder() {
    assertThat(CHOICES.requests(1))
        .containsExactly(
            new Request.LogLikelihood("2 + 2?", " 4"),
            new Request.LogLikelihood("2 + 2?", " 5"),
            new Request.LogLikelihood("2 + 2?", " 6"));
  }

  @Test
  void requests_generation_one() {
    assertThat(ANSWERS.requests(0))
        .containsExactly(new Request.Generation("Say a:", List.of("\n", "Say"), 4));
  }

  @Test
  void requests_similarity_onePerChoiceWithoutDelimiter() {
    assertThat(MEANINGS.requests(0))
        .containsExactly(
            new Request.Similarity("1 + 1?", "1"), new Request.Similarity("1 + 1?", "2"));
    PromptFormat query = PromptFormat.standard().withDescription("query: ");
    assertThat(MEANINGS.withPromptFormat(query).requests(2))
        .containsExactly(
            new Request.Similarity("query: 3 + 3?", "6"),
            new Request.Similarity("query: 3 + 3?", "7"));
  }

  @Test
  void outcome_similarity_theMostSimilarWinsTheFirstOnATie() {
    assertThat(MEANINGS.outcome(0, List.of(similarity(-0.5), similarity(-0.4))))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(true, "2");
    assertThat(MEANINGS.outcome(0, List.of(similarity(0.5), similarity(0.5))))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(false, "1");
    assertThat(MEANINGS.outcome(0, List.of(similarity(-0.5), similarity(Double.NaN))))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(false, "NaN");
    assertThatThrownBy(() -> MEANINGS.outcome(0, List.of(likelihood(-1), likelihood(-2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Similarity");
  }

  @Test
  void similarity_metricExtractionAndShotsOfOtherTasks_areRefused() {
    assertThat(MEANINGS.metric()).isEqualTo("most_similar");
    assertThat(MEANINGS.withShots(Shots.none()).requests(0)).isEqualTo(MEANINGS.requests(0));
    assertThatThrownBy(() -> MEANINGS.withMetric(Metric.accNorm()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("acc_norm", "most_similar");
    assertThatThrownBy(() -> MEANINGS.withExtraction(Extraction.firstLine()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("first_line", "compares embeddings");
    Shots shots = Shots.first(1, List.of(Example.multipleChoice("0 + 0?", List.of("0", "1"), 0)));
    assertThatThrownBy(() -> MEANINGS.withShots(shots))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Task topics", "first 1 of 1");
    assertThatThrownBy(
            () -> Task.similarity("t", List.of("x"), text -> Example.generation(text, "y")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Task t, row 0", "Task.similarity");
  }

  @Test
  void similarity_isAnotherTaskThanMultipleChoice() {
    Task choices =
        Task.multipleChoice(
            "topics",
            QUESTIONS,
            q -> Example.multipleChoice(q.text(), q.options(), q.answer()).withId(q.id()));
    assertThat(MEANINGS.contentHash()).isNotEqualTo(choices.contentHash());
    assertThat(MEANINGS.slice(0, 3).contentHash()).isEqualTo(MEANINGS.contentHash());
    assertThat(MEANINGS.slice(0, 2).contentHash()).isNotEqualTo(MEANINGS.contentHash());
  }

  @Test
  void requests_takeDescriptionAndDelimiterAsTheyAre() {
    PromptFormat format =
        PromptFormat.standard().withDescription("Sums.\n\n").withTargetDelimiter("\n=> ");
    assertThat(CHOICES.withPromptFormat(format).requests(0))
        .containsExactly(
            new Request.LogLikelihood("Sums.\n\n1 + 1?", "\n=> 1"),
            new Request.LogLikelihood("Sums.\n\n1 + 1?", "\n=> 2"));
  }

  @Test
  void outcome_multipleChoice() {
    List<Response> responses = List.of(likelihood(-5), likelihood(-1));
    assertThat(CHOICES.outcome(0, responses))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(true, "2");
    assertThat(CHOICES.outcome(2, responses))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(false, "7");
  }

  @Test
  void outcome_repeatedWrongChoice_isScoredAsAnyOther() {
    Task task =
        Task.multipleChoice(
            "t", List.of("Q"), q -> Example.multipleChoice(q, List.of("a", "b", "b"), 0));
    assertThat(task.requests(0)).hasSize(3);
    List<Response> wrong = List.of(likelihood(-5), likelihood(-1), likelihood(-1));
    assertThat(task.outcome(0, wrong))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(false, "b");
    List<Response> right = List.of(likelihood(-1), likelihood(-5), likelihood(-5));
    assertThat(task.outcome(0, right))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(true, "a");
  }

  @Test
  void examples_areTheRowsWithTheirNames() {
    List<Example> examples = CHOICES.examples();
    assertThat(examples)
        .extracting(example -> example.id().orElseThrow())
        .containsExactly("q1", "q2", "q3");
    Task again = Task.multipleChoice("sums", examples, example -> example);
    assertThat(again.contentHash()).isEqualTo(CHOICES.contentHash());
    assertThat(CHOICES.withShots(Shots.first(2, examples)).requests(0).get(0))
        .isEqualTo(new Request.LogLikelihood("2 + 2? 4\n\n3 + 3? 6\n\n1 + 1?", " 1"));
  }

  @Test
  void withMaxNewTokens_keepsTheStops() {
    assertThat(ANSWERS.withMaxNewTokens(9).requests(0))
        .containsExactly(new Request.Generation("Say a:", List.of("\n", "Say"), 9));
    assertThat(ANSWERS.withDecoding(Decoding.until("z")).requests(0))
        .containsExactly(new Request.Generation("Say a:", List.of("z"), 256));
    assertThatThrownBy(() -> CHOICES.withMaxNewTokens(9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Decoding", "is multiple choice");
  }

  @Test
  void dataSplit_isUnspecifiedUnlessSaid() {
    assertThat(CHOICES.dataSplit()).isEqualTo(DataSplit.UNSPECIFIED);
    assertThat(CHOICES.withDataSplit(DataSplit.TEST).withMetric(Metric.accNorm()).dataSplit())
        .isEqualTo(DataSplit.TEST);
  }

  @ParameterizedTest
  @CsvSource({"' a', true, a", "'a! ', true, a!", "b, false, b", "A, false, A", "'', false, ''"})
  void outcome_generation_anyReferenceWillDo(String text, boolean correct, String answer) {
    assertThat(ANSWERS.outcome(0, List.of(generated(text, Stop.LENGTH))))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(correct, answer);
  }

  @Test
  void outcome_generationBrokenByNaN_isWrongEvenIfTheTextIsRight() {
    assertThat(ANSWERS.outcome(0, List.of(generated("a", Stop.NOT_A_NUMBER))))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(false, "NaN");
  }

  @Test
  void outcome_metricAndExtractionOfTheUsersOwn() {
    Task task =
        ANSWERS
            .withExtraction(Extraction.named("last", text -> text.substring(text.length() - 1)))
            .withMetric(Metric.ofAnswers("same letter", String::equalsIgnoreCase));
    assertThat(task.metric()).isEqualTo("same letter");
    assertThat(task.outcome(1, List.of(generated("it is B", Stop.LENGTH))))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(true, "B");
  }

  @Test
  void outcome_responsesThatDoNotFit_areRefused() {
    assertThatThrownBy(() -> CHOICES.outcome(0, List.of(likelihood(-1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 requests");
    assertThatThrownBy(() -> ANSWERS.outcome(0, List.of(likelihood(-1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Generation");
  }

  @Test
  void slice_keepsNamesAndRows() {
    Task slice = CHOICES.slice(1, 3);
    assertThat(slice.size()).isEqualTo(2);
    assertThat(slice.rowName(0)).isEqualTo("q2");
    assertThat(slice.target(0)).isEqualTo("4");
    assertThat(slice.requests(1)).isEqualTo(CHOICES.requests(2));
    assertThat(ANSWERS.slice(1, 2).rowName(0)).isEqualTo("row 1");
    assertThat(CHOICES.slice(0, 3).contentHash()).isEqualTo(CHOICES.contentHash());
  }

  @Test
  void slice_badRange_isRefused() {
    assertThatThrownBy(() -> CHOICES.slice(2, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> CHOICES.slice(1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[1, 1)");
  }

  @Test
  void withMetric_ofTheOtherKind_isRefused() {
    assertThatThrownBy(() -> CHOICES.withMetric(Metric.exactMatch()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exact_match")
        .hasMessageContaining("Metric.acc()");
    assertThatThrownBy(() -> ANSWERS.withMetric(Metric.accNorm()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("acc_norm")
        .hasMessageContaining("Metric.exactMatch()");
    assertThatThrownBy(() -> CHOICES.withExtraction(Extraction.firstLine()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("first_line");
  }

  @Test
  void toString_saysNameRowsMetricAndShots() {
    assertThat(CHOICES).hasToString("sums (3 rows, acc, shots: none)");
  }

  private static void assertRefused(Function<String, Example> toExample, String... parts) {
    assertThatThrownBy(() -> Task.multipleChoice("bad", List.of("x", "y"), toExample))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Task bad, ")
        .hasMessageContainingAll(parts);
  }

  @Test
  void multipleChoice_badRow_isNamed() {
    List<String> two = List.of("a", "b");
    assertRefused(
        row -> Example.multipleChoice(row, two, row.equals("y") ? 2 : 0),
        "row 1",
        "gold is 2",
        "0 to 1");
    assertRefused(
        row -> Example.multipleChoice(row, two, -1).withId("q" + row), "qx", "gold is -1");
    assertRefused(
        row -> Example.multipleChoice(row, List.of("a"), 0), "row 0", "[a]", "at least 2");
    assertRefused(
        row -> Example.multipleChoice(row, List.of("a", ""), 0), "row 0", "choice 1", "empty");
    assertRefused(
        row -> Example.multipleChoice(row, List.of("a", "b", "a"), 0),
        "row 0",
        "choice 2",
        "twice");
    assertRefused(
        row -> Example.multipleChoice(row, List.of("a", "b", "b"), 2), "row 0", "choice 1");
    assertRefused(
        row -> Example.multipleChoice(row, two, 0).withId("same"), "same", "rows 0 and 1");
    assertRefused(row -> Example.generation(row, "a"), "row 0", "Task.generation");
    assertRefused(
        row -> Example.multipleChoice(row, two, Integer.parseInt(row)),
        "row 0",
        "For input string");
  }

  @Test
  void generation_badRow_isNamed() {
    List<String> rows = List.of("x", "");
    assertThatThrownBy(
            () -> Task.generation("bad", rows, r -> Example.generation(r, "a"), Decoding.until()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Task bad, row 1", "prompt is empty");
    assertThatThrownBy(
            () -> Task.generation("bad", rows, r -> Example.generation("Q", r), Decoding.until()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Task bad, row 1", "reference", "empty");
  }

  @Test
  void noRows_isRefused() {
    assertThatThrownBy(
            () ->
                Task.generation(
                    "none", List.<String>of(), r -> Example.generation(r, r), Decoding.until()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Task none has no rows");
  }

  @Test
  void blankName_isRefused() {
    assertThatThrownBy(
            () ->
                Task.generation(" ", List.of("a"), r -> Example.generation(r, r), Decoding.until()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("blank name");
  }

  @Test
  void decoding_badValue_isRefused() {
    assertThatThrownBy(() -> Decoding.until("a", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[a, ]");
    assertThatThrownBy(() -> Decoding.until("a").withMaxNewTokens(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxNewTokens is 0");
  }

  @Test
  void example_isAValue() {
    Example example = Example.generation("Q", "a", "b");
    assertThat(example).isEqualTo(Example.generation("Q", "a", "b"));
    assertThat(example).hasSameHashCodeAs(Example.generation("Q", "a", "b"));
    assertThat(example).isNotEqualTo(example.withId("1"));
    assertThat(example.withId("1").id()).contains("1");
    assertThat(example.id()).isEmpty();
    assertThat(example.prompt()).isEqualTo("Q");
    assertThat(example.target()).isEqualTo("a");
  }
}
