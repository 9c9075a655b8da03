package dev.tale.bench.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SyntheticSignalTest {

  /** Figures of scipy.integrate.quad over the densities. */
  @Test
  void informationIsThatOfTheDensities() {
    assertThat(SyntheticSignal.WEAK.information()).isCloseTo(0.31908206139000245, within(1e-9));
    assertThat(SyntheticSignal.STRONG.information()).isCloseTo(0.759979007771231, within(1e-9));
    assertThat(SyntheticSignal.FOUR.information()).isCloseTo(0.9718883082658707, within(1e-9));
    assertThat(SyntheticSignal.SPREAD.information()).isCloseTo(0.2690539964836046, within(1e-9));
  }

  /** The distance of the classes' means is the same in any direction. */
  @Test
  void statesAreAsFarApartAsTheySay() {
    float[][] states = SyntheticSignal.STRONG.states(4000, 8, 1);
    double squares = 0;
    for (int i = 0; i < 8; i++) {
      double difference = 0;
      for (int row = 0; row < 4000; row++) {
        difference += states[row][i] * (row % 2 == 0 ? -1 : 1) / 2000.0;
      }
      squares += difference * difference;
    }
    assertThat(Math.sqrt(squares)).isCloseTo(3, within(0.1));
    assertThat(SyntheticSignal.STRONG.states(10, 8, 1))
        .isDeepEqualTo(SyntheticSignal.STRONG.states(10, 8, 1));
  }
}
