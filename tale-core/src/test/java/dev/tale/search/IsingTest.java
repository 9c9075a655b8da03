package dev.tale.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.journal.Journal;
import dev.tale.model.Batch;
import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.policy.Floor;
import dev.tale.task.Decoding;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The search by interactions of pairs, on models whose loss is known. */
class IsingTest {
  private static final Floor NO_FLOOR = Floor.belowBaseline(1);
  private static final int ROWS = 1100;

  /** Wrong rows of the unpruned model: room for effects of either sign. */
  private static final int WRONG = 400;

  private static Task task(int rows) {
    return Task.multipleChoice(
        "rows",
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.multipleChoice("row " + id, List.of("a", "b"), 0));
  }

  private static Objective objective(ScriptedModel model, Task task) {
    return new Objective(
        new Evaluator(model, task, "selection", Journal.none(), Progress.none()), List.of());
  }

  /** Each wrong row costs the same likelihood: the loss is a multiple of their number. */
  private static ScriptedModel model(int layers, ToIntFunction<LayerMask> wrong, Task task) {
    Map<LayerMask, Integer> known = new HashMap<>();
    return ScriptedModel.of(
        layers, (mask, row) -> row >= known.computeIfAbsent(mask, wrong::applyAsInt), task);
  }

  /** Wrong rows by effects of layers, of pairs and of triples. */
  private record Effects(int layers, Map<LayerMask, Integer> bySet) {

    static Effects random(int layers, int ownMost, int pairMost, int tripleMost, Random random) {
      Map<LayerMask, Integer> effects = new HashMap<>();
      subsets(layers, 1).forEach(set -> effects.put(set, random.nextInt(ownMost + 1)));
      subsets(layers, 2).forEach(set -> effects.put(set, around0(pairMost, random)));
      subsets(layers, 3).forEach(set -> effects.put(set, around0(tripleMost, random)));
      return new Effects(layers, effects);
    }

    private static int around0(int most, Random random) {
      return random.nextInt(2 * most + 1) - most;
    }

    int wrong(LayerMask mask) {
      Set<Integer> gone = Set.copyOf(mask.removed());
      int wrong =
          WRONG
              + bySet.entrySet().stream()
                  .filter(effect -> gone.containsAll(effect.getKey().removed()))
                  .mapToInt(Map.Entry::getValue)
                  .sum();
      assertThat(wrong).isBetween(0, ROWS);
      return wrong;
    }

    int fewestWrong(int removed) {
      return subsets(layers, removed).stream().mapToInt(this::wrong).min().orElseThrow();
    }
  }

  private static List<LayerMask> subsets(int layers, int removed) {
    return IntStream.range(0, 1 << layers)
        .filter(bits -> Integer.bitCount(bits) == removed)
        .mapToObj(
            bits ->
                LayerMask.of(
                    layers, IntStream.range(0, layers).filter(l -> (bits >> l & 1) == 1).toArray()))
        .toList();
  }

  private static LayerMask found(Trajectory trajectory, int removed) {
    return trajectory.bestWithRemoved(removed).orElseThrow().mask();
  }

  @Test
  void whereLayersActInPairsItFindsTheLowestLossOfEverySize() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int greedyMisses = 0;
    for (int trial = 0; trial < 20; trial++) {
      Effects effects = Effects.random(8, 40, 12, 0, random);
      Task task = task(ROWS);
      Trajectory ising =
          SearchStrategy.ising().search(objective(model(8, effects::wrong, task), task), NO_FLOOR);
      Trajectory greedy =
          SearchStrategy.perplexityGreedy()
              .search(objective(model(8, effects::wrong, task), task), NO_FLOOR);
      for (int removed = 1; removed < 8; removed++) {
        int fewest = effects.fewestWrong(removed);
        assertThat(effects.wrong(found(ising, removed)))
            .as("seed %d, trial %d, %d removed", seed, trial, removed)
            .isEqualTo(fewest);
        greedyMisses += effects.wrong(found(greedy, removed)) > fewest ? 1 : 0;
      }
      assertThat(ising.rounds()).hasSize(7).allMatch(round -> round.candidates().size() == 1);
      assertThat(ising.remarks()).isEmpty();
    }
    System.out.printf(
        "pairs only, seed %d: lowest loss of all 140 sizes; greedily %d of them are missed%n",
        seed, greedyMisses);
    assertThat(greedyMisses).isPositive();
  }

  @Test
  void whereTriplesActTooItIsNearTheLowestLoss() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int[] excess = new int[8];
    int[] excessOfLast = new int[8];
    for (int trial = 0; trial < 20; trial++) {
      Effects effects = Effects.random(8, 40, 8, 3, random);
      Task task = task(ROWS);
      Objective objective = objective(model(8, effects::wrong, task), task);
      Trajectory ising = SearchStrategy.ising().search(objective, NO_FLOOR);
      Trajectory last = SearchStrategy.lastLayers().search(objective, NO_FLOOR);
      for (int removed = 1; removed < 8; removed++) {
        int fewest = effects.fewestWrong(removed);
        excess[removed] += effects.wrong(found(ising, removed)) - fewest;
        excessOfLast[removed] += effects.wrong(found(last, removed)) - fewest;
      }
    }
    System.out.printf(
        "with triples, seed %d: wrong rows of %d above the fewest, sum of 20 models, by 1 to 7"
            + " removed: %s; of the last layers %s%n",
        seed, ROWS, Arrays.toString(tail(excess)), Arrays.toString(tail(excessOfLast)));
    assertThat(excess[1]).as("seed %d", seed).isZero();
    assertThat(excess[2]).as("seed %d", seed).isZero();
    assertThat(IntStream.of(excess).sum())
        .as("seed %d", seed)
        .isLessThan(IntStream.of(excessOfLast).sum() / 2);
  }

  private static int[] tail(int[] all) {
    return Arrays.copyOfRange(all, 1, all.length);
  }

  /** Whole numbers, so that ties are ties; some infinite. */
  private static Couplings wholeNumbers(int layers, Random random, double infinite) {
    double[] own = new double[layers];
    double[][] pair = new double[layers][layers];
    for (int i = 0; i < layers; i++) {
      own[i] = wholeNumber(random, infinite);
      for (int j = 0; j < i; j++) {
        pair[i][j] = wholeNumber(random, infinite);
        pair[j][i] = pair[i][j];
      }
    }
    return new Couplings(own, pair);
  }

  private static double wholeNumber(Random random, double infinite) {
    return random.nextDouble() < infinite ? Double.POSITIVE_INFINITY : random.nextInt(7) - 2;
  }

  private static double energy(Couplings couplings, LayerMask mask) {
    double energy = 0;
    for (int i : mask.removed()) {
      energy += couplings.own(i);
      for (int j : mask.removed()) {
        energy += j < i ? couplings.pair(i, j) : 0;
      }
    }
    return energy;
  }

  private static LayerMask naive(ScriptedModel model, Couplings couplings, int removed) {
    LayerMask best = null;
    for (LayerMask mask : subsets(couplings.layers(), removed)) {
      if (!model.info().leavesAttention(mask)) {
        continue;
      }
      double compared =
          best == null ? -1 : Double.compare(energy(couplings, mask), energy(couplings, best));
      if (compared < 0
          || (compared == 0
              && mask.removed().toString().compareTo(best.removed().toString()) < 0)) {
        best = mask;
      }
    }
    return best;
  }

  @Test
  void everySetIsEnumerated_theLowestOnATie_andAttentionIsLeft() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int trial = 0; trial < 60; trial++) {
      int indices = 2 * (1 + random.nextInt(4));
      Task task = task(1);
      ScriptedModel model =
          trial % 2 == 0
              ? ScriptedModel.of(indices, (mask, row) -> true, task)
              : ScriptedModel.ofParts(indices / 2, (mask, row) -> true, task);
      Couplings couplings = wholeNumbers(indices, random, trial % 3 * 0.1);
      LowestEnergy lowest = new LowestEnergy(model.info(), couplings, 0);
      for (int removed = 1; removed < indices; removed++) {
        assertThat(lowest.removing(removed))
            .as("seed %d, trial %d, %d removed", seed, trial, removed)
            .isEqualTo(lowest.enumerated(removed))
            .isEqualTo(naive(model, couplings, removed));
      }
    }
  }

  /** Effects as of a model, and gaussian ones, the hardest: a spin glass. */
  @Test
  void annealingFindsWhatEnumerationFinds() {
    Task task = task(1);
    List<ScriptedModel> models =
        List.of(
            ScriptedModel.of(16, (mask, row) -> true, task),
            ScriptedModel.ofParts(8, (mask, row) -> true, task));
    int sizes = 0;
    List<String> missed = new ArrayList<>();
    for (int seed = 0; seed < 20; seed++) {
      ScriptedModel model = models.get(seed % 2);
      Couplings couplings = gaussian(16, new Random(seed), seed % 4 < 2 ? 1 : 0.1);
      LowestEnergy lowest = new LowestEnergy(model.info(), couplings, seed);
      for (int removed = 1; removed < 16; removed++) {
        LayerMask annealed = lowest.annealed(removed);
        assertThat(annealed.removedCount()).isEqualTo(removed);
        assertThat(model.info().leavesAttention(annealed)).isTrue();
        assertThat(lowest.annealed(removed)).isEqualTo(annealed);
        sizes++;
        if (!annealed.equals(lowest.enumerated(removed))) {
          missed.add("seed " + seed + ", " + removed + " removed");
        }
      }
    }
    System.out.printf(
        "annealing, 16 layers, seeds 0 to 19: the lowest of %d of %d sizes; missed %s%n",
        sizes - missed.size(), sizes, missed);
    assertThat(missed).isEmpty();
  }

  private static Couplings gaussian(int layers, Random random, double pairs) {
    return new Couplings(random.doubles(layers).toArray(), gaussianPairs(layers, random, pairs));
  }

  private static double[][] gaussianPairs(int layers, Random random, double pairs) {
    double[][] pair = new double[layers][layers];
    for (int i = 0; i < layers; i++) {
      for (int j = 0; j < i; j++) {
        pair[i][j] = pairs * random.nextGaussian();
        pair[j][i] = pair[i][j];
      }
    }
    return pair;
  }

  @Test
  void annealingKeepsToTies_andToWhatBreaksNothing() {
    ScriptedModel model = ScriptedModel.of(30, (mask, row) -> true, task(1));
    Couplings flat = new Couplings(new double[30], new double[30][30]);
    LayerMask lowest = LayerMask.of(30, IntStream.range(0, 15).toArray());
    assertThat(new LowestEnergy(model.info(), flat, 1).removing(15)).isEqualTo(lowest);
    double[] own = new double[30];
    Arrays.fill(own, 0, 14, Double.POSITIVE_INFINITY);
    Couplings broken = new Couplings(own, gaussianPairs(30, new Random(1), 1));
    assertThat(new LowestEnergy(model.info(), broken, 1).removing(16))
        .isEqualTo(LayerMask.of(30, IntStream.range(14, 30).toArray()));
  }

  /** 26 layers that act alone: annealing is asked for, and each size is known. */
  @Test
  void deepModelsAreAnnealed_andTheTrajectorySaysSo() {
    Task task = task(ROWS);
    int[] effect = IntStream.range(0, 26).map(layer -> layer * 7 % 26).toArray();
    ScriptedModel model =
        model(
            26,
            mask -> WRONG + mask.removed().stream().mapToInt(layer -> effect[layer]).sum(),
            task);
    Trajectory found =
        SearchStrategy.ising().seed(3).search(objective(model, task), Floor.belowBaseline(1));
    for (int removed = 1; removed < 26; removed++) {
      int most = removed;
      int[] least = IntStream.range(0, 26).filter(layer -> effect[layer] < most).toArray();
      assertThat(found(found, removed)).isEqualTo(LayerMask.of(26, least));
    }
    assertThat(found.remarks())
        .containsExactly(
            "The sets of lowest energy were looked for by annealing where [8, 9, 10, 11, 12, 13,"
                + " 14, 15, 16, 17, 18] layers or parts are removed; there may be lower ones");
    assertThat(
            SearchStrategy.ising()
                .removingAtMost(7)
                .search(objective(model, task), NO_FLOOR)
                .remarks())
        .isEmpty();
  }

  @Test
  void deepStacksOfPartsKeepAnAttention() {
    Task task = task(5);
    ScriptedModel model = ScriptedModel.ofParts(13, (mask, row) -> true, task);
    Trajectory found = SearchStrategy.ising().search(objective(model, task), NO_FLOOR);
    for (int removed = 1; removed < 26; removed++) {
      int[] lowest = IntStream.range(0, removed).toArray();
      lowest[removed - 1] = removed == 25 ? 25 : lowest[removed - 1];
      assertThat(found(found, removed)).isEqualTo(LayerMask.of(26, lowest));
    }
  }

  @Test
  void whatBreaksTheModelGoesLast() {
    assertThat(pathOfBroken(true))
        .containsExactly(
            List.of(0),
            List.of(0, 2),
            List.of(0, 2, 4),
            List.of(0, 2, 4, 5),
            List.of(0, 2, 3, 4, 5));
    assertThat(pathOfBroken(false))
        .containsExactly(
            List.of(0),
            List.of(0, 2),
            List.of(0, 2, 5),
            List.of(0, 3, 4, 5),
            List.of(0, 1, 3, 4, 5));
  }

  /** All layers alike, but that the second breaks the model, and so do the third and fourth. */
  private static List<List<Integer>> pathOfBroken(boolean whole) {
    Task task = task(40);
    Script script = (mask, row) -> row < 30 - mask.removedCount();
    ScriptedModel model =
        whole ? ScriptedModel.of(6, script, task) : ScriptedModel.ofParts(3, script, task);
    model.notANumberUnder(mask -> mask.removes(1) || (mask.removes(2) && mask.removes(3)));
    Trajectory found = SearchStrategy.ising().search(objective(model, task), NO_FLOOR);
    return IntStream.range(1, 6).mapToObj(removed -> found(found, removed).removed()).toList();
  }

  @Test
  void effectsAreDifferences_unlessTheModelIsBroken() {
    Couplings effects =
        new PairLosses(
                3,
                Map.of(
                    LayerMask.none(3), 3.0,
                    LayerMask.of(3, 0), 5.0,
                    LayerMask.of(3, 1), 4.0,
                    LayerMask.of(3, 2), Double.POSITIVE_INFINITY,
                    LayerMask.of(3, 0, 1), 1.0,
                    LayerMask.of(3, 0, 2), Double.NaN,
                    LayerMask.of(3, 1, 2), 1e300))
            .effects();
    double breaking = 4 * (2 + 1 + 2 * 5);
    assertThat(IntStream.range(0, 3).mapToDouble(effects::own)).containsExactly(2.0, 1.0, breaking);
    assertThat(effects.pair(0, 1)).isEqualTo(-5).isEqualTo(effects.pair(1, 0));
    assertThat(effects.pair(0, 2)).isEqualTo(breaking);
    assertThat(effects.pair(2, 1)).isEqualTo(breaking);
    assertThat(effects.scale()).isEqualTo(new Couplings.Scale(5, 5));
    assertThat(effects.energy(new int[] {0, 1, 2})).isEqualTo(2 + 1 - 5 + 3 * breaking);
  }

  @Test
  void aLayerThatHealsHasNoEffectThatCouldBeMeasured() {
    Couplings healed =
        new PairLosses(2, Map.of(LayerMask.of(2, 1), 7.0, LayerMask.of(2, 0, 1), 7.0)).effects();
    assertThat(healed.own(0)).isEqualTo(1);
    assertThat(healed.own(1)).isZero();
    assertThat(healed.pair(0, 1)).isZero();
  }

  /** By the formula of the documentation. */
  @Test
  void itAsksEachPairOnce_andSharesWhatTheyHaveInCommon() {
    for (int layers = 3; layers <= 9; layers++) {
      Task task = task(10);
      ScriptedModel model = ScriptedModel.of(layers, (mask, row) -> true, task);
      List<Request> gold = IntStream.range(0, 10).<Request>mapToObj(task::goldLikelihood).toList();
      Objective objective = objective(model, task);
      PairLosses.ask(objective);
      long whole = model.cost(Batch.of(gold, List.of(LayerMask.none(layers)))).layerForwards();
      int l = layers;
      assertThat(objective.layerForwards())
          .isEqualTo(whole / l * (l + l * (l - 1) / 2 + l * (l - 1) * (l - 2) / 6));
      assertThat(model.answered()).isEqualTo(10L * (1 + l + l * (l - 1) / 2));
      assertThat(model.bulkCalls()).isEqualTo(1);
    }
  }

  @Test
  void whereOneLayerMayGoPairsAreNotAsked() {
    Task task = task(10);
    ScriptedModel model = ScriptedModel.of(5, (mask, row) -> mask.removes(3) || row > 0, task);
    Trajectory found =
        SearchStrategy.ising().removingAtMost(1).search(objective(model, task), NO_FLOOR);
    assertThat(found(found, 1)).isEqualTo(LayerMask.of(5, 3));
    assertThat(model.answered()).isEqualTo(10 * (1 + 5) + 2 * 10 * 2);
  }

  @Test
  void itNeedsLikelihoodsOfRightAnswers() {
    Task texts =
        Task.generation(
            "sums",
            List.of(1, 2),
            id -> Example.generation("question " + id, "answer " + id),
            Decoding.until("\n"));
    for (SearchStrategy strategy :
        List.of(SearchStrategy.ising(), SearchStrategy.perplexityGreedy())) {
      ScriptedModel model = ScriptedModel.of(4, (mask, row) -> true, texts);
      assertThatThrownBy(() -> strategy.search(objective(model, texts), NO_FLOOR))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Task sums, row 0: not asked");
    }
  }

  @Test
  void theSeedIsPartOfTheName() {
    assertThat(SearchStrategy.ising())
        .hasToString("ising by the likelihood of the right answers, seed 0");
    assertThat(SearchStrategy.ising().seed(7))
        .hasToString("ising by the likelihood of the right answers, seed 7");
  }
}
