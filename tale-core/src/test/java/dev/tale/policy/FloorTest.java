package dev.tale.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.evaluate.Score;
import dev.tale.task.Outcome;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloorTest {
  private static final Score HIGH = score(90, 100);
  private static final Score LOW = score(70, 100);

  private static Score score(int correct, int total) {
    return Score.of(
        IntStream.range(0, total).mapToObj(row -> new Outcome(row < correct, "")).toList());
  }

  @Test
  void baselineFloorIsFixed() {
    assertThat(Floor.belowBaseline(0.08).accuracy(HIGH, LOW)).isEqualTo(0.9 - 0.08);
  }

  @Test
  void currentFloorFollows() {
    assertThat(Floor.belowCurrent(0.08).accuracy(HIGH, LOW)).isEqualTo(0.7 - 0.08);
  }

  @Test
  void textIsStable() {
    assertThat(Floor.belowBaseline(0.08)).hasToString("baseline - 0.08");
    assertThat(Floor.belowCurrent(0.02)).hasToString("current - 0.02");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
  void epsilonIsAFraction(double epsilon) {
    assertThatThrownBy(() -> Floor.belowBaseline(epsilon))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(epsilon))
        .hasMessageContaining("[0, 1]");
    assertThatThrownBy(() -> Floor.belowCurrent(epsilon))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
