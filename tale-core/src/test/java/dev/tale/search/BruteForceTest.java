package dev.tale.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.journal.Journal;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import dev.tale.policy.Floor;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Strategies that look at everything find what counting over all subsets finds. */
class BruteForceTest {
  private static final Floor NO_FLOOR = Floor.belowBaseline(1);

  private static Task task(int rows) {
    return Task.multipleChoice(
        "rows",
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.multipleChoice("row " + id, List.of("a", "b"), id % 2));
  }

  private record Trial(int indices, boolean parts, int rows, Script script) {

    static Trial of(Random random) {
      boolean parts = random.nextInt(3) == 0;
      Script additive = Script.additive(random.nextLong());
      int group = 1 + random.nextInt(8);
      return new Trial(
          parts ? 2 * (1 + random.nextInt(3)) : 1 + random.nextInt(8),
          parts,
          1 + random.nextInt(60),
          (mask, row) -> additive.correct(mask, row / group));
    }

    Objective objective() {
      Task task = task(rows);
      ScriptedModel model =
          parts
              ? ScriptedModel.ofParts(indices / 2, script, task)
              : ScriptedModel.of(indices, script, task);
      return new Objective(
          new Evaluator(model, task, "selection", Journal.none(), Progress.none()), List.of());
    }

    long correct(LayerMask mask) {
      return IntStream.range(0, rows).filter(row -> script.correct(mask, row)).count();
    }

    /** The best subset by bits; on a tie the one whose list of layers is the lowest. */
    Optional<LayerMask> best(int removed, Predicate<LayerMask> allowed) {
      ModelInfo model = objective().model();
      return IntStream.range(0, 1 << indices)
          .filter(bits -> Integer.bitCount(bits) == removed)
          .mapToObj(
              bits ->
                  LayerMask.of(
                      indices,
                      IntStream.range(0, indices).filter(l -> (bits >> l & 1) == 1).toArray()))
          .filter(model::leavesAttention)
          .filter(allowed)
          .max(
              (first, second) -> {
                int compared = Long.compare(correct(first), correct(second));
                return compared != 0
                    ? compared
                    : second.removed().toString().compareTo(first.removed().toString());
              });
    }
  }

  private static void requireBest(SearchStrategy strategy, Predicate<LayerMask> allowed) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      Trial trial = Trial.of(random);
      Trajectory found = strategy.search(trial.objective(), NO_FLOOR);
      for (int removed = 1; removed <= trial.indices; removed++) {
        Optional<LayerMask> best =
            removed == trial.indices ? Optional.empty() : trial.best(removed, allowed);
        assertThat(found.bestWithRemoved(removed).map(Configuration::mask))
            .as("%s, seed %d, trial %d, %d removed", strategy, seed, i, removed)
            .isEqualTo(best);
      }
    }
  }

  @Test
  void exhaustive() {
    requireBest(SearchStrategy.exhaustive(), mask -> true);
  }

  @Test
  void aBeamThatIsWideEnough() {
    requireBest(SearchStrategy.beam(70), mask -> true);
  }

  @Test
  void asManyRandomDrawsAsThereAreMasks() {
    requireBest(SearchStrategy.random(70, 1), mask -> true);
  }

  @Test
  void spans() {
    requireBest(SearchStrategy.spans(), BruteForceTest::isSpan);
  }

  private static boolean isSpan(LayerMask mask) {
    List<Integer> removed = mask.removed();
    return removed.get(removed.size() - 1) - removed.get(0) == removed.size() - 1;
  }

  @Test
  void exhaustiveSearchIsRefusedAboveItsLimit() {
    Trial trial = new Trial(8, false, 1, (mask, row) -> true);
    int masks = (1 << 8) - 2;
    assertThat(SearchStrategy.exhaustive(masks).search(trial.objective(), NO_FLOOR).path())
        .hasSize(8);
    assertThatThrownBy(
            () -> SearchStrategy.exhaustive(masks - 1).search(trial.objective(), NO_FLOOR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("up to 7 of 8 layers")
        .hasMessageContaining(masks + " masks, more than the limit of " + (masks - 1));
    Trial big = new Trial(80, false, 1, (mask, row) -> true);
    assertThatThrownBy(() -> SearchStrategy.exhaustive().search(big.objective(), NO_FLOOR))
        .hasMessageContaining("1208925819614629174706174 masks");
    assertThat(
            SearchStrategy.exhaustive()
                .removingAtMost(1)
                .search(big.objective(), NO_FLOOR)
                .bestWithRemoved(1)
                .orElseThrow()
                .mask())
        .isEqualTo(LayerMask.of(80, 0));
  }

  @Test
  void beamOfOneIsGreedySearch() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 60; i++) {
      Trial trial = Trial.of(random);
      Floor floor = random.nextBoolean() ? Floor.belowBaseline(0.1) : Floor.belowCurrent(0.1);
      assertThat(SearchStrategy.beam(1).search(trial.objective(), floor))
          .as("seed %d, trial %d", seed, i)
          .isEqualTo(SearchStrategy.greedy().scoringAll().search(trial.objective(), floor));
    }
  }

  @Test
  void masksOfOneSizeInOrder() {
    ModelInfo model = new Trial(6, false, 1, (mask, row) -> true).objective().model();
    List<LayerMask> all = Masks.all(model, 3);
    assertThat(all).hasSize(20).doesNotHaveDuplicates().isSortedAccordingTo(Masks.LOWEST_FIRST);
    assertThat(Masks.count(6, 3)).isEqualTo(6 + 15 + 20);
    ModelInfo deep = new Trial(32, false, 1, (mask, row) -> true).objective().model();
    assertThat(Masks.all(deep, 31)).hasSize(32);
    Random random = new Random(4);
    List<LayerMask> drawn = Masks.draw(deep, 5, 200, random);
    assertThat(drawn).hasSize(200).doesNotHaveDuplicates().allMatch(m -> m.removedCount() == 5);
    assertThat(Stream.of(0, 1, 2).map(r -> Masks.draw(model, 1, 2, random).size())).containsOnly(2);
  }
}
