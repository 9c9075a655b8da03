package dev.tale.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Score;
import dev.tale.model.LayerMask;
import dev.tale.task.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TradeOffTest {

  private static List<Configuration> path(int... correct) {
    List<Configuration> path = new ArrayList<>();
    LayerMask mask = LayerMask.none(12);
    for (int c : correct) {
      List<Outcome> rows =
          IntStream.range(0, 10).mapToObj(row -> new Outcome(row < c, "")).toList();
      path.add(new Configuration(mask, Score.of(rows)));
      mask = mask.remove(mask.removedCount());
    }
    return path;
  }

  @Test
  void bestKeepsTheFewestRemovedOnATie() {
    assertThat(TradeOff.best().choose(path(6, 8, 7, 8, 5))).isEqualTo(1);
    assertThat(TradeOff.best().choose(path(8, 8, 8))).isZero();
  }

  @Test
  void bestSpeedupIsTheLastAtOrAboveBaseline() {
    assertThat(TradeOff.bestSpeedup().choose(path(6, 8, 5, 6, 5))).isEqualTo(3);
    assertThat(TradeOff.bestSpeedup().choose(path(6, 5, 5))).isZero();
  }

  @Test
  void lastIsTheLast() {
    assertThat(TradeOff.last().choose(path(6, 8, 5))).isEqualTo(2);
    assertThat(TradeOff.last().choose(path(6))).isZero();
  }
}
