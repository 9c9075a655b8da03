package dev.tale.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.evaluate.Bounds;
import dev.tale.evaluate.BudgetExceededException;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Guard;
import dev.tale.evaluate.GuardEvaluator;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.journal.Journal;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import dev.tale.policy.Floor;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import dev.tale.testing.Strategies;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every strategy keeps to, whatever the model. */
@Tag("slow")
class StrategyContractTest {
  private static final int TRIALS = 15;

  private static Task task(String name, int rows) {
    return Task.multipleChoice(
        name,
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.multipleChoice(name + " row " + id, List.of("a", "b"), id % 2));
  }

  /** A random model: one task or two that choose, and one that guards. */
  private record Trial(
      int layers, boolean parts, List<Task> tasks, Guard guard, Script script, double epsilon) {

    static Trial of(Random random) {
      Script additive = Script.additive(random.nextLong());
      int group = 1 + random.nextInt(10);
      Script grouped = (mask, row) -> additive.correct(mask, row / group);
      Script tied = (mask, row) -> row % 3 > 0;
      return new Trial(
          1 + random.nextInt(6),
          random.nextBoolean(),
          IntStream.range(0, 1 + random.nextInt(2))
              .mapToObj(i -> task("task " + i, 1 + random.nextInt(60)))
              .toList(),
          new Guard(task("guard", 20), random.nextInt(6) * 0.05),
          random.nextInt(5) == 0 ? tied : grouped,
          random.nextInt(4) * 0.1);
    }

    ScriptedModel model() {
      Task[] all = Stream.concat(tasks.stream(), Stream.of(guard.task())).toArray(Task[]::new);
      return parts
          ? ScriptedModel.ofParts((layers + 1) / 2, script, all)
          : ScriptedModel.of(layers, script, all);
    }

    int indices() {
      return parts ? 2 * ((layers + 1) / 2) : layers;
    }

    Objective objective() {
      ScriptedModel model = model();
      WeightedTasks set = WeightedTasks.of(tasks.get(0), 1);
      set = tasks.size() == 1 ? set : set.and(tasks.get(1), 0.5);
      Evaluator evaluator = new Evaluator(model, set, "selection", Journal.none(), Progress.none());
      GuardEvaluator guarding = new GuardEvaluator(model, guard, Journal.none(), Progress.none());
      return new Objective(evaluator, List.of(guarding));
    }

    Floor floor() {
      return Floor.belowBaseline(epsilon);
    }

    int correct(LayerMask mask, int task) {
      int first = tasks.subList(0, task).stream().mapToInt(Task::size).sum();
      int size = task == tasks.size() ? guard.task().size() : tasks.get(task).size();
      return (int)
          IntStream.range(first, first + size).filter(row -> script.correct(mask, row)).count();
    }

    boolean holdsGuard(LayerMask mask) {
      int lost = correct(LayerMask.none(mask.layers()), tasks.size()) - correct(mask, tasks.size());
      BigDecimal allowed =
          BigDecimal.valueOf(guard.maxDrop()).multiply(BigDecimal.valueOf(guard.task().size()));
      return BigDecimal.valueOf(lost).compareTo(allowed) <= 0;
    }
  }

  /** What is checked of one strategy on one trial. */
  @FunctionalInterface
  private interface Check {
    void of(SearchStrategy strategy, Trial trial, String description);
  }

  private static void forEach(Check check) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < TRIALS; i++) {
      Trial trial = Trial.of(random);
      for (SearchStrategy strategy : Strategies.all(trial.indices())) {
        check.of(strategy, trial, String.format("seed %d, trial %d, %s", seed, i, strategy));
      }
    }
  }

  @Test
  void whatIsAcceptedReachesTheFloorHoldsTheGuardsAndLeavesAttention() {
    forEach(
        (strategy, trial, description) -> {
          Objective objective = trial.objective();
          Trajectory found = strategy.search(objective, trial.floor());
          for (Configuration step : found.path().subList(1, found.path().size())) {
            requireAcceptable(trial, found.baseline(), step, description);
            assertThat(objective.model().leavesAttention(step.mask())).as(description).isTrue();
            assertThat(step.mask().removedCount()).as(description).isPositive();
          }
          assertThat(found.complete()).as(description).isTrue();
          assertThat(found.path()).as(description).doesNotHaveDuplicates();
        });
  }

  private static void requireAcceptable(
      Trial trial, Configuration baseline, Configuration accepted, String description) {
    assertThat(accepted.score().accuracy())
        .as(description)
        .isGreaterThanOrEqualTo(baseline.score().accuracy() - trial.epsilon);
    assertThat(trial.holdsGuard(accepted.mask())).as(description).isTrue();
  }

  @Test
  void whatIsScoredIsRight_andRoundsAreInOrder() {
    forEach(
        (strategy, trial, description) -> {
          Trajectory found = strategy.search(trial.objective(), trial.floor());
          for (Round round : found.rounds()) {
            List<LayerMask> masks = round.candidates().stream().map(Configuration::mask).toList();
            List<LayerMask> left = round.left().stream().map(Bounds::mask).toList();
            assertThat(masks).as(description).isSortedAccordingTo(Masks.LOWEST_FIRST);
            assertThat(left).as(description).isSortedAccordingTo(Masks.LOWEST_FIRST);
            List<LayerMask> both = Stream.concat(masks.stream(), left.stream()).toList();
            assertThat(both).as(description).doesNotHaveDuplicates();
            round.candidates().forEach(each -> requireScore(trial, each, description));
            round
                .refusals()
                .forEach(r -> assertThat(trial.holdsGuard(r.mask())).as(description).isFalse());
            round.accepted().ifPresent(a -> assertThat(round.winner()).as(description).contains(a));
          }
        });
  }

  private static void requireScore(Trial trial, Configuration scored, String description) {
    for (int task = 0; task < trial.tasks.size(); task++) {
      assertThat(scored.score().byTask().get(task).correct())
          .as(description)
          .isEqualTo(trial.correct(scored.mask(), task));
    }
  }

  @Test
  void bestWithRemovedIsTheBestOfAllThatWasScored() {
    forEach(
        (strategy, trial, description) -> {
          Trajectory found = strategy.search(trial.objective(), trial.floor());
          for (int removed = 0; removed <= trial.indices(); removed++) {
            assertThat(found.bestWithRemoved(removed))
                .as(description)
                .isEqualTo(naiveBest(found, removed));
          }
        });
  }

  private static Optional<Configuration> naiveBest(Trajectory found, int removed) {
    List<Configuration> all = new ArrayList<>(List.of(found.baseline()));
    found.rounds().forEach(round -> all.addAll(round.notRefused()));
    Configuration best = null;
    for (Configuration next : all) {
      int compared = best == null ? 1 : next.score().compareAccuracy(best.score());
      boolean lower =
          best != null
              && compared == 0
              && next.mask().removed().toString().compareTo(best.mask().removed().toString()) < 0;
      if (next.mask().removedCount() == removed && (compared > 0 || lower)) {
        best = next;
      }
    }
    return Optional.ofNullable(best);
  }

  @Test
  void theSameSearchFindsTheSame() {
    forEach(
        (strategy, trial, description) ->
            assertThat(strategy.search(trial.objective(), trial.floor()))
                .as(description)
                .isEqualTo(strategy.search(trial.objective(), trial.floor())));
  }

  @Test
  void noMoreIsRemovedThanAllowed() {
    forEach(
        (strategy, trial, description) -> {
          Trajectory found =
              strategy.removingAtMost(2).search(trial.objective(), Floor.belowBaseline(1));
          for (Round round : found.rounds()) {
            round
                .candidates()
                .forEach(
                    each ->
                        assertThat(each.mask().removedCount())
                            .as(description)
                            .isBetween(1, Math.min(2, trial.indices() - 1)));
          }
        });
  }

  @Test
  void theBudgetIsNeverExceeded_andWhatWasFoundBeforeStays() {
    forEach(
        (strategy, trial, description) -> {
          Objective unlimited = trial.objective();
          Trajectory whole = strategy.search(unlimited, trial.floor());
          Objective limited = trial.objective();
          assertThat(strategy.budget(Long.MAX_VALUE - 1).search(limited, trial.floor()))
              .as(description)
              .isEqualTo(whole);
          long cost = limited.layerForwards();
          assertThat(cost).as(description).isGreaterThanOrEqualTo(unlimited.layerForwards());
          assertThat(strategy.budget(cost).search(trial.objective(), trial.floor()))
              .as(description)
              .isEqualTo(whole);
          for (int quarter = 1; quarter <= 4; quarter++) {
            requireCut(strategy, trial, whole, (cost - 1) * quarter / 4, description);
          }
        });
  }

  private static void requireCut(
      SearchStrategy strategy, Trial trial, Trajectory whole, long budget, String description) {
    String which = description + ", budget " + budget;
    Objective objective = trial.objective();
    LayerMask nothing = LayerMask.none(trial.indices());
    Objective baseline = trial.objective();
    baseline.evaluate(List.of(nothing));
    if (budget < baseline.layerForwards()) {
      assertThatThrownBy(
              () -> strategy.budget(Math.max(1, budget)).search(objective, trial.floor()))
          .as(which)
          .isInstanceOf(BudgetExceededException.class)
          .hasMessageContaining("0 are spent");
      return;
    }
    Trajectory cut = strategy.budget(budget).search(objective, trial.floor());
    assertThat(objective.layerForwards()).as(which).isLessThanOrEqualTo(budget);
    assertThat(cut.complete()).as(which).isFalse();
    requireRemedy(strategy, trial, cut, objective.layerForwards(), which);
    int kept = 0;
    while (kept < cut.rounds().size() && cut.rounds().get(kept).equals(whole.rounds().get(kept))) {
      kept++;
    }
    assertThat(cut.rounds().size() - kept).as(which).isBetween(0, 1);
    cut.rounds().stream()
        .skip(kept)
        .flatMap(round -> round.accepted().stream())
        .forEach(
            accepted -> {
              assertThat(strategy).as(which).isInstanceOf(Evolutionary.class);
              requireAcceptable(trial, cut.baseline(), accepted, which);
            });
  }

  private static final Pattern REMARK =
      Pattern.compile(
          "The search stopped early\\. The budget is ([0-9,]+) layer-forwards; ([0-9,]+) are spent,"
              + " ([0-9,]+) are left, and what comes next, .+, takes up to ([0-9,]+); raise the"
              + " budget to at least ([0-9,]+), with .+");

  /** The remark's numbers add up, and with the budget that it names the search goes on. */
  private static void requireRemedy(
      SearchStrategy strategy, Trial trial, Trajectory cut, long spent, String which) {
    Matcher remark = REMARK.matcher(cut.remarks().get(0));
    assertThat(remark.matches()).as("%s: %s", which, cut.remarks()).isTrue();
    long[] numbers =
        IntStream.rangeClosed(1, 5)
            .mapToLong(i -> Long.parseLong(remark.group(i).replace(",", "")))
            .toArray();
    assertThat(numbers[2]).as(which).isEqualTo(numbers[0] - numbers[1]).isLessThan(numbers[3]);
    assertThat(numbers[4]).as(which).isEqualTo(numbers[1] + numbers[3]);
    Objective objective = trial.objective();
    strategy.budget(numbers[4]).search(objective, trial.floor());
    assertThat(objective.layerForwards()).as(which).isGreaterThan(numbers[1]);
    if (strategy instanceof Evolutionary) {
      return; // What it has when the budget ends it, it asks for the guards still.
    }
    assertThat(numbers[1]).as(which).isEqualTo(spent);
    Objective less = trial.objective();
    strategy.budget(numbers[4] - 1).search(less, trial.floor());
    assertThat(less.layerForwards()).as(which).isEqualTo(spent);
  }

  @Test
  void aModelOfOneLayerStaysAsItIs() {
    Task rows = task("rows", 5);
    for (SearchStrategy strategy : Strategies.all(1)) {
      ScriptedModel model = ScriptedModel.of(1, (mask, row) -> true, rows);
      Trajectory found = strategy.search(unguarded(model, rows), Floor.belowBaseline(1));
      assertThat(found.rounds()).as("%s", strategy).isEmpty();
      assertThat(found.bestWithRemoved(1)).as("%s", strategy).isEmpty();
      assertThat(found.bestWithRemoved(0)).as("%s", strategy).contains(found.baseline());
    }
  }

  @Test
  void oneLayerOfPartsLosesItsFeedForwardAtMost() {
    Task rows = task("rows", 5);
    for (SearchStrategy strategy : Strategies.all(2)) {
      ScriptedModel model = ScriptedModel.ofParts(1, (mask, row) -> true, rows);
      Trajectory found = strategy.search(unguarded(model, rows), Floor.belowBaseline(1));
      assertThat(found.path().stream().map(Configuration::mask))
          .as("%s", strategy)
          .containsExactly(LayerMask.none(2), LayerMask.of(2, 1));
    }
  }

  @Test
  void whereAllTieTheLowestGo() {
    Task rows = task("rows", 40);
    int layers = 5;
    for (SearchStrategy strategy : Strategies.all(layers)) {
      ScriptedModel model = ScriptedModel.of(layers, (mask, row) -> row % 3 > 0, rows);
      Trajectory found = strategy.search(unguarded(model, rows), Floor.belowBaseline(0.1));
      for (Round round : found.rounds()) {
        LayerMask lowest =
            Stream.concat(
                    round.candidates().stream().map(Configuration::mask),
                    round.left().stream().map(Bounds::mask))
                .min(Masks.LOWEST_FIRST)
                .orElseThrow();
        boolean stepBack =
            round.candidates().get(0).mask().removedCount() < found.path().size() - 1
                && round.accepted().isEmpty();
        assertThat(stepBack || round.accepted().orElseThrow().mask().equals(lowest))
            .as("%s: %s", strategy, round)
            .isTrue();
      }
    }
  }

  @Test
  void everyRoundIsReported() {
    Task rows = task("rows", 40);
    for (SearchStrategy strategy : Strategies.all(4)) {
      List<Progress.Round> heard = new ArrayList<>();
      Progress listener =
          event -> {
            if (event instanceof Progress.Round round) {
              heard.add(round);
            }
          };
      ScriptedModel model = ScriptedModel.of(4, Script.additive(3), rows);
      Evaluator evaluator = new Evaluator(model, rows, "selection", Journal.none(), listener);
      Trajectory found =
          strategy.search(new Objective(evaluator, List.of()), Floor.belowBaseline(0.2));
      assertThat(heard).as("%s", strategy).hasSameSizeAs(found.rounds());
      for (int i = 0; i < heard.size(); i++) {
        assertThat(heard.get(i).number()).isEqualTo(i + 1);
        assertThat(heard.get(i).accepted()).isEqualTo(found.rounds().get(i).accepted());
        assertThat(heard.get(i).toString()).startsWith("round " + (i + 1));
      }
    }
  }

  @Test
  void outputThatIsNotANumberIsWrong_andEndsNothing() {
    Task rows = task("rows", 30);
    for (SearchStrategy strategy : Strategies.all(5)) {
      ScriptedModel model =
          ScriptedModel.of(5, Script.additive(8), rows).notANumberUnder(mask -> mask.removes(1));
      Trajectory found = strategy.search(unguarded(model, rows), Floor.belowBaseline(0.5));
      assertThat(found.path()).as("%s", strategy).noneMatch(step -> step.mask().removes(1));
    }
  }

  @Test
  void strategiesHaveNamesOfTheirOwn() {
    assertThat(Strategies.all(4).stream().map(SearchStrategy::toString))
        .doesNotHaveDuplicates()
        .isEqualTo(Strategies.all(4).stream().map(SearchStrategy::toString).toList())
        .noneMatch(text -> text.contains("@") || text.contains("$"));
  }

  private static Objective unguarded(ScriptedModel model, Task rows) {
    return new Objective(
        new Evaluator(model, rows, "selection", Journal.none(), Progress.none()), List.of());
  }

  @Test
  void scoresOfAnotherModelAreRefused() {
    Task rows = task("rows", 5);
    ScriptedModel model = ScriptedModel.of(4, (mask, row) -> true, rows);
    ModelInfo info = model.info();
    for (SearchStrategy strategy :
        List.of(
            SearchStrategy.oneShot(Strategies.scores(3)),
            SearchStrategy.greedy().among(Strategies.scores(5), 2))) {
      assertThatThrownBy(() -> strategy.search(unguarded(model, rows), Floor.belowBaseline(0.1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("model " + info.name() + " has 4");
    }
  }
}
