package dev.tale.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedBetsTest {
  private static final int ROWS = 200;

  /** Rows of -1, 0 and 1 with the given numbers of each sign. */
  private static List<Integer> rows(int plus, int minus) {
    List<Integer> rows = new ArrayList<>(Collections.nCopies(plus, 1));
    rows.addAll(Collections.nCopies(minus, -1));
    rows.addAll(Collections.nCopies(ROWS - plus - minus, 0));
    return rows;
  }

  private static double rejected(List<Integer> rows, double leastSum, double level, Random random) {
    int trials = 4000;
    int rejected = 0;
    for (int trial = 0; trial < trials; trial++) {
      Collections.shuffle(rows, random);
      PairedBets bets = new PairedBets(ROWS, 1, leastSum);
      rows.forEach(bets::add);
      rejected += bets.largestWealth() >= 1 / level ? 1 : 0;
    }
    return (double) rejected / trials;
  }

  @Test
  void atTheBoundaryAtMostTheLevelIsRejected() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (double level : new double[] {0.2, 0.05, 0.01}) {
      for (int sum : new int[] {1, 10, -5}) {
        double rate = rejected(rows(20 + sum, 20), sum, level, random);
        // Five standard errors of 4000 trials.
        assertThat(rate)
            .as("seed %d, level %s, sum %d", seed, level, sum)
            .isLessThanOrEqualTo(level + 5 * Math.sqrt(level * (1 - level) / 4000));
      }
    }
  }

  @Test
  void whatIsFarLessIsRejectedEarly() {
    List<Integer> rows = rows(20, 60);
    Collections.shuffle(rows, new Random(1));
    PairedBets bets = new PairedBets(ROWS, 1, 1);
    rows.subList(0, 150).forEach(bets::add);
    assertThat(bets.largestWealth()).isGreaterThan(1000);
  }

  @Test
  void theFirstSteps_byHand() {
    PairedBets bets = new PairedBets(4, 1, 1);
    // m = 1/4. 100 imagined rows have mean -0.05, variance 0.18: a bet of 0.3 / (0.18 + 0.09).
    bets.add(-1);
    double first = 1 + 0.3 / 0.27 * 1.25;
    assertThat(bets.largestWealth()).isCloseTo(first, within(1e-12));
    // m = 2/3. With -1 among them, 101 rows have a sum of -6 and squares of 19.25.
    bets.add(0);
    double gain = 2 / 3.0 + 6 / 101.0;
    double variance = 19.25 / 101 - Math.pow(6 / 101.0, 2);
    double second = first * (1 + gain / (variance + gain * gain) * 2 / 3);
    assertThat(bets.largestWealth()).isCloseTo(second, within(1e-12));
    // Two rows are left for a sum of 2: possible, but not after a 0.
    bets.add(0);
    assertThat(bets.largestWealth()).isInfinite();
  }

  @Test
  void whenEveryRowIsTakenTheSumItselfDecides() {
    PairedBets less = new PairedBets(2, 0.7, 0.7);
    PairedBets reached = new PairedBets(2, 0.7, 0.7);
    for (double row : new double[] {0.7, 0}) {
      reached.add(row);
      less.add(0);
    }
    assertThat(less.largestWealth()).isInfinite();
    assertThat(reached.largestWealth()).isFinite();
  }

  @Test
  void aSumThatIsCertainIsNeverBetAgainst_andOneOutOfReachIsRefutedAtOnce() {
    PairedBets certain = new PairedBets(3, 1, -3);
    certain.add(-1);
    certain.add(-1);
    assertThat(certain.largestWealth()).isEqualTo(1);
    assertThat(new PairedBets(3, 1, 4).largestWealth()).isInfinite();
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new PairedBets(0, 1, 1)).hasMessageContaining("at least 1 row");
    PairedBets bets = new PairedBets(1, 0.5, 0);
    assertThatThrownBy(() -> bets.add(0.6)).hasMessageContaining("0.6");
    assertThatThrownBy(() -> bets.add(Double.NaN)).hasMessageContaining("NaN");
    bets.add(0);
    assertThatThrownBy(() -> bets.add(0)).isInstanceOf(IllegalStateException.class);
  }
}
