package dev.tale.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Guard;
import dev.tale.evaluate.GuardEvaluator;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.journal.Journal;
import dev.tale.model.LayerMask;
import dev.tale.policy.Floor;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Searches that race against the same searches with every candidate in full. */
@Tag("slow")
class RacingSearchTest {

  private static Task task(String name, int rows) {
    return Task.multipleChoice(
        name,
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.multipleChoice(name + " row " + id, List.of("a", "b"), id % 2));
  }

  /** A random search: one, two or three tasks that choose, and one that guards. */
  private record Trial(
      int layers, List<Task> tasks, List<Double> weights, Guard guard, Script script, Floor floor) {

    static Trial of(Random random) {
      List<Task> tasks =
          IntStream.range(0, 1 + random.nextInt(3))
              .mapToObj(i -> task("task " + i, 1 + random.nextInt(150)))
              .toList();
      Script script = Script.additive(random.nextLong());
      // Rows in groups that are right or wrong together: many ties.
      int group = 1 + random.nextInt(20);
      return new Trial(
          1 + random.nextInt(7),
          tasks,
          tasks.stream().map(task -> 0.1 * (1 + random.nextInt(5))).toList(),
          new Guard(task("guard", 30), random.nextInt(6) * 0.05),
          (mask, row) -> script.correct(mask, row / group),
          Floor.belowBaseline(random.nextInt(4) * 0.1));
    }

    WeightedTasks chosenBy() {
      WeightedTasks set = WeightedTasks.of(tasks.get(0), weights.get(0));
      for (int i = 1; i < tasks.size(); i++) {
        set = set.and(tasks.get(i), weights.get(i));
      }
      return set;
    }

    Trajectory search(Greedy greedy) {
      Task[] all = Stream.concat(tasks.stream(), Stream.of(guard.task())).toArray(Task[]::new);
      ScriptedModel model = ScriptedModel.of(layers, script, all);
      Evaluator evaluator =
          new Evaluator(model, chosenBy(), "selection", Journal.none(), Progress.none());
      GuardEvaluator guarding = new GuardEvaluator(model, guard, Journal.none(), Progress.none());
      return greedy.search(new Objective(evaluator, List.of(guarding)), floor);
    }
  }

  @Test
  void exactRacingFindsWhatScoringAllFinds() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int refused = 0;
    int left = 0;
    for (int i = 0; i < 150; i++) {
      Trial trial = Trial.of(random);
      Trajectory full = trial.search(SearchStrategy.greedy().scoringAll());
      Trajectory raced = trial.search(SearchStrategy.greedy());
      assertThat(raced.path()).as("seed %d, trial %d", seed, i).isEqualTo(full.path());
      for (int round = 0; round < full.rounds().size(); round++) {
        requireEqual(raced.rounds().get(round), full.rounds().get(round));
        refused += raced.rounds().get(round).refusals().size();
        left += raced.rounds().get(round).left().size();
      }
    }
    assertThat(refused).as("refusals, seed %d", seed).isGreaterThan(20);
    assertThat(left).as("candidates that left, seed %d", seed).isGreaterThan(100);
  }

  private static void requireEqual(Round raced, Round full) {
    assertThat(full.left()).isEmpty();
    assertThat(raced.refusals()).isEqualTo(full.refusals());
    assertThat(raced.winner()).isEqualTo(full.winner());
    assertThat(full.candidates()).containsAll(raced.candidates());
    assertThat(raced.candidates().size() + raced.left().size()).isEqualTo(full.candidates().size());
    raced
        .left()
        .forEach(
            bounds ->
                assertThat(accuracy(full, bounds.mask()))
                    .isBetween(bounds.accuracyAtLeast() - 1e-12, bounds.accuracyAtMost() + 1e-12));
  }

  private static double accuracy(Round full, LayerMask mask) {
    return full.candidates().stream()
        .filter(candidate -> candidate.mask().equals(mask))
        .findFirst()
        .orElseThrow()
        .score()
        .accuracy();
  }

  /** The first rounds have the same candidates; guards and weights are there. */
  @Test
  void statisticalRacing_theFirstRoundLosesMoreThanTheToleranceInAtMostDelta() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int beyond = 0;
    int rounds = 0;
    for (int i = 0; i < 200; i++) {
      Trial trial = Trial.of(random);
      Trajectory full = trial.search(SearchStrategy.greedy().scoringAll());
      Trajectory raced = trial.search(SearchStrategy.greedy().racing(0.1, 0.03, i));
      if (!full.rounds().isEmpty() && full.rounds().get(0).accepted().isPresent()) {
        double best = full.rounds().get(0).accepted().get().score().accuracy();
        double found =
            raced.rounds().get(0).winner().map(winner -> winner.score().accuracy()).orElse(0.0);
        beyond += best - found > 0.03 + 1e-12 ? 1 : 0;
        rounds++;
      }
    }
    assertThat(beyond).as("of %d, seed %d", rounds, seed).isLessThanOrEqualTo(rounds / 10);
  }

  @Test
  void settingsAreNamed_andThoseOutOfRangeRefused() {
    Greedy greedy = SearchStrategy.greedy();
    assertThat(greedy).hasToString("greedy, exact racing");
    assertThat(greedy.scoringAll()).hasToString("greedy, every candidate in full");
    assertThat(greedy.racing(0.05, 0))
        .hasToString("greedy, racing (delta 0.05, tolerance 0.0, seed 0)");
    assertThat(greedy.racing(1e-3, 0.02, -7))
        .hasToString("greedy, racing (delta 0.001, tolerance 0.02, seed -7)");
    for (double delta : new double[] {0, 1, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> greedy.racing(delta, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("delta is " + delta);
    }
    for (double tolerance : new double[] {-0.01, 1, Double.NaN}) {
      assertThatThrownBy(() -> greedy.racing(0.05, tolerance))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tolerance is " + tolerance);
    }
  }
}
