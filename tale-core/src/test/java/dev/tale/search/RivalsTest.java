package dev.tale.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.evaluate.Bounds;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.importance.LayerScores;
import dev.tale.journal.Journal;
import dev.tale.model.Batch;
import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.policy.Floor;
import dev.tale.task.Decoding;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import dev.tale.testing.Strategies;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is particular to each rival of greedy search. */
class RivalsTest {
  private static final Floor NO_FLOOR = Floor.belowBaseline(1);

  private static Task task(String name, int rows) {
    return Task.multipleChoice(
        name,
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.multipleChoice(name + " row " + id, List.of("a", "b"), id % 2));
  }

  private static Evaluator evaluator(ScriptedModel model, Task task) {
    return new Evaluator(model, task, "selection", Journal.none(), Progress.none());
  }

  private static Objective objective(ScriptedModel model, Task task) {
    return new Objective(evaluator(model, task), List.of());
  }

  private static Trajectory search(SearchStrategy strategy, int layers, int rows, Script script) {
    Task task = task("rows", rows);
    return strategy.search(objective(ScriptedModel.of(layers, script, task), task), NO_FLOOR);
  }

  private static List<List<Integer>> path(Trajectory found) {
    return found.path().stream().skip(1).map(step -> step.mask().removed()).toList();
  }

  /** A model whose accuracy, of 100 rows, is given for some masks and 10 for all others. */
  private static Script table(Map<Set<Integer>, Integer> correct) {
    return (mask, row) -> row < correct.getOrDefault(Set.copyOf(mask.removed()), 10);
  }

  @Test
  void backwardForwardLeavesTheTrapOfGreedySearch() {
    Map<Set<Integer>, Integer> correct = new HashMap<>();
    correct.put(Set.of(), 90);
    correct.put(Set.of(0), 85);
    correct.put(Set.of(0, 1), 70);
    correct.put(Set.of(0, 1, 2), 69);
    correct.put(Set.of(1, 2), 80);
    correct.put(Set.of(1, 2, 3), 75);
    SearchStrategy limited = SearchStrategy.backwardForward().removingAtMost(3);
    Trajectory found = search(limited, 5, 100, table(correct));
    assertThat(path(found))
        .containsExactly(
            List.of(0), List.of(0, 1), List.of(0, 1, 2), List.of(1, 2), List.of(1, 2, 3));
    assertThat(found.bestWithRemoved(3).orElseThrow().score().correct()).isEqualTo(75);
    Trajectory greedy = search(SearchStrategy.greedy().removingAtMost(3), 5, 100, table(correct));
    assertThat(path(greedy)).containsExactly(List.of(0), List.of(0, 1), List.of(0, 1, 2));
  }

  /** Without any structure a walk has most reasons to go to and fro. */
  private static Script chaos(long seed) {
    return (mask, row) ->
        new SplittableRandom(31 * seed + 7L * mask.hashCode() + row % 5).nextBoolean();
  }

  @Test
  void backwardForwardEnds_andEachStepBackIsStrictlyBetter() {
    long seed = new Random().nextLong();
    int stepsBack = 0;
    for (int trial = 0; trial < 150; trial++) {
      int layers = 2 + trial % 6;
      Trajectory found = search(SearchStrategy.backwardForward(), layers, 30, chaos(seed + trial));
      Map<Integer, Configuration> best = new HashMap<>();
      for (Configuration step : found.path()) {
        Configuration before = best.put(step.mask().removedCount(), step);
        assertThat(before == null || step.score().correct() > before.score().correct())
            .as("seed %d, trial %d", seed, trial)
            .isTrue();
        stepsBack += best.size() - 1 > step.mask().removedCount() ? 1 : 0;
      }
      assertThat(found.bestWithRemoved(layers - 1)).isPresent();
    }
    assertThat(stepsBack).as("seed %d", seed).isGreaterThan(20);
  }

  @Test
  void aShortlistLooksAtTheLeastImportantOnly_andSaysSo() {
    LayerScores scores = Strategies.scores(6);
    List<Integer> order = scores.leastFirst();
    Trajectory found =
        search(
            SearchStrategy.greedy().scoringAll().among(scores, 2).removingAtMost(3),
            6,
            80,
            Script.additive(4));
    Set<Integer> seen = new HashSet<>();
    List<Integer> left = new ArrayList<>(order);
    for (Round round : found.rounds()) {
      Set<Integer> asked = new HashSet<>();
      round.candidates().forEach(each -> asked.addAll(each.mask().removed()));
      seen.addAll(asked);
      asked.retainAll(left);
      assertThat(asked).containsExactlyInAnyOrderElementsOf(left.subList(0, 2));
      left.removeAll(round.accepted().orElseThrow().mask().removed());
    }
    List<String> never =
        IntStream.range(0, 6).filter(l -> !seen.contains(l)).mapToObj(String::valueOf).toList();
    assertThat(never).isNotEmpty();
    assertThat(found.remarks())
        .containsExactly(
            "Each round looked at no more than the 2 remaining layers that matter least by coin;"
                + " never looked at: "
                + never);
    assertThat(SearchStrategy.greedy().among(scores, 2))
        .hasToString(
            "greedy, exact racing, among the 2 that matter least by coin " + scores.leastFirst());
  }

  @Test
  void aShortlistOfAllIsGreedySearch() {
    for (int seed = 0; seed < 20; seed++) {
      Script script = Script.additive(seed);
      assertThat(
              search(SearchStrategy.greedy().among(Strategies.scores(5), 5), 5, 50, script)
                  .rounds())
          .isEqualTo(search(SearchStrategy.greedy(), 5, 50, script).rounds());
    }
  }

  @Test
  void oneShotFollowsTheScore_whateverTheAccuracy() {
    LayerScores scores = Strategies.scores(5);
    Trajectory found = search(SearchStrategy.oneShot(scores), 5, 40, Script.additive(2));
    assertThat(path(found))
        .isEqualTo(
            IntStream.range(1, 5)
                .mapToObj(n -> scores.leastFirst().subList(0, n).stream().sorted().toList())
                .toList());
    assertThat(SearchStrategy.oneShot(scores))
        .hasToString("one-shot by coin " + scores.leastFirst());
  }

  @Test
  void lastLayersGo_whateverTheAccuracy_forLessThanTheWholeModel() {
    Task task = task("rows", 40);
    Objective objective = objective(ScriptedModel.of(5, Script.additive(2), task), task);
    objective.evaluate(List.of(LayerMask.none(5)));
    long whole = objective.layerForwards();
    Trajectory found = SearchStrategy.lastLayers().search(objective, NO_FLOOR);
    assertThat(path(found))
        .containsExactly(List.of(4), List.of(3, 4), List.of(2, 3, 4), List.of(1, 2, 3, 4));
    assertThat(objective.layerForwards()).isEqualTo(whole + whole * 4 / 5);
    assertThat(SearchStrategy.lastLayers()).hasToString("last layers");
  }

  @Test
  void lastPartsGo_butTheFirstAttention() {
    Task task = task("rows", 10);
    ScriptedModel model = ScriptedModel.ofParts(2, (mask, row) -> true, task);
    Trajectory found = SearchStrategy.lastLayers().search(objective(model, task), NO_FLOOR);
    assertThat(path(found)).containsExactly(List.of(3), List.of(2, 3), List.of(1, 2, 3));
  }

  @Test
  void oneShotGoesOnWhereTheFloorWasMissed() {
    LayerScores scores = Strategies.scores(4);
    Script worseThenBetter = (mask, row) -> mask.removedCount() != 2 || row < 5;
    Task task = task("rows", 10);
    Trajectory found =
        SearchStrategy.oneShot(scores)
            .search(
                objective(ScriptedModel.of(4, worseThenBetter, task), task),
                Floor.belowBaseline(0.1));
    assertThat(found.path().stream().map(step -> step.mask().removedCount()))
        .containsExactly(0, 1, 3);
  }

  @Test
  void aMeasureChoosesTheSpan_theFirstOnATie() {
    SearchStrategy strategy =
        SearchStrategy.spans().by("distance from 2", (first, length) -> Math.abs(2.5 - first));
    Trajectory found = search(strategy.removingAtMost(3), 6, 10, (mask, row) -> true);
    assertThat(path(found)).containsExactly(List.of(2), List.of(2, 3), List.of(2, 3, 4));
    assertThat(strategy).hasToString("spans by distance from 2");
    assertThatThrownBy(
            () ->
                search(
                    SearchStrategy.spans().by("nothing", (first, length) -> Double.NaN),
                    3,
                    5,
                    (mask, row) -> true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The nothing of the 1 layers from 0 on is NaN");
  }

  /** Losses straight from the model, without evaluator: the naive way. */
  private static double loss(ScriptedModel model, Task task, LayerMask mask) {
    double sum = 0;
    long tokens = 0;
    for (int row = 0; row < task.size(); row++) {
      List<Request> request = List.of(task.goldLikelihood(row));
      Response.LogLikelihood response =
          (Response.LogLikelihood) model.respond(request, List.of(mask)).get(0).get(0);
      sum -= response.sum();
      tokens += response.tokens();
    }
    return sum / tokens;
  }

  private static List<List<Integer>> lowestLossFirst(ScriptedModel model, Task texts) {
    List<List<Integer>> path = new ArrayList<>();
    LayerMask mask = LayerMask.none(model.info().layerCount());
    while (true) {
      LayerMask from = mask;
      List<LayerMask> next =
          from.kept().stream().map(from::remove).filter(model.info()::leavesAttention).toList();
      if (next.isEmpty()) {
        return path;
      }
      mask = next.stream().min(Comparator.comparing(m -> loss(model, texts, m))).orElseThrow();
      path.add(mask.removed());
    }
  }

  @Test
  void perplexityChoosesByTheLossOfTheRightAnswers() {
    Task task = task("rows", 40);
    Task texts = task("texts", 60);
    int different = 0;
    for (int seed = 0; seed < 15; seed++) {
      for (ScriptedModel model :
          List.of(
              ScriptedModel.of(5, Script.additive(seed), task, texts),
              ScriptedModel.ofParts(3, Script.additive(seed), task, texts))) {
        Trajectory own = SearchStrategy.perplexityGreedy().search(objective(model, task), NO_FLOOR);
        Trajectory others =
            SearchStrategy.perplexityGreedy().on(texts).search(objective(model, task), NO_FLOOR);
        assertThat(path(own)).as("seed %d", seed).isEqualTo(lowestLossFirst(model, task));
        assertThat(path(others)).as("seed %d", seed).isEqualTo(lowestLossFirst(model, texts));
        assertThat(own.rounds()).allMatch(round -> round.candidates().size() == 1);
        different += path(own).equals(path(others)) ? 0 : 1;
      }
    }
    assertThat(different).isGreaterThan(15);
    assertThat(SearchStrategy.perplexityGreedy())
        .hasToString("greedy by perplexity of the right answers");
    assertThat(SearchStrategy.perplexityGreedy().on(texts))
        .hasToString("greedy by perplexity of texts (" + texts.contentHash() + ")");
  }

  @Test
  void whatPerplexityCostsIsCounted() {
    Task task = task("rows", 10);
    ScriptedModel model = ScriptedModel.of(2, (mask, row) -> true, task);
    Evaluator evaluator = evaluator(model, task);
    Objective objective = new Objective(evaluator, List.of());
    SearchStrategy.perplexityGreedy().search(objective, NO_FLOOR);
    List<Request> gold = IntStream.range(0, 10).<Request>mapToObj(task::goldLikelihood).toList();
    List<Request> all =
        IntStream.range(0, 10).boxed().flatMap(row -> task.requests(row).stream()).toList();
    List<LayerMask> round = List.of(LayerMask.of(2, 0), LayerMask.of(2, 1));
    long expected =
        model.cost(Batch.of(gold, round)).layerForwards()
            + model.cost(Batch.of(all, List.of(LayerMask.none(2)))).layerForwards()
            + model.cost(Batch.of(all, round.subList(0, 1))).layerForwards();
    assertThat(evaluator.work().layerForwards()).isEqualTo(expected);
    assertThat(objective.layerForwards()).isEqualTo(expected);
  }

  /** The more of the right layers are gone, the better; others harm. */
  private static Script planted(Set<Integer> right) {
    return (mask, row) -> {
      long hits = mask.removed().stream().filter(right::contains).count();
      long misses = mask.removedCount() - hits;
      return (row * 7919L) % 100 < 50 + 8 * hits - 8 * misses;
    };
  }

  @Test
  void evolutionFindsWhatIsPlanted_forFewerRowsThanAskingAll() {
    Set<Integer> right = Set.of(1, 4, 6, 10);
    Task task = task("rows", 100);
    Evaluator evaluator = evaluator(ScriptedModel.of(12, planted(right), task), task);
    Trajectory found =
        SearchStrategy.evolutionary(3)
            .removingAtMost(4)
            .search(new Objective(evaluator, List.of()), NO_FLOOR);
    assertThat(found.bestWithRemoved(4).orElseThrow().mask())
        .isEqualTo(LayerMask.of(12, 1, 4, 6, 10));
    assertThat(found.rounds()).hasSize(4);
    long all = 100L * Masks.count(12, 4).longValue();
    assertThat(evaluator.work().rowEvaluations()).isLessThan(all / 2);
    assertThat(found.rounds().get(3).left()).isNotEmpty().allMatch(b -> b.scored() < b.total());
  }

  @Test
  void theSeedDecides() {
    Trajectory one = search(SearchStrategy.random(2, 1), 8, 30, Script.additive(1));
    Trajectory two = search(SearchStrategy.random(2, 2), 8, 30, Script.additive(1));
    assertThat(one).isNotEqualTo(two);
    Trajectory three =
        search(SearchStrategy.evolutionary(1).generations(1), 8, 30, Script.additive(1));
    Trajectory four =
        search(SearchStrategy.evolutionary(2).generations(1), 8, 30, Script.additive(1));
    assertThat(three).isNotEqualTo(four);
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    List<Runnable> wrong =
        List.of(
            () -> SearchStrategy.beam(0),
            () -> SearchStrategy.random(0, 1),
            () -> SearchStrategy.evolutionary(1).offspring(0),
            () -> SearchStrategy.evolutionary(1).generations(0),
            () -> SearchStrategy.exhaustive(0),
            () -> SearchStrategy.greedy().among(Strategies.scores(3), 0),
            () -> SearchStrategy.greedy().budget(0),
            () -> SearchStrategy.greedy().removingAtMost(0));
    for (Runnable each : wrong) {
      assertThatThrownBy(each::run)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("0")
          .hasMessageContaining("give at least 1");
    }
    assertThat(SearchStrategy.beam(3).removingAtMost(4).budget(1000))
        .hasToString("beam of 3, at most 4 removed, at most 1000 layer-forwards");
    assertThat(SearchStrategy.evolutionary(9).offspring(4))
        .hasToString("evolutionary, 4 offspring, n (L - n) / 1.5 generations, seed 9");
  }

  @Test
  void aSampleIsTheBeginningOfOneOrder() {
    Task task = task("rows", 50);
    Script script = Script.additive(12);
    ScriptedModel model = ScriptedModel.of(4, script, task);
    Objective objective = objective(model, task);
    List<LayerMask> masks = List.of(LayerMask.of(4, 1), LayerMask.of(4, 2));
    List<Bounds> few = objective.sample(masks, 10, 5);
    assertThat(few).allMatch(bounds -> bounds.scored() == 10 && bounds.total() == 50);
    assertThat(few.get(0).accuracyAtLeast()).isEqualTo(few.get(0).correct() / 50.0);
    assertThat(few.get(0).accuracyAtMost()).isEqualTo((few.get(0).correct() + 40) / 50.0);
    assertThat(model.answered()).isEqualTo(2 * 2 * 10);
    assertThat(objective.sample(masks, 20, 5)).allMatch(bounds -> bounds.scored() == 20);
    assertThat(model.answered()).isEqualTo(2 * 2 * 20);
    assertThat(objective.sample(masks, 10, 5)).isEqualTo(few);
    List<Bounds> all = objective.sample(masks, 50, 5);
    for (int i = 0; i < masks.size(); i++) {
      int mask = i;
      long correct =
          IntStream.range(0, 50).filter(row -> script.correct(masks.get(mask), row)).count();
      assertThat(all.get(i).correct()).isEqualTo((int) correct);
      assertThat(all.get(i).accuracyAtLeast()).isEqualTo(all.get(i).accuracyAtMost());
    }
    assertThatThrownBy(() -> objective.sample(masks, 51, 5))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void generationsAreBudgetedAtTheirLongest() {
    Task task =
        Task.generation(
            "sums",
            IntStream.range(0, 10).boxed().toList(),
            id -> Example.generation("question " + id, "answer " + id),
            Decoding.until("\n").withMaxNewTokens(30));
    List<SearchStrategy> byAccuracy =
        Strategies.all(4).stream()
            .filter(s -> !(s instanceof PerplexityGreedy || s instanceof Ising))
            .toList();
    for (SearchStrategy strategy : byAccuracy) {
      Objective whole = objective(ScriptedModel.of(4, Script.additive(1), task), task);
      strategy.search(whole, NO_FLOOR);
      long budget = 2 * whole.layerForwards();
      Objective objective = objective(ScriptedModel.of(4, Script.additive(1), task), task);
      Trajectory found = strategy.budget(budget).search(objective, NO_FLOOR);
      assertThat(objective.layerForwards()).as("%s", strategy).isLessThanOrEqualTo(budget);
      assertThat(found.baseline().score().total()).isEqualTo(10);
    }
  }

  /** By hand: 40 rows of one token each, 4 layers; the budget pays the baseline and two sizes. */
  @Test
  void inOrderOfAScore_whatTheBudgetPaysIsScored_fewestRemovedFirst() {
    Task task = task("rows", 40);
    Trajectory whole = search(SearchStrategy.oneShot(Strategies.scores(4)), task);
    Objective paid = objective(ScriptedModel.of(4, Script.additive(1), task), task);
    for (int size = 0; size <= 2; size++) {
      List<LayerMask> one =
          List.of(
              size == 0
                  ? LayerMask.none(4)
                  : whole.rounds().get(size - 1).candidates().get(0).mask());
      paid.evaluate(one);
    }
    long budget = paid.layerForwards();
    for (SearchStrategy strategy :
        List.of(
            SearchStrategy.oneShot(Strategies.scores(4)),
            SearchStrategy.lastLayers(),
            SearchStrategy.spans().by("first", (first, length) -> first))) {
      Trajectory cut = search(strategy.budget(budget), task);
      assertThat(cut.rounds())
          .as("%s", strategy)
          .isEqualTo(search(strategy, task).rounds().subList(0, 2));
      assertThat(search(strategy.budget(budget - 1), task).rounds()).as("%s", strategy).hasSize(1);
      assertThat(cut.remarks().get(0)).contains("; raise the budget to at least");
    }
  }

  private static Trajectory search(SearchStrategy strategy, Task task) {
    return strategy.search(
        objective(ScriptedModel.of(4, Script.additive(1), task), task), NO_FLOOR);
  }

  @Test
  void aPartOfABeamsRoundIsNotAsked_andItsCostIsSaid() {
    Task task = task("rows", 40);
    ScriptedModel model = ScriptedModel.of(4, Script.additive(1), task);
    Objective objective = objective(model, task);
    objective.evaluate(List.of(LayerMask.none(4)));
    long baseline = objective.layerForwards();
    objective.evaluate(IntStream.range(0, 4).mapToObj(i -> LayerMask.of(4, i)).toList());
    long round = objective.layerForwards() - baseline;
    Trajectory cut = search(SearchStrategy.beam(2).budget(baseline + round - 1), task);
    assertThat(cut.rounds()).isEmpty();
    assertThat(cut.remarks().get(0))
        .contains(
            String.format(
                Locale.ROOT,
                "%,d are left, and what comes next, every row under 4 masks, takes up to %,d; raise"
                    + " the budget to at least %,d",
                round - 1,
                round,
                baseline + round));
    assertThat(search(SearchStrategy.beam(2).budget(baseline + round), task).rounds()).hasSize(1);
  }

  @Test
  void aBudgetIsAskedApartFromTheStrategy() {
    SearchStrategy nested =
        SearchStrategy.beam(3).budget(70).removingAtMost(4).budget(90).budget(80);
    assertThat(nested.layerForwardBudget()).hasValue(70);
    assertThat(nested.withoutBudget()).hasToString("beam of 3, at most 4 removed");
    assertThat(SearchStrategy.greedy().layerForwardBudget()).isEmpty();
  }

  @Test
  void aBudgetWithinABudgetIsTheSmaller() {
    Task task = task("rows", 10);
    ScriptedModel model = ScriptedModel.of(3, (mask, row) -> true, task);
    Objective objective = objective(model, task);
    objective.evaluate(List.of(LayerMask.none(3)));
    long spent = objective.layerForwards();
    for (SearchStrategy strategy :
        List.of(
            SearchStrategy.greedy().budget(10).budget(1_000_000),
            SearchStrategy.greedy().budget(1_000_000).budget(10))) {
      Trajectory found = strategy.search(objective, NO_FLOOR);
      assertThat(found.complete()).isFalse();
      assertThat(found.remarks().get(0)).contains("The budget is 10 layer-forwards; 0 are spent");
    }
    assertThat(objective.layerForwards()).isEqualTo(spent);
  }
}
