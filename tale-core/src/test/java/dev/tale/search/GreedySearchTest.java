package dev.tale.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.journal.Journal;
import dev.tale.model.LayerMask;
import dev.tale.policy.Floor;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GreedySearchTest {

  private static Task task(int rows) {
    List<Integer> ids = IntStream.range(0, rows).boxed().toList();
    return Task.multipleChoice(
        "scripted", ids, id -> Example.multipleChoice("row " + id, List.of("a", "b"), id % 2));
  }

  private static Evaluator evaluator(int layers, int rows, Script script) {
    Task task = task(rows);
    ScriptedModel model = ScriptedModel.of(layers, script, task);
    return new Evaluator(model, task, "selection", Journal.none(), Progress.none());
  }

  private static Objective unguarded(Evaluator evaluator) {
    return new Objective(evaluator, List.of());
  }

  private static Trajectory search(int layers, int rows, Floor floor, Script script) {
    return SearchStrategy.greedy().search(unguarded(evaluator(layers, rows, script)), floor);
  }

  /** The released algorithm's rules on plain numbers: accepted layers, in order. */
  private static List<Integer> reference(
      int layers, int rows, double epsilon, boolean followsCurrent, Script script) {
    List<Integer> removed = new ArrayList<>();
    double baseline = accuracy(layers, rows, removed, script);
    double current = baseline;
    while (removed.size() < layers - 1) {
      int best = -1;
      double bestAccuracy = -1;
      for (int layer = 0; layer < layers; layer++) {
        if (!removed.contains(layer)) {
          removed.add(layer);
          double accuracy = accuracy(layers, rows, removed, script);
          removed.remove(removed.size() - 1);
          if (accuracy > bestAccuracy) {
            bestAccuracy = accuracy;
            best = layer;
          }
        }
      }
      if (bestAccuracy < (followsCurrent ? current : baseline) - epsilon) {
        return removed;
      }
      removed.add(best);
      current = bestAccuracy;
    }
    return removed;
  }

  private static double accuracy(int layers, int rows, List<Integer> removed, Script script) {
    LayerMask mask = LayerMask.of(layers, removed.stream().mapToInt(i -> i).toArray());
    long correct = IntStream.range(0, rows).filter(row -> script.correct(mask, row)).count();
    return (double) correct / rows;
  }

  private static List<Integer> accepted(Trajectory trajectory) {
    List<Integer> layers = new ArrayList<>();
    LayerMask previous = trajectory.baseline().mask();
    for (Configuration step : trajectory.path().subList(1, trajectory.path().size())) {
      LayerMask before = previous;
      step.mask().removed().stream().filter(l -> !before.removes(l)).forEach(layers::add);
      previous = step.mask();
    }
    return layers;
  }

  @Test
  void followsTheReleasedRules() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int trial = 0; trial < 200; trial++) {
      int layers = 1 + random.nextInt(8);
      int rows = 1 + random.nextInt(150);
      double epsilon = random.nextInt(4) * 0.04;
      boolean followsCurrent = random.nextBoolean();
      Script script = Script.additive(random.nextLong());
      Floor floor = followsCurrent ? Floor.belowCurrent(epsilon) : Floor.belowBaseline(epsilon);
      assertThat(accepted(search(layers, rows, floor, script)))
          .as("seed %d, trial %d", seed, trial)
          .isEqualTo(reference(layers, rows, epsilon, followsCurrent, script));
    }
  }

  @Test
  void tiesGoToTheLowestIndexAndOneLayerStays() {
    Trajectory trajectory = search(5, 10, Floor.belowBaseline(0), (mask, row) -> true);
    assertThat(accepted(trajectory)).containsExactly(0, 1, 2, 3);
    assertThat(trajectory.rounds()).hasSize(4);
  }

  @Test
  void aCandidateExactlyAtTheFloorIsAccepted() {
    Script script = (mask, row) -> row < (mask.removedCount() == 0 ? 10 : 9);
    Trajectory trajectory = search(2, 10, Floor.belowBaseline(1.0 - 0.9), script);
    assertThat(trajectory.rounds().get(0).floor()).isEqualTo(0.9);
    assertThat(accepted(trajectory)).containsExactly(0);
  }

  @Test
  void stopsInTheFirstRoundUnderTheFloor() {
    Script script = (mask, row) -> row < 10 - 3 * Math.max(0, mask.removedCount() - 2);
    Evaluator evaluator = evaluator(8, 10, script);
    Trajectory trajectory =
        SearchStrategy.greedy().search(unguarded(evaluator), Floor.belowBaseline(0.08));
    assertThat(accepted(trajectory)).containsExactly(0, 1);
    assertThat(trajectory.rounds()).hasSize(3);
    assertThat(trajectory.rounds().get(2).accepted()).isEmpty();
    int k = 2;
    assertThat(evaluator.evaluations()).isEqualTo((int) (1 + (k + 1) * (8 - k / 2.0)));
  }

  @Test
  void aModelOfOneLayerStaysAsItIs() {
    assertThat(search(1, 3, Floor.belowBaseline(0.08), (mask, row) -> true).rounds()).isEmpty();
  }

  @Test
  void partsOfLayers_theLastAttentionStays() {
    Script indifferent = (mask, row) -> true;
    Task task = task(10);
    ScriptedModel model = ScriptedModel.ofParts(3, indifferent, task);
    Evaluator evaluator = new Evaluator(model, task, "selection", Journal.none(), Progress.none());
    Trajectory trajectory =
        SearchStrategy.greedy().search(unguarded(evaluator), Floor.belowBaseline(0.5));
    List<Round> rounds = trajectory.rounds();
    // Ties go to the lowest index: 0, 1, 2, 3 go, then 5, for 4 is the last attention.
    assertThat(rounds.get(rounds.size() - 1).accepted().orElseThrow().mask().kept())
        .containsExactly(4);
    assertThat(rounds)
        .allMatch(
            round ->
                round.candidates().stream()
                    .allMatch(candidate -> model.info().leavesAttention(candidate.mask())));
  }
}
