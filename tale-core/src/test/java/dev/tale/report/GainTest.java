package dev.tale.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.evaluate.PairedComparison;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class GainTest {
  private static Gain gain(int gained, int lost, double adjustedP, int looks) {
    PairedComparison comparison = new PairedComparison(gained, lost, 0.001);
    return Gain.of(400, comparison, OptionalDouble.of(adjustedP), looks);
  }

  @Test
  void theThresholdGrowsWithTheNumberOfLooks() {
    Gain one = gain(40, 22, 1, 1);
    Gain many = gain(40, 22, 1, 100);
    assertThat(one.smallestOfLooks()).isEqualTo(one.smallest());
    assertThat(many.smallest()).isEqualTo(one.smallest());
    assertThat(many.smallestOfLooks().orElseThrow())
        .isBetween(1.2 * one.smallest().orElseThrow(), 2 * one.smallest().orElseThrow());
  }

  /** 26 of 400 rows: more than one comparison needs, less than 100 need. */
  @Test
  void whatOneLookWouldShow_isNoiseAfterMany() {
    Gain many = gain(43, 17, 1, 100);
    assertThat(many.difference())
        .isBetween(many.smallest().orElseThrow(), many.smallestOfLooks().orElseThrow());
    assertThat(many.isWithinNoise()).isTrue();
    assertThat(gain(43, 17, 1, 1).isWithinNoise()).isFalse();
  }

  @Test
  void whatTheAdjustedTestShows_isNoNoise() {
    assertThat(gain(43, 17, 0.04, 100).isWithinNoise()).isFalse();
    assertThat(gain(43, 17, 0.06, 100).isWithinNoise()).isTrue();
  }

  @Test
  void fewRowsThatOneLookShows_manyDoNot() {
    Gain few = Gain.of(8, new PairedComparison(6, 0, 0.03), OptionalDouble.empty(), 100);
    assertThat(few.smallest()).isPresent();
    assertThat(few.smallestOfLooks()).isEmpty();
    assertThat(few.isWithinNoise()).isTrue();
  }
}
