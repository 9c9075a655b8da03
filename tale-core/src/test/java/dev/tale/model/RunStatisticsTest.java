package dev.tale.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunStatisticsTest {
  private static RunStatistics times(int n) {
    return new RunStatistics(
        n,
        2L * n,
        3L * n,
        4L * n,
        5L * n,
        6L * n,
        Duration.ofNanos(7L * n),
        Duration.ofNanos(8L * n),
        Duration.ofNanos(9L * n),
        Duration.ofNanos(10L * n));
  }

  @Test
  void plus_addsEveryFigureAndSinceTakesItAway() {
    assertThat(times(3).plus(times(4))).isEqualTo(times(7));
    assertThat(times(7).since(times(4))).isEqualTo(times(3));
    assertThat(RunStatistics.NONE.plus(times(2))).isEqualTo(times(2));
  }

  @Test
  void paddingShare_isOfAllPlaces() {
    assertThat(times(5).paddingShare()).isEqualTo(20.0 / 35);
    assertThat(RunStatistics.NONE.paddingShare()).isZero();
  }
}
