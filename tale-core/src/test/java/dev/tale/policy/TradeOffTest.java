package dev.tale.policy;

import static dev.tale.policy.Options.option;
import static dev.tale.policy.Options.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.evaluate.Configuration;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TradeOffTest {
  /** Slower and more accurate first; the third is beaten by the fourth. */
  private static final List<Configuration> MEASURED =
      List.of(
          option(0, 8, 10, 1, 1000),
          option(1, 9, 9, 1.1, 900),
          option(2, 7, 8, 1.2, 800),
          option(3, 8, 4, 2.5, 700),
          option(4, 3, 3, 3.3, 600));

  private static int chosen(TradeOff tradeOff, List<Configuration> path) {
    Verdict choice = tradeOff.choose(path);
    assertThat(choice.met()).as(choice.explanation()).isTrue();
    assertThat(choice.explanation()).isEmpty();
    return choice.position();
  }

  @Test
  void bestKeepsTheFewestRemovedOnATie() {
    assertThat(chosen(TradeOff.best(), path(6, 8, 7, 8, 5))).isEqualTo(1);
    assertThat(chosen(TradeOff.best(), path(8, 8, 8))).isZero();
  }

  @Test
  void bestSpeedupIsTheLastAtOrAboveBaseline() {
    assertThat(chosen(TradeOff.bestSpeedup(), path(6, 8, 5, 6, 5))).isEqualTo(3);
    assertThat(chosen(TradeOff.bestSpeedup(), path(6, 5, 5))).isZero();
  }

  /** The path of a search that lets layers back in. */
  @Test
  void bestSpeedupAfterAStepBackRemovesTheMost() {
    List<Configuration> path =
        List.of(
            option(0, 6, 5, 1, 1000),
            option(2, 7, 4, 1, 1000),
            option(3, 6, 3, 1, 1000),
            option(2, 8, 4, 1, 1000));
    assertThat(chosen(TradeOff.bestSpeedup(), path)).isEqualTo(2);
  }

  @Test
  void lastIsTheLast() {
    assertThat(chosen(TradeOff.last(), path(6, 8, 5))).isEqualTo(2);
    assertThat(chosen(TradeOff.last(), path(6))).isZero();
  }

  /** As doubles, 0.9 - 0.1 and 0.3 - 0.1 are not 0.8 and 0.2. */
  @Test
  void aDropOfExactlyTheLimitIsAllowed() {
    assertThat(chosen(TradeOff.belowBaseline(0.1), path(9, 9, 8, 7))).isEqualTo(2);
    assertThat(chosen(TradeOff.belowBaseline(0.1), path(3, 2, 1))).isEqualTo(1);
    assertThat(chosen(TradeOff.belowBaseline(0.0999), path(9, 8))).isZero();
    assertThat(chosen(TradeOff.belowBaseline(0), path(5, 4, 6, 5, 4))).isEqualTo(3);
    assertThat(chosen(TradeOff.belowBaseline(1), path(10, 0))).isEqualTo(1);
  }

  @Test
  void theMostAccurateOfThoseThatKeepFewEnoughIsTaken() {
    assertThat(chosen(TradeOff.keepAtMost(12), path(6, 8, 7, 9, 5))).isEqualTo(3);
    assertThat(chosen(TradeOff.keepAtMost(8), path(6, 8, 7, 9, 5))).isEqualTo(4);
    assertThat(chosen(TradeOff.keepAtMost(10), path(6, 8, 7, 7, 5))).isEqualTo(2);
  }

  @Test
  void aNumberOfLayersThatNothingHasIsNotMetAndTheNearestIsTold() {
    assertThat(TradeOff.keepAtMost(8).choose(path(6, 8, 7)))
        .isEqualTo(
            Verdict.nearest(
                2,
                "No accepted configuration has at most 8 layers; nearest is the one without layers"
                    + " [0, 1]: it keeps 10 of 12; raise the limit, take that one, or lower the"
                    + " floor so that more layers go"));
  }

  @Test
  void latencyIsHeldByTheUpperEndOfItsInterval() {
    assertThat(chosen(latency(11_000), MEASURED)).isEqualTo(1);
    assertThat(chosen(latency(9_800), MEASURED)).isEqualTo(3);
    assertThat(chosen(latency(4_401), MEASURED)).isEqualTo(3);
    assertThat(chosen(latency(4_399), MEASURED)).isEqualTo(4);
    Verdict missed = latency(3_200).choose(MEASURED);
    assertThat(missed.met()).isFalse();
    assertThat(missed.position()).isEqualTo(4);
    assertThat(missed.explanation())
        .contains(
            "a latency of at most 3.2 ms; nearest is the one without layers [0, 1, 2, 3]: median"
                + " 3.00 [2.70, 3.30] ms");
  }

  private static TradeOff latency(int micros) {
    return TradeOff.latencyAtMost(Duration.ofNanos(1000L * micros));
  }

  @Test
  void memoryIsHeldByTheBytesWritten() {
    assertThat(chosen(TradeOff.memoryAtMost(900), MEASURED)).isEqualTo(1);
    assertThat(chosen(TradeOff.memoryAtMost(899), MEASURED)).isEqualTo(3);
    Verdict missed = TradeOff.memoryAtMost(599).choose(MEASURED);
    assertThat(missed.met()).isFalse();
    assertThat(missed.position()).isEqualTo(4);
    assertThat(missed.explanation()).contains("at most 599 bytes", "600 bytes");
  }

  @Test
  void utilityWeighsAccuracyAgainstSpeed() {
    assertThat(chosen(TradeOff.utility(1, 0), MEASURED)).isEqualTo(1);
    assertThat(chosen(TradeOff.utility(0, 1), MEASURED)).isEqualTo(4);
    assertThat(chosen(TradeOff.utility(1, 0.1), MEASURED)).isEqualTo(3);
    assertThat(TradeOff.utility(1, 0.1)).hasToString("highest 1.0 x accuracy + 0.1 x speed-up");
  }

  @Test
  void theFrontIsWhatNothingBeats() {
    assertThat(ParetoFront.of(MEASURED)).containsExactly(1, 3, 4);
  }

  @Test
  void theKneeIsFarthestAboveTheChord() {
    assertThat(chosen(TradeOff.knee(), MEASURED)).isEqualTo(3);
    List<Configuration> hollow =
        List.of(option(0, 9, 9, 1, 9), option(1, 4, 8, 1, 8), option(2, 3, 1, 9, 7));
    assertThat(ParetoFront.of(hollow)).containsExactly(0, 1, 2);
    assertThat(chosen(TradeOff.knee(), hollow)).isZero();
    assertThat(chosen(TradeOff.knee(), hollow.subList(0, 1))).isZero();
  }

  @Test
  void whatGoesByCostsSaysSoAndRefusesAPathWithout() {
    List<TradeOff> byCosts =
        List.of(latency(1), TradeOff.memoryAtMost(1), TradeOff.utility(1, 1), TradeOff.knee());
    for (TradeOff tradeOff : byCosts) {
      assertThat(tradeOff.needsCosts()).isTrue();
      assertThatThrownBy(() -> tradeOff.choose(path(3, 4)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("was not measured");
    }
    assertThat(TradeOff.best().needsCosts()).isFalse();
    assertThat(TradeOff.keepAtMost(3).needsCosts()).isFalse();
    assertThat(TradeOff.belowBaseline(0.1).needsCosts()).isFalse();
  }

  @Test
  void aLambdaIsATradeOff() {
    TradeOff second = path -> Verdict.of(1);
    assertThat(chosen(second, path(1, 2))).isEqualTo(1);
    assertThat(second.needsCosts()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
  void aDropIsAFraction(double drop) {
    refused(() -> TradeOff.belowBaseline(drop), "drop is " + drop, "[0, 1]");
  }

  @Test
  void limitsArePositiveAndWeightsAreNumbers() {
    refused(() -> TradeOff.keepAtMost(0), "layers is 0", "at least 1");
    refused(() -> TradeOff.memoryAtMost(0), "bytes is 0", "positive");
    refused(() -> TradeOff.latencyAtMost(Duration.ZERO), "limit is PT0S", "positive");
    refused(() -> TradeOff.latencyAtMost(Duration.ofMillis(-1)), "limit is PT-0.001S");
    refused(() -> TradeOff.utility(-1, 1), "accuracyWeight is -1.0", "at least 0");
    refused(() -> TradeOff.utility(1, Double.NaN), "speedupWeight is NaN");
    refused(() -> TradeOff.utility(Double.POSITIVE_INFINITY, 1), "accuracyWeight is Infinity");
    refused(() -> TradeOff.utility(0, 0), "are 0");
  }

  private static void refused(Runnable making, String... parts) {
    assertThatThrownBy(making::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
  }
}
