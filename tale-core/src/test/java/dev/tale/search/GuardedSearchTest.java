package dev.tale.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Guard;
import dev.tale.evaluate.GuardEvaluator;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.Refusal;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.journal.Journal;
import dev.tale.model.LayerMask;
import dev.tale.policy.Floor;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Guards and weighted sets against the definition, on plain numbers. */
class GuardedSearchTest {
  private static final int[] SIZES = {40, 25, 30, 20};

  /** Two tasks that choose, two that guard; the script counts rows through all of them. */
  private final List<Task> tasks = IntStream.range(0, 4).mapToObj(GuardedSearchTest::task).toList();

  private static Task task(int number) {
    String name = "task " + number;
    return Task.multipleChoice(
        name,
        IntStream.range(0, SIZES[number]).boxed().toList(),
        id -> Example.multipleChoice(name + " row " + id, List.of("a", "b"), id % 2));
  }

  /** A random search, run both ways. */
  private record Trial(
      int layers, double epsilon, List<Integer> weights, List<Double> maxDrops, Script script) {

    static Trial of(Random random) {
      return new Trial(
          1 + random.nextInt(7),
          random.nextInt(4) * 0.1,
          List.of(1 + random.nextInt(3), random.nextInt(3)),
          List.of(random.nextInt(6) * 0.05, random.nextInt(6) * 0.05),
          Script.additive(random.nextLong()));
    }

    long correct(int task, List<Integer> removed) {
      LayerMask mask = LayerMask.of(layers, removed.stream().mapToInt(i -> i).toArray());
      int first = IntStream.range(0, task).map(t -> SIZES[t]).sum();
      return IntStream.range(first, first + SIZES[task])
          .filter(row -> script.correct(mask, row))
          .count();
    }

    /** The mean over the common denominator of all means: a whole number. */
    long mean(List<Integer> removed) {
      return weights.get(0) * correct(0, removed) * SIZES[1]
          + weights.get(1) * correct(1, removed) * SIZES[0];
    }

    double accuracy(List<Integer> removed) {
      return (double) mean(removed) / ((weights.get(0) + weights.get(1)) * SIZES[0] * SIZES[1]);
    }

    boolean holds(int guard, List<Integer> removed) {
      long lost = correct(2 + guard, List.of()) - correct(2 + guard, removed);
      return BigDecimal.valueOf(lost)
              .compareTo(
                  BigDecimal.valueOf(maxDrops.get(guard))
                      .multiply(BigDecimal.valueOf(SIZES[2 + guard])))
          <= 0;
    }
  }

  /** Every candidate is asked for every guard; the best of those that hold them all wins. */
  private static List<List<Integer>> eager(Trial trial) {
    double floor = trial.accuracy(List.of()) - trial.epsilon;
    List<List<Integer>> path = new ArrayList<>();
    List<Integer> removed = List.of();
    while (removed.size() < trial.layers - 1) {
      List<Integer> best = null;
      for (int layer = 0; layer < trial.layers; layer++) {
        List<Integer> candidate = with(removed, layer);
        boolean wins =
            candidate.size() > removed.size()
                && trial.accuracy(candidate) >= floor
                && trial.holds(0, candidate)
                && trial.holds(1, candidate);
        best =
            wins && (best == null || trial.mean(candidate) > trial.mean(best)) ? candidate : best;
      }
      if (best == null) {
        break;
      }
      path.add(best);
      removed = best;
    }
    return path;
  }

  private static List<Integer> with(List<Integer> removed, int layer) {
    return IntStream.concat(removed.stream().mapToInt(i -> i), IntStream.of(layer))
        .distinct()
        .sorted()
        .boxed()
        .toList();
  }

  private WeightedTasks chosenBy(Trial trial) {
    WeightedTasks set = WeightedTasks.of(tasks.get(0), trial.weights.get(0));
    return trial.weights.get(1) == 0 ? set : set.and(tasks.get(1), trial.weights.get(1));
  }

  @Test
  void theResultIsThatOfAskingEveryCandidate() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int refused = 0;
    int ended = 0;
    for (int i = 0; i < 100; i++) {
      Trial trial = Trial.of(random);
      ScriptedModel model =
          ScriptedModel.of(trial.layers, trial.script, tasks.toArray(Task[]::new));
      List<GuardEvaluator> guards = List.of(guard(model, trial, 0), guard(model, trial, 1));
      Evaluator evaluator =
          new Evaluator(model, chosenBy(trial), "selection", Journal.none(), Progress.none());
      Trajectory found =
          SearchStrategy.greedy()
              .search(new Objective(evaluator, guards), Floor.belowBaseline(trial.epsilon));
      assertThat(found.path().stream().skip(1).map(step -> step.mask().removed()))
          .as("seed %d, trial %d, %s", seed, i, trial)
          .isEqualTo(eager(trial));
      requireReasons(trial, found, guards);
      refused += found.rounds().stream().mapToInt(round -> round.refusals().size()).sum();
      ended += found.rounds().stream().anyMatch(r -> r.winner().isEmpty()) ? 1 : 0;
    }
    assertThat(refused).as("refusals, seed %d", seed).isGreaterThan(20);
    assertThat(ended).as("rounds where guards refused all, seed %d", seed).isPositive();
  }

  private GuardEvaluator guard(ScriptedModel model, Trial trial, int position) {
    Guard guard = new Guard(tasks.get(2 + position), trial.maxDrops.get(position));
    return new GuardEvaluator(model, guard, Journal.none(), Progress.none());
  }

  /**
   * The refused are those that would have won, by the first guard they break; no other is asked.
   */
  private static void requireReasons(Trial trial, Trajectory found, List<GuardEvaluator> guards) {
    int asked = 0;
    int passedFirst = 0;
    for (Round round : found.rounds()) {
      for (Refusal refusal : round.refusals()) {
        boolean first = refusal.guard().equals("task 2");
        assertThat(trial.holds(0, refusal.mask().removed())).isEqualTo(!first);
        assertThat(first || !trial.holds(1, refusal.mask().removed())).isTrue();
        passedFirst += first ? 0 : 1;
        round.accepted().ifPresent(to -> requireRankedBefore(trial, refusal, to));
      }
      int accepted = round.accepted().isPresent() ? 1 : 0;
      asked += round.refusals().size() + accepted;
      passedFirst += accepted;
    }
    assertThat(guards.get(0).evaluations()).isEqualTo(asked == 0 ? 0 : asked + 1);
    assertThat(guards.get(1).evaluations()).isEqualTo(passedFirst == 0 ? 0 : passedFirst + 1);
  }

  private static void requireRankedBefore(Trial trial, Refusal refusal, Configuration accepted) {
    assertThat(trial.mean(refusal.mask().removed()))
        .isGreaterThanOrEqualTo(trial.mean(accepted.mask().removed()));
  }
}
