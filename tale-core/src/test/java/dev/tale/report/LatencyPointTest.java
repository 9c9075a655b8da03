package dev.tale.report;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.estimate.Interval;
import org.junit.jupiter.api.Test;

class LatencyPointTest {

  private static LatencyPoint point(double accuracy, double milliseconds) {
    Interval interval = new Interval(milliseconds, milliseconds);
    return new LatencyPoint("p", 1, accuracy, new Interval(0, 1), milliseconds, interval, false);
  }

  @Test
  void point_impossibleFigures_areRefused() {
    assertThatThrownBy(() -> point(0.5, 0)).hasMessageContaining("0.0 milliseconds");
    assertThatThrownBy(() -> point(1.5, 1)).hasMessageContaining("1.5");
    assertThatThrownBy(() -> point(Double.NaN, 1)).hasMessageContaining("NaN");
  }
}
