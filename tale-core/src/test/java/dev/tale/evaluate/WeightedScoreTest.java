package dev.tale.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tale.task.Example;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightedScoreTest {

  private static TaskScore score(int correct, int total) {
    return Score.of(
        IntStream.range(0, total).mapToObj(row -> new Outcome(row < correct, "")).toList());
  }

  private static Task task(String name) {
    return Task.multipleChoice(
        name, List.of(1), id -> Example.multipleChoice(name, List.of("a", "b"), 0));
  }

  /** 0.7375 and 0.6625, which are no doubles, nor is their difference. */
  @Test
  void aDropIsComparedExactly() {
    Score score = new WeightedScore(List.of(score(9, 10), score(1, 4)), Weights.of(3, 1));
    Score lower = new WeightedScore(List.of(score(8, 10), score(1, 4)), Weights.of(3, 1));
    assertThat(lower.isAtMostBelow(score, 0.075)).isTrue();
    assertThat(lower.isAtMostBelow(score, 0.0749999999)).isFalse();
    assertThat(score.isAtMostBelow(lower, 0)).isTrue();
    assertThat(score(7, 10).isAtMostBelow(score(8, 10), 1e-1)).isTrue();
    assertThat(score(7, 10).isAtMostBelow(score(8, 10), 1e-9)).isFalse();
  }

  @Test
  void accuracyIsTheWeightedMean() {
    Score score = new WeightedScore(List.of(score(9, 10), score(1, 4)), Weights.of(3, 1));
    assertThat(score.accuracy()).isEqualTo((3 * 0.9 + 0.25) / 4);
    assertThat(score.correct()).isEqualTo(10);
    assertThat(score.total()).isEqualTo(14);
    assertThat(score).hasToString("0.7375 (9/10, 1/4)");
  }

  @Test
  void intervalIsNarrowerThanThatOfItsTasks() {
    Score score = new WeightedScore(List.of(score(80, 100), score(80, 100)), Weights.of(1, 1));
    assertThat(score.interval().contains(0.8)).isTrue();
    assertThat(score.interval().high() - score.interval().low())
        .isLessThan(score(80, 100).interval().high() - score(80, 100).interval().low());
  }

  @Test
  void standardErrorIsThatOfTheMean() {
    double single = Math.sqrt(0.9 * 0.1 / 9);
    assertThat(score(9, 10).standardError()).isCloseTo(single, within(1e-15));
    Score pair = new WeightedScore(List.of(score(9, 10), score(9, 10)), Weights.of(3, 1));
    double expected = Math.sqrt(0.75 * 0.75 + 0.25 * 0.25) * single;
    assertThat(pair.standardError()).isCloseTo(expected, within(1e-15));
    assertThat(score(1, 1).standardError()).isNaN();
  }

  /** Three rows of weight 0.1 or one of weight 0.3: doubles would differ. */
  @Test
  void equalRationalsTie() {
    Weights weights = Weights.of(0.1, 0.3);
    Score one = new WeightedScore(List.of(score(3, 10), score(0, 10)), weights);
    Score other = new WeightedScore(List.of(score(0, 10), score(1, 10)), weights);
    assertThat(0.1 * 3).isNotEqualTo(0.3 * 1);
    assertThat(one.compareAccuracy(other)).isZero();
    assertThat(one.accuracy()).isEqualTo(other.accuracy());
  }

  @Property
  void orderOfTheTasksIsNothing(
      @ForAll @IntRange(min = 0, max = 7) int a,
      @ForAll @IntRange(min = 0, max = 11) int b,
      @ForAll @IntRange(min = 0, max = 13) int c,
      @ForAll @IntRange(min = 1, max = 30) int weight) {
    TaskScore first = score(a, 7);
    TaskScore second = score(b, 11);
    TaskScore third = score(c, 13);
    Score there =
        new WeightedScore(List.of(first, second, third), Weights.of(weight / 10.0, 0.7, 0.2));
    Score back =
        new WeightedScore(List.of(third, second, first), Weights.of(0.2, 0.7, weight / 10.0));
    assertThat(there.compareAccuracy(back)).isZero();
    assertThat(there.accuracy()).isEqualTo(back.accuracy());
    double mean = (weight * a / 7.0 + 7 * b / 11.0 + 2 * c / 13.0) / (weight + 9);
    assertThat(there.accuracy()).isCloseTo(mean, within(1e-15));
  }

  @Property
  void ofOneTask_isTheTasks(@ForAll @IntRange(min = 0, max = 997) int correct) {
    Score weighted = new WeightedScore(List.of(score(correct, 997)), Weights.of(0.3));
    assertThat(weighted.accuracy()).isEqualTo(score(correct, 997).accuracy());
    assertThat(weighted.compareAccuracy(score(correct, 997))).isZero();
    assertThat(WeightedTasks.of(task("one"), 5).score(List.of(score(correct, 997))))
        .isEqualTo(score(correct, 997));
  }

  @Test
  void compareAccuracyIsByMeansAndNotByRows() {
    Score few = new WeightedScore(List.of(score(9, 10), score(50, 100)), Weights.of(1, 1));
    Score many = new WeightedScore(List.of(score(5, 10), score(80, 100)), Weights.of(1, 1));
    assertThat(few.correct()).isLessThan(many.correct());
    assertThat(few.compareAccuracy(many)).isPositive();
    assertThat(many.compareAccuracy(few)).isNegative();
  }

  @Test
  void onlyRatiosOfWeightsCount() {
    assertThat(Weights.of(0.2, 0.1)).isEqualTo(Weights.of(200, 100)).hasToString("2:1");
    Weights extreme = Weights.of(1e-300, 1e300);
    assertThat(new WeightedScore(List.of(score(0, 4), score(3, 4)), extreme).interval())
        .isEqualTo(score(3, 4).interval());
    assertThat(Weights.of(3, 1).share(0)).isEqualTo(0.75);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aWeightIsPositiveAndFinite(double weight) {
    assertThatThrownBy(() -> WeightedTasks.equal(task("a")).and(task("b"), weight))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weight is " + weight);
  }

  @Test
  void tasksHaveNamesOfTheirOwn() {
    assertThatThrownBy(() -> WeightedTasks.equal(task("a"), task("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("called a");
  }

  @Test
  void otherTasksComeOneForEachAndInOrder() {
    WeightedTasks set = WeightedTasks.of(task("a"), 2).and(task("b"), 1);
    assertThat(set).hasToString("[a, b] 2:1");
    assertThat(set.withTasks(List.of(task("a"), task("test b")))).hasToString("[a, test b] 2:1");
    assertThatThrownBy(() -> set.withTasks(List.of(task("b"), task("a"))))
        .hasMessageContaining("[b, a] are not in the order of the set [a, b]");
    assertThatThrownBy(() -> set.withTasks(List.of(task("a"))))
        .hasMessageContaining("1 tasks [a] for a set of 2 [a, b]");
  }
}
