package dev.tale.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Cost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Choices against what one finds by looking at all pairs, on random paths with many ties. */
class TradeOffPropertyTest {
  private static final int PATHS = 2000;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void choicesAreThoseOfBruteForce(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < PATHS; i++) {
      List<Configuration> path = Options.random(random);
      assertThat(ParetoFront.of(path)).as("%s", path).isEqualTo(front(path));
      check(path, TradeOff.best(), option -> true, option -> correct(option));
      int layers = 1 + random.nextInt(Options.LAYERS);
      check(
          path,
          TradeOff.keepAtMost(layers),
          option -> option.mask().kept().size() <= layers,
          option -> correct(option));
      int micros = 500 * (1 + random.nextInt(14));
      check(
          path,
          TradeOff.latencyAtMost(Duration.ofNanos(1000L * micros)),
          option -> high(option) <= micros / 1e6,
          option -> correct(option));
      long bytes = 950 + 100L * random.nextInt(6);
      check(
          path,
          TradeOff.memoryAtMost(bytes),
          option -> cost(option).bytes() <= bytes,
          option -> correct(option));
      int drop = random.nextInt(11);
      check(
          path,
          TradeOff.belowBaseline(drop / 10.0),
          option -> correct(option) >= correct(path.get(0)) - drop,
          option -> 100 * option.mask().removedCount() + correct(option));
      checkKnee(path);
    }
  }

  /** The reference: the highest value, then the fewest removed, then the first. */
  private static void check(
      List<Configuration> path,
      TradeOff tradeOff,
      Predicate<Configuration> allowed,
      ToDoubleFunction<Configuration> value) {
    int expected = -1;
    for (int i = 0; i < path.size(); i++) {
      if (allowed.test(path.get(i)) && (expected < 0 || isBetter(path, i, expected, value))) {
        expected = i;
      }
    }
    Verdict choice = tradeOff.choose(path);
    assertThat(choice.met()).as("%s of %s", tradeOff, path).isEqualTo(expected >= 0);
    if (expected >= 0) {
      assertThat(choice.position()).as("%s of %s", tradeOff, path).isEqualTo(expected);
    } else {
      assertThat(choice.explanation()).contains("nearest is");
    }
  }

  private static boolean isBetter(
      List<Configuration> path, int one, int other, ToDoubleFunction<Configuration> value) {
    double difference = value.applyAsDouble(path.get(one)) - value.applyAsDouble(path.get(other));
    int fewer = path.get(other).mask().removedCount() - path.get(one).mask().removedCount();
    return difference > 0 || (difference == 0 && fewer > 0);
  }

  /** By the definition: nothing is at least as good in both, unless it is the same and later. */
  private static List<Integer> front(List<Configuration> path) {
    List<Integer> front = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      boolean beaten = false;
      for (int j = 0; j < path.size(); j++) {
        boolean same =
            correct(path.get(i)) == correct(path.get(j)) && millis(path, i) == millis(path, j);
        boolean asGood =
            correct(path.get(j)) >= correct(path.get(i)) && millis(path, j) <= millis(path, i);
        beaten |= j != i && asGood && (!same || j < i);
      }
      if (!beaten) {
        front.add(i);
      }
    }
    front.sort((a, b) -> Double.compare(millis(path, b), millis(path, a)));
    return front;
  }

  /** Distances from a line through two points, by the cross product. */
  private static void checkKnee(List<Configuration> path) {
    int knee = TradeOff.knee().choose(path).position();
    List<Integer> front = front(path);
    assertThat(front).contains(knee);
    double highest = 0;
    for (int position : front) {
      highest = Math.max(highest, distance(path, front, position));
    }
    assertThat(distance(path, front, knee)).as("%s", path).isGreaterThan(highest - 1e-9);
    if (highest < 1e-9) {
      assertThat(distance(path, front, knee)).isGreaterThan(-1e-9);
    }
  }

  private static double distance(List<Configuration> path, List<Integer> front, int position) {
    int a = front.get(0);
    int b = front.get(front.size() - 1);
    if (a == b) {
      return 0;
    }
    double width = millis(path, a) - millis(path, b);
    double height = correct(path.get(a)) - correct(path.get(b));
    double x = (millis(path, a) - millis(path, position)) / width;
    double y = (correct(path.get(position)) - correct(path.get(b))) / height;
    // From (0, 1) to (1, 0): the cross product of (1, -1) and (x, y - 1).
    return (1 * (y - 1) - -1 * x) / Math.sqrt(2);
  }

  private static int correct(Configuration option) {
    return option.score().correct();
  }

  private static Cost cost(Configuration option) {
    return option.cost().orElseThrow();
  }

  private static double high(Configuration option) {
    return cost(option).latencySeconds().interval().high();
  }

  private static double millis(List<Configuration> path, int position) {
    return cost(path.get(position)).latencySeconds().value() * 1e3;
  }
}
