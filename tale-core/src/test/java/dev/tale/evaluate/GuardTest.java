package dev.tale.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.task.Example;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
  private static final Task TASK =
      Task.multipleChoice(
          "boolq", List.of(1), id -> Example.multipleChoice("Q", List.of("a", "b"), 0));

  private static TaskScore score(int correct, int total) {
    return Score.of(
        IntStream.range(0, total).mapToObj(row -> new Outcome(row < correct, "")).toList());
  }

  /** In doubles 0.9 - 0.1 is more than 0.8, and 0.7 - 0.1 less than 0.6. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void exactlyTheDropIsAllowed(int tenths) {
    Guard guard = new Guard(TASK, tenths / 10.0);
    for (int baseline = tenths; baseline <= 10; baseline++) {
      assertThat(guard.holds(score(baseline, 10), score(baseline - tenths, 10))).isTrue();
      if (baseline > tenths) {
        assertThat(guard.holds(score(baseline, 10), score(baseline - tenths - 1, 10))).isFalse();
      }
    }
  }

  @Test
  void aGainHolds() {
    assertThat(new Guard(TASK, 0).holds(score(5, 10), score(6, 10))).isTrue();
    assertThat(new Guard(TASK, 0).holds(score(5, 10), score(4, 10))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
  void theDropIsAFraction(double maxDrop) {
    assertThatThrownBy(() -> new Guard(TASK, maxDrop))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Guard boolq: maxDrop is " + maxDrop);
  }
}
