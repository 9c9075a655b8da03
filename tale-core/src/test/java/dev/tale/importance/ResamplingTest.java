package dev.tale.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import dev.tale.stats.Bootstrap;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResamplingTest {
  private static final Resampling RESAMPLING = new Resampling(1);

  private static double[] normal(int n, double mean, long seed) {
    Random random = new Random(seed);
    return random.doubles(n).map(unused -> mean + random.nextGaussian()).toArray();
  }

  @Test
  void intervalIsAboutTwoStandardErrorsWide() {
    Estimate estimate = RESAMPLING.mean(normal(400, 3, 1));
    assertThat(estimate.value() - estimate.interval().low()).isCloseTo(0.098, within(0.012));
    assertThat(estimate.interval().high() - estimate.value()).isCloseTo(0.098, within(0.012));
  }

  /** 2.87 standard errors for 12 intervals. */
  @Test
  void intervalsOfAFamilyAreWider() {
    Estimate estimate = RESAMPLING.meanOfFamily(normal(400, 3, 1), 12);
    assertThat(estimate.value() - estimate.interval().low()).isCloseTo(0.143, within(0.02));
  }

  @Test
  void intervalsHoldTheTruthAsOftenAsTheySay() {
    int held = 0;
    for (int seed = 0; seed < 300; seed++) {
      held += RESAMPLING.mean(normal(100, 0, seed)).interval().contains(0) ? 1 : 0;
    }
    assertThat(held / 300.0).isBetween(0.90, 0.98);
  }

  @Test
  void equalValuesHaveNoWidth() {
    Interval interval = RESAMPLING.mean(new double[] {0.5, 0.5, 0.5}).interval();
    assertThat(interval).isEqualTo(new Interval(0.5, 0.5));
  }

  @Test
  void oneValue_isRefused() {
    double[] one = {0.5};
    assertThatThrownBy(() -> RESAMPLING.mean(one)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RESAMPLING.absoluteMean(one))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RESAMPLING.meanOfFamily(one, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("There are 1 rows to resample");
  }

  @Test
  void absoluteMeanOfEitherSign_beginsAtZero() {
    assertThat(RESAMPLING.absoluteMean(normal(50, 0, 2)).interval().low()).isEqualTo(0);
    Estimate negative = RESAMPLING.absoluteMean(normal(50, -5, 2));
    assertThat(negative.value()).isCloseTo(5, within(0.6));
    assertThat(negative.interval().low()).isGreaterThan(4);
  }

  @Test
  void samplesAreDrawnApart() {
    double[] one = normal(100, 0, 1);
    Estimate difference =
        RESAMPLING.of(
            rows -> Bootstrap.mean(one, rows[0]) - Bootstrap.mean(one, rows[1]), 100, 100);
    assertThat(difference.value()).isEqualTo(0);
    assertThat(difference.interval().high()).isCloseTo(0.277, within(0.05));
  }

  @Test
  void sameSeedSameInterval() {
    double[] values = normal(30, 1, 4);
    assertThat(RESAMPLING.mean(values)).isEqualTo(new Resampling(1).mean(values));
    assertThat(RESAMPLING.mean(values)).isNotEqualTo(new Resampling(2).mean(values));
  }
}
