package dev.tale.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.Batch;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.task.Decoding;
import dev.tale.task.Example;
import dev.tale.task.Metric;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptedModelTest {
  private static final int LAYERS = 5;
  private static final Script SCRIPT =
      (mask, row) -> row % 3 != 0 && (!mask.removes(2) || row % 2 == 0);

  private static final Task CHOICES =
      Task.multipleChoice("choices", rows(), ScriptedModelTest::choice);
  private static final Task ANSWERS =
      Task.generation(
          "answers",
          rows(),
          row -> Example.generation("Next of " + row + ":", "" + (row + 1)),
          Decoding.until("\n"));

  private static final Task MEANINGS =
      Task.similarity("meanings", rows(), ScriptedModelTest::choice);

  private static List<Integer> rows() {
    return IntStream.range(0, 12).boxed().toList();
  }

  private static Example choice(int row) {
    List<String> choices = List.of("a", "a much longer choice", "\uD83D\uDC4D", "d");
    return Example.multipleChoice("Question " + row, choices.subList(0, 2 + row % 3), row % 2);
  }

  private static List<Outcome> outcomes(LayeredModel model, Task task, LayerMask mask) {
    return IntStream.range(0, task.size())
        .mapToObj(row -> task.outcome(row, model.respond(task.requests(row), List.of(mask)).get(0)))
        .toList();
  }

  private static void assertScripted(Task task) {
    for (LayerMask mask : List.of(LayerMask.none(LAYERS), LayerMask.of(LAYERS, 2, 4))) {
      List<Boolean> expected =
          IntStream.range(0, task.size()).mapToObj(row -> SCRIPT.correct(mask, row)).toList();
      assertThat(outcomes(ScriptedModel.of(LAYERS, SCRIPT, task), task, mask))
          .extracting(Outcome::correct)
          .isEqualTo(expected);
    }
  }

  @Test
  void respond_rowsAreRightAsScripted() {
    assertScripted(CHOICES);
    assertScripted(CHOICES.withMetric(Metric.accNorm()));
    assertScripted(CHOICES.withMetric(Metric.accBytes()));
    assertScripted(ANSWERS);
    assertScripted(MEANINGS);
  }

  @Test
  void respond_rowsAreCountedThroughTheTasks() {
    Script onlySecondTask = (mask, row) -> row >= CHOICES.size();
    LayeredModel model = ScriptedModel.of(LAYERS, onlySecondTask, CHOICES, ANSWERS);
    LayerMask all = LayerMask.none(LAYERS);
    assertThat(outcomes(model, CHOICES, all)).noneMatch(Outcome::correct);
    assertThat(outcomes(model, ANSWERS, all)).allMatch(Outcome::correct);
  }

  @Test
  void respond_slice_answersAsTheWhole() {
    LayerMask mask = LayerMask.of(LAYERS, 2);
    LayeredModel model = ScriptedModel.of(LAYERS, SCRIPT, CHOICES);
    assertThat(outcomes(model, CHOICES.slice(5, 9), mask))
        .isEqualTo(outcomes(model, CHOICES, mask).subList(5, 9));
  }

  @Test
  void respond_countsCallsAndAnswers() {
    ScriptedModel model = ScriptedModel.of(LAYERS, SCRIPT, ANSWERS);
    List<LayerMask> masks = List.of(LayerMask.none(LAYERS), LayerMask.of(LAYERS, 1));
    model.respond(ANSWERS.requests(0), masks);
    model.respond(ANSWERS.requests(1), masks.subList(0, 1));
    assertThat(model.calls()).isEqualTo(2);
    assertThat(model.answered()).isEqualTo(3);
  }

  @Test
  void notANumberUnder_answersNaN() {
    LayerMask broken = LayerMask.of(LAYERS, 0);
    LayeredModel model =
        ScriptedModel.of(LAYERS, SCRIPT, CHOICES, ANSWERS, MEANINGS)
            .notANumberUnder(broken::equals);
    for (Task task : List.of(CHOICES, ANSWERS, MEANINGS)) {
      assertThat(outcomes(model, task, broken)).containsOnly(new Outcome(false, "NaN"));
    }
  }

  @Test
  void failingAt_throwsOnceAtThatCall() {
    ScriptedModel model =
        ScriptedModel.of(LAYERS, SCRIPT, ANSWERS)
            .failingAt(2, new IllegalStateException("planned"));
    List<LayerMask> masks = List.of(LayerMask.none(LAYERS));
    List<List<Response>> first = model.respond(ANSWERS.requests(0), masks);
    assertThatThrownBy(() -> model.respond(ANSWERS.requests(0), masks)).hasMessage("planned");
    assertThat(model.respond(ANSWERS.requests(0), masks)).isEqualTo(first);
  }

  @Test
  void interruptedAt_cancelsAndLeavesTheFlag() {
    LayeredModel model = ScriptedModel.of(LAYERS, SCRIPT, ANSWERS).interruptedAt(1);
    assertThatThrownBy(() -> model.respond(ANSWERS.requests(0), List.of(LayerMask.none(LAYERS))))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void of_sameQuestionWithAnotherAnswer_isRefused() {
    Task contradictory =
        Task.multipleChoice(
            "twice", List.of(0, 1), gold -> Example.multipleChoice("Q", List.of("a", "b"), gold));
    assertThatThrownBy(() -> ScriptedModel.of(LAYERS, SCRIPT, contradictory))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("row 1")
        .hasMessageContaining("row 0");
  }

  /** A round of the greedy search costs (L-1) + L(L-1)/2 layers per token, by DESIGN 5. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 12})
  void layerForwards_greedyRound_isTheTriesCost(int layers) {
    List<LayerMask> round =
        IntStream.range(0, layers).mapToObj(layer -> LayerMask.of(layers, layer)).toList();
    List<Request> requests = ANSWERS.requests(0);
    int tokens = "Next of 0:".length();
    assertThat(
            ScriptedModel.of(layers, SCRIPT, ANSWERS)
                .cost(Batch.of(requests, round))
                .layerForwards())
        .isEqualTo((long) tokens * ((layers - 1) + layers * (layers - 1) / 2));
  }

  @Test
  void additive_isSeededAndMostlyRight() {
    LayerMask none = LayerMask.none(LAYERS);
    List<Boolean> rows = additive(7, none);
    assertThat(rows).isEqualTo(additive(7, none)).isNotEqualTo(additive(8, none));
    assertThat(rows.stream().filter(right -> right).count()).isBetween(780L, 900L);
    assertThat(additive(7, LayerMask.of(LAYERS, 0, 1, 2, 3, 4))).isNotEqualTo(rows);
  }

  private static List<Boolean> additive(long seed, LayerMask mask) {
    Script script = Script.additive(seed);
    return IntStream.range(0, 1000).mapToObj(row -> script.correct(mask, row)).toList();
  }

  @Nested
  class Contract extends LayeredModelContract {

    @Override
    protected LayeredModel open() {
      return ScriptedModel.of(LAYERS, Script.additive(3), CHOICES, ANSWERS, MEANINGS);
    }

    @Override
    protected List<Request> requests() {
      return Stream.of(CHOICES.requests(0), ANSWERS.requests(1), MEANINGS.requests(5))
          .flatMap(List::stream)
          .toList();
    }

    @Override
    protected Request unanswerable() {
      return new Request.LogLikelihood("never", "asked");
    }
  }
}
