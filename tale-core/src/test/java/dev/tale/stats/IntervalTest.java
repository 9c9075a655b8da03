package dev.tale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.estimate.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {

  @Test
  void contains_boundsIncluded() {
    Interval interval = new Interval(0.25, 0.5);
    assertThat(interval.contains(0.25)).isTrue();
    assertThat(interval.contains(0.5)).isTrue();
    assertThat(interval.contains(0.51)).isFalse();
    assertThat(interval.contains(Double.NaN)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0.4", "NaN, 1", "0, NaN"})
  void boundsOutOfOrder_areRefused(double low, double high) {
    assertThatThrownBy(() -> new Interval(low, high))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from " + low + " to " + high);
  }
}
