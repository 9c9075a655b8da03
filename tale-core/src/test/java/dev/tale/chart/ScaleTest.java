package dev.tale.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScaleTest {

  @Test
  void ticks_areRoundAndInside() {
    assertThat(Scale.of(0.683, 0.96, 0, 100).ticks(6)).hasSize(6);
    assertThat(Scale.of(0.683, 0.96, 0, 100).ticks(6).get(0)).isCloseTo(0.7, within(1e-9));
    assertThat(Scale.of(-0.3, 9.3, 0, 100).wholeTicks(12))
        .isEqualTo(List.of(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0));
    assertThat(Scale.of(-0.3, 80.3, 0, 100).wholeTicks(12))
        .containsExactly(0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0);
  }

  @Test
  void ticks_anyRangeHasSome() {
    long seed = 7;
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 1000; round++) {
      double low = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-6, 7));
      double high = low + random.nextDouble() * Math.pow(10, random.nextInt(-6, 7));
      Scale scale = Scale.of(low, high, 10, 110);
      List<Double> ticks = scale.ticks(6);
      assertThat(ticks).as("seed %d: %s", seed, scale).hasSizeBetween(2, 8).isSorted();
      assertThat(ticks.stream().map(tick -> scale.label(tick, 6)).distinct()).hasSameSizeAs(ticks);
      ticks.forEach(tick -> assertThat(scale.at(tick)).isBetween(10 - 1e-6, 110 + 1e-6));
    }
  }

  @Test
  void of_oneValue_isInTheMiddle() {
    assertThat(Scale.of(1, 1, 0, 10).at(1)).isEqualTo(5);
    assertThat(Scale.of(0, 0, 0, 10).at(0)).isEqualTo(5);
    assertThat(Scale.of(1e9, 1e9, 0, 10).at(1e9)).isEqualTo(5);
  }

  @Test
  void label_hasTheDecimalsThatCount() {
    Scale scale = Scale.of(0.68, 0.96, 0, 1);
    assertThat(scale.label(0.7, 6)).isEqualTo("0.70");
    assertThat(Scale.of(-1, 1, 0, 1).label(-0.0, 6)).isEqualTo("0.0");
    assertThat(Scale.of(0, 1200, 0, 1).label(400, 6)).isEqualTo("400");
  }
}
