package dev.tale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tale.estimate.Estimate;
import dev.tale.estimate.Interval;
import dev.tale.stats.SelectionBias.Rows;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SelectionBiasTest {
  private final Bootstrap bootstrap = new Bootstrap(500, 1);

  /** Each candidate gains and loses rows with these probabilities. */
  private static byte[][] draw(Random random, int rows, double[] gained, double lost) {
    byte[][] gains = new byte[rows][gained.length];
    for (byte[] row : gains) {
      for (int candidate = 0; candidate < row.length; candidate++) {
        double drawn = random.nextDouble();
        row[candidate] =
            (byte) (drawn < gained[candidate] ? 1 : drawn < gained[candidate] + lost ? -1 : 0);
      }
    }
    return gains;
  }

  private static double mean(byte[][] gains, int candidate) {
    double sum = 0;
    for (byte[] row : gains) {
      sum += row[candidate];
    }
    return sum / gains.length;
  }

  private static int best(byte[][] gains) {
    int best = 0;
    for (int candidate = 1; candidate < gains[0].length; candidate++) {
      best = mean(gains, candidate) > mean(gains, best) ? candidate : best;
    }
    return best;
  }

  private record Averages(double estimated, double happened, double held) {}

  /** What the best of so many truly gains, and what it promised. */
  private Averages simulated(double[] gained, double lost) {
    Random random = new Random(7);
    double estimated = 0;
    double happened = 0;
    int held = 0;
    int searches = 200;
    for (int search = 0; search < searches; search++) {
      byte[][] gains = draw(random, 200, gained, lost);
      int best = best(gains);
      double bias = mean(gains, best) - (gained[best] - lost);
      Estimate estimate = SelectionBias.ofBest(List.of(new Rows(1, gains)), bootstrap, 0.95);
      estimated += estimate.value() / searches;
      happened += bias / searches;
      held += estimate.interval().contains(bias) ? 1 : 0;
    }
    return new Averages(estimated, happened, held / (double) searches);
  }

  /** The case in which the bootstrap says too little, by 1 - 1/sqrt(2) about. */
  @Test
  void ofBest_tenEquallyGood_isAboutTwoThirdsOfWhatHappens() {
    double[] equal = new double[10];
    java.util.Arrays.fill(equal, 0.1);
    Averages averages = simulated(equal, 0.1);
    assertThat(averages.happened()).isBetween(0.04, 0.06);
    assertThat(averages.estimated() / averages.happened()).isBetween(0.6, 0.85);
  }

  @Test
  void ofBest_fewOfTenInReach_isWhatHappens() {
    double[] spread = {0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.14, 0.16, 0.18};
    Averages averages = simulated(spread, 0.1);
    assertThat(averages.happened()).isPositive();
    assertThat(averages.estimated()).isCloseTo(averages.happened(), within(0.005));
    assertThat(averages.held()).isGreaterThan(0.9);
  }

  @Test
  void ofBest_oneCandidate_isNone() {
    Averages averages = simulated(new double[] {0.1}, 0.1);
    assertThat(averages.estimated()).isCloseTo(0, within(0.002));
    assertThat(averages.held()).isBetween(0.9, 0.99);
  }

  @Test
  void ofBest_noRowDiffers_isExactlyNone() {
    Estimate none = SelectionBias.ofBest(List.of(new Rows(1, new byte[30][4])), bootstrap, 0.95);
    assertThat(none).isEqualTo(new Estimate(0, new Interval(0, 0)));
  }

  /** The gain of the chosen is 1 on the one row, and on new ones can be anything. */
  @Test
  void ofBest_oneRow_showsNothing() {
    Rows one = new Rows(1, new byte[][] {{0, 1, -1}});
    assertThat(SelectionBias.ofBest(List.of(one), bootstrap, 0.95))
        .isEqualTo(new Estimate(0, new Interval(0, 2)));
    Rows equal = new Rows(1, new byte[1][4]);
    assertThat(SelectionBias.ofBest(List.of(equal), bootstrap, 0.95))
        .isEqualTo(new Estimate(0, new Interval(-1, 1)));
  }

  /** A task of one row with a quarter of the weight, beside one with many; other draws. */
  @Test
  void ofBest_oneRowOfOneTask_isWiderByItsWeight() {
    Rows many = new Rows(0.75, draw(new Random(1), 100, new double[] {0.2, 0.1}, 0.1));
    Rows one = new Rows(0.25, new byte[1][2]);
    Estimate both = SelectionBias.ofBest(List.of(many, one), bootstrap, 0.95);
    Interval alone = SelectionBias.ofBest(List.of(many), bootstrap, 0.95).interval();
    assertThat(both.interval().low()).isCloseTo(alone.low() - 0.25, within(0.02));
    assertThat(both.interval().high()).isCloseTo(alone.high() + 0.25, within(0.02));
  }

  @Test
  void ofBest_weightsTheTasks_andIsRepeatable() {
    byte[][] first = draw(new Random(1), 100, new double[] {0.1, 0.2}, 0.1);
    byte[][] second = draw(new Random(2), 50, new double[] {0.2, 0.1}, 0.1);
    List<Rows> tasks = List.of(new Rows(0.75, first), new Rows(0.25, second));
    Estimate bias = SelectionBias.ofBest(tasks, bootstrap, 0.95);
    assertThat(SelectionBias.ofBest(tasks, bootstrap, 0.95)).isEqualTo(bias);
    assertThat(SelectionBias.ofBest(List.of(new Rows(1, first)), bootstrap, 0.95))
        .isNotEqualTo(bias);
    assertThat(bias.interval().contains(bias.value())).isTrue();
  }

  @Test
  void measured_isTheDifferenceOfGains() {
    Estimate bias = SelectionBias.measured(0.05, 0.02, new Interval(-0.01, 0.04));
    assertThat(bias.value()).isCloseTo(0.03, within(1e-15));
    assertThat(bias.interval().low()).isCloseTo(0.01, within(1e-15));
    assertThat(bias.interval().high()).isCloseTo(0.06, within(1e-15));
  }

  @Test
  void whatIsNoChoiceIsRefused() {
    Rows rows = new Rows(1, new byte[3][2]);
    refused("no rows", () -> new Rows(1, new byte[0][]));
    refused("3 and 2 candidates", () -> new Rows(1, new byte[][] {new byte[3], new byte[2]}));
    refused("weight is NaN", () -> new Rows(Double.NaN, new byte[3][2]));
    refused("weight is 0.0", () -> new Rows(0, new byte[3][2]));
    refused("no candidates", () -> SelectionBias.ofBest(List.of(), bootstrap, 0.95));
    Rows none = new Rows(1, new byte[3][0]);
    refused("no candidates", () -> SelectionBias.ofBest(List.of(none), bootstrap, 0.95));
    List<Rows> uneven = List.of(rows, new Rows(1, new byte[3][1]));
    refused("2 and 1 candidates", () -> SelectionBias.ofBest(uneven, bootstrap, 0.95));
    refused("confidence is 1.0", () -> SelectionBias.ofBest(List.of(rows), bootstrap, 1));
  }

  private static void refused(
      String message, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
