package dev.tale.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.stats.Interval;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatencySectionTest {

  private static LatencyPoint point(double accuracy, double milliseconds) {
    return new LatencyPoint(
        "p",
        1,
        accuracy,
        new Interval(0, 1),
        milliseconds,
        new Interval(milliseconds, milliseconds));
  }

  @Test
  void front_ofTheExample() {
    assertThat(LatencySection.front(Reports.latencies())).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void front_equalPointsAreBothOnIt() {
    assertThat(LatencySection.front(List.of(point(0.5, 2), point(0.5, 2), point(0.5, 3))))
        .containsExactlyInAnyOrder(0, 1);
  }

  /** The front of points sorted by latency is where accuracy reaches a new height. */
  @Test
  void front_isThatOfASweep() {
    long seed = 99;
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      List<LatencyPoint> points =
          IntStream.range(0, 12)
              .mapToObj(i -> point(random.nextInt(6) / 5.0, 1 + random.nextInt(6)))
              .toList();
      List<Integer> sweep =
          IntStream.range(0, 12)
              .filter(
                  i ->
                      points.stream()
                          .filter(p -> p.milliseconds() < points.get(i).milliseconds())
                          .allMatch(p -> p.accuracy() < points.get(i).accuracy()))
              .filter(
                  i ->
                      points.stream()
                          .filter(p -> p.milliseconds() == points.get(i).milliseconds())
                          .allMatch(p -> p.accuracy() <= points.get(i).accuracy()))
              .boxed()
              .toList();
      assertThat(LatencySection.front(points))
          .as("seed %d, round %d", seed, round)
          .containsExactlyInAnyOrderElementsOf(sweep);
    }
  }

  @Test
  void point_impossibleFigures_areRefused() {
    assertThatThrownBy(() -> point(0.5, 0)).hasMessageContaining("0.0 milliseconds");
    assertThatThrownBy(() -> point(1.5, 1)).hasMessageContaining("1.5");
    assertThatThrownBy(() -> point(Double.NaN, 1)).hasMessageContaining("NaN");
  }
}
