package dev.tale.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.journal.Journal;
import dev.tale.journal.Work;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelOutputException;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
  private static final int LAYERS = 4;
  private static final int ROWS = 2 * TaskEvaluator.UNIT_ROWS + 1;
  private static final Script SCRIPT = Script.additive(1);
  private static final LayerMask NONE = LayerMask.none(LAYERS);
  private static final LayerMask SECOND = LayerMask.of(LAYERS, 1);

  private final Task task = task("rows", ROWS);
  private final ScriptedModel model = ScriptedModel.of(LAYERS, SCRIPT, task);
  private final List<Progress.Event> events = new ArrayList<>();

  private static Task task(String name, int rows) {
    return Task.multipleChoice(
        name,
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.multipleChoice(name + " " + id, List.of("a", "b"), 0).withId("line " + id));
  }

  private Evaluator evaluator() {
    return new Evaluator(model, task, "selection", Journal.none(), events::add);
  }

  @Test
  void keepsTheOutcomeOfEveryRow() {
    List<Configuration> found = evaluator().evaluate(List.of(SECOND, NONE));
    assertThat(found).extracting(Configuration::mask).containsExactly(SECOND, NONE);
    for (Configuration configuration : found) {
      for (int row = 0; row < ROWS; row++) {
        assertThat(configuration.score().outcomes().get(row).correct())
            .isEqualTo(SCRIPT.correct(configuration.mask(), row));
      }
    }
  }

  @Test
  void scoresNothingTwice() {
    Evaluator evaluator = evaluator();
    evaluator.evaluate(List.of(NONE, SECOND, NONE));
    int calls = model.calls();
    evaluator.evaluate(List.of(SECOND, NONE));
    assertThat(calls).isEqualTo(3);
    assertThat(model.calls()).isEqualTo(calls);
    assertThat(evaluator.evaluations()).isEqualTo(2);
  }

  /** Whoever misses the same rows is asked in one call. */
  @Test
  void masksThatMissTheSameRowsAreAskedTogether() {
    Evaluator evaluator = evaluator();
    evaluator.score(List.of(SECOND), rows(0, 64), List.of());
    evaluator.score(List.of(NONE, SECOND), rows(32, 96), List.of());
    assertThat(events)
        .containsExactly(
            new Progress.Rows("selection", 1, 64, ROWS, false),
            new Progress.Rows("selection", 1, 32, ROWS, false),
            new Progress.Rows("selection", 2, 64, ROWS, false));
    Work work = evaluator.work();
    assertThat(work.rowEvaluations()).isEqualTo(64 + 96);
    assertThat(work.naiveRowEvaluations()).isEqualTo(2L * ROWS);
    evaluator.evaluate(List.of(NONE, SECOND));
    assertThat(evaluator.work().rowEvaluations()).isEqualTo(2L * ROWS);
    assertThat(evaluator.work().naiveLayerForwards()).isEqualTo(work.naiveLayerForwards());
  }

  private static List<TaskRow> rows(int from, int to) {
    return IntStream.range(from, to).mapToObj(row -> new TaskRow(0, row)).toList();
  }

  @Test
  void countsTheWork() {
    Evaluator evaluator = evaluator();
    evaluator.evaluate(List.of(NONE, SECOND));
    Work work = evaluator.work();
    assertThat(work.rowEvaluations()).isEqualTo(2L * ROWS);
    assertThat(work.naiveLayerForwards()).isGreaterThan(work.layerForwards());
    // The masks share layer 0: 1 + 3 + 2 layer-runs instead of 4 + 3.
    assertThat(work.naiveLayerForwards() * 6).isEqualTo(work.layerForwards() * 7);
  }

  @Test
  void reportsProgressByRows() {
    evaluator().evaluate(List.of(NONE, SECOND));
    assertThat(events)
        .containsExactly(
            new Progress.Rows("selection", 2, 64, ROWS, false),
            new Progress.Rows("selection", 2, 128, ROWS, false),
            new Progress.Rows("selection", 2, 129, ROWS, false));
  }

  @Test
  void aBrokenModelIsAnError() {
    model.notANumberUnder(mask -> true);
    assertThatThrownBy(() -> evaluator().evaluate(List.of(NONE)))
        .isInstanceOf(ModelOutputException.class)
        .hasMessageContaining("scripted")
        .hasMessageContaining("line 0")
        .hasMessageContaining("NaN");
  }

  @Test
  void aMaskThatBreaksTheModelIsWrongOnEveryRow() {
    model.notANumberUnder(SECOND::equals);
    Score score = evaluator().evaluate(List.of(NONE, SECOND)).get(1).score();
    assertThat(score.correct()).isZero();
    assertThat(score.outcomes()).allMatch(outcome -> outcome.answer().equals("NaN"));
  }

  @Test
  void aRowThatCannotBeAnsweredIsNamedBeforeAnythingRuns() {
    Task other = task("other", 2);
    assertThatThrownBy(
            () -> new Evaluator(model, other, "selection", Journal.none(), Progress.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Task other, line 0")
        .hasMessageContaining("not asked");
    assertThat(model.calls()).isZero();
  }

  @Test
  void anInterruptEndsTheEvaluation() {
    model.interruptedAt(2);
    try {
      assertThatThrownBy(() -> evaluator().evaluate(List.of(NONE)))
          .isInstanceOf(CancellationException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }
}
