package dev.tale.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.journal.Journal;
import dev.tale.journal.Work;
import dev.tale.model.LayerMask;
import dev.tale.task.Decoding;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class RaceTest {
  private static final int CANDIDATES = 12;
  private static final int ROWS = 1000;

  private static Task task(String name, int rows) {
    return Task.multipleChoice(
        name,
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.multipleChoice(name + " row " + id, List.of("a", "b"), id % 2));
  }

  private static Evaluator evaluator(int layers, Script script, Task task) {
    ScriptedModel model = ScriptedModel.of(layers, script, task);
    return new Evaluator(model, task, "selection", Journal.none(), Progress.none());
  }

  private static List<LayerMask> candidates(int layers) {
    return IntStream.range(0, layers).mapToObj(layer -> LayerMask.of(layers, layer)).toList();
  }

  private static Race race(Evaluator evaluator, Racing racing) {
    return new Race(evaluator, candidates(evaluator.layers()), racing);
  }

  /**
   * Answers of candidates that agree on most rows, as pruned models do: a row is hard or easy to
   * all of them. Accuracies are 0.5 to 0.66, whose is random.
   */
  private static Script correlated(Random random) {
    boolean[][] right = new boolean[CANDIDATES][ROWS];
    List<Integer> order = new ArrayList<>(IntStream.range(0, CANDIDATES).boxed().toList());
    Collections.shuffle(order, random);
    double[] ease = random.doubles(ROWS).toArray();
    for (int candidate = 0; candidate < CANDIDATES; candidate++) {
      double accuracy = 0.5 + 0.16 * order.get(candidate) / (CANDIDATES - 1);
      for (int row = 0; row < ROWS; row++) {
        double own = random.nextDouble() < 0.6 ? ease[row] : random.nextDouble();
        right[candidate][row] = own < accuracy;
      }
    }
    return (mask, row) -> mask.removedCount() == 1 && right[mask.removed().get(0)][row];
  }

  private static int correct(Script script, LayerMask mask, int rows) {
    return (int) IntStream.range(0, rows).filter(row -> script.correct(mask, row)).count();
  }

  /** Returns the share of the work that was done, and the loss of the winner in rows. */
  private static double[] race(Task task, Script script, Racing racing) {
    Evaluator evaluator = evaluator(CANDIDATES, script, task);
    Configuration winner = race(evaluator, racing).winner().orElseThrow();
    int best =
        candidates(CANDIDATES).stream()
            .mapToInt(mask -> correct(script, mask, ROWS))
            .max()
            .orElseThrow();
    Work work = evaluator.work();
    assertThat(work.naiveRowEvaluations()).isEqualTo(CANDIDATES * ROWS);
    return new double[] {
      (double) work.rowEvaluations() / work.naiveRowEvaluations(), best - winner.score().correct()
    };
  }

  @Test
  void statisticalRacing_theLossExceedsTheToleranceInAtMostDelta() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Task task = generation(ROWS);
    int beyond = 0;
    double share = 0;
    for (int round = 0; round < 200; round++) {
      double[] raced =
          race(task, correlated(random), Racing.statistical(0.05, 0.02, random.nextLong()));
      share += raced[0] / 200;
      beyond += raced[1] > 0.02 * ROWS ? 1 : 0;
    }
    assertThat(beyond).as("seed %d", seed).isLessThanOrEqualTo(10);
    assertThat(share).as("seed %d", seed).isLessThan(0.6);
  }

  @Test
  void withoutToleranceTheWinnerIsAsGoodAsTheBest() {
    Task task = generation(ROWS);
    for (int round = 0; round < 20; round++) {
      double[] raced =
          race(task, correlated(new Random(round)), Racing.statistical(1e-3, 0, round));
      assertThat(raced[1]).as("round %d", round).isZero();
    }
  }

  @Test
  void allTied_theFirstWins_whateverTheRule() {
    List<Racing> rules = List.of(Racing.none(), Racing.exact(), Racing.statistical(0.05, 0, 3));
    for (Script script :
        List.<Script>of((m, row) -> true, (m, row) -> false, (m, row) -> row % 3 == 0)) {
      for (Racing racing : rules) {
        for (int rows : new int[] {1, 31, 32, 33, 100}) {
          Race race = race(evaluator(4, script, task("rows", rows)), racing);
          assertThat(race.winner().orElseThrow().mask()).isEqualTo(LayerMask.of(4, 0));
        }
      }
    }
  }

  /** The lead changes when most have left: who is not certified against the new one comes back. */
  @Test
  void everyoneWhoLeftIsCertifiedAgainstTheWinner() {
    for (int seed = 0; seed < 30; seed++) {
      Racing.Statistical rule = new Racing.Statistical(0.5, 0.1, seed);
      Evaluator evaluator = evaluator(CANDIDATES, correlated(new Random(seed)), generation(ROWS));
      Race race = race(evaluator, rule);
      Configuration winner = race.winner().orElseThrow();
      PairedEvidence evidence = evidence(evaluator, rule);
      Contender best = contender(evaluator, rule, winner.mask(), ROWS);
      for (Bounds bounds : race.incomplete()) {
        Contender left = contender(evaluator, rule, bounds.mask(), bounds.scored());
        assertThat(best.surelyBeats(left) || evidence.rejects(left, best))
            .as("seed %d, %s", seed, bounds)
            .isTrue();
      }
    }
  }

  private static PairedEvidence evidence(Evaluator evaluator, Racing.Statistical rule) {
    List<TaskRow> rows = ShuffledRows.of(evaluator.tasks(), rule.seed(), 1);
    return new PairedEvidence(evaluator.tasks(), rows, rule, CANDIDATES);
  }

  private static Contender contender(Evaluator evaluator, Racing rule, LayerMask mask, int scored) {
    Contender contender = new Contender(mask.removed().get(0), mask, evaluator.tasks());
    contender.add(evaluator, ShuffledRows.of(evaluator.tasks(), rule.seed(), 1).subList(0, scored));
    return contender;
  }

  @Test
  void exact_oneRowOnly_andOneCandidateOnly() {
    Race oneRow =
        race(evaluator(3, (mask, row) -> mask.removes(1), task("row", 1)), Racing.exact());
    assertThat(oneRow.winner().orElseThrow().mask()).isEqualTo(LayerMask.of(3, 1));
    for (Racing racing : List.of(Racing.exact(), Racing.statistical(0.05, 0.02, 3))) {
      Race one = race(evaluator(1, (mask, row) -> row > 50, task("rows", 100)), racing);
      assertThat(one.winner().orElseThrow().score().correct()).isEqualTo(49);
      assertThat(one.incomplete()).isEmpty();
    }
    assertThat(
            new Race(evaluator(1, (m, row) -> true, task("rows", 3)), List.of(), Racing.exact())
                .winner())
        .isEmpty();
  }

  @Test
  void whoLeavesIsKnownByBoundsThatHoldTheAccuracy() {
    Script script = (mask, row) -> mask.removes(1) ? row % 10 > 0 : row % 4 == 0;
    Evaluator evaluator = evaluator(3, script, task("rows", 400));
    Race race = race(evaluator, Racing.exact());
    assertThat(race.winner().orElseThrow().mask()).isEqualTo(LayerMask.of(3, 1));
    assertThat(race.complete()).hasSize(1);
    assertThat(race.incomplete()).hasSize(2).allSatisfy(bounds -> requireBounds(bounds, 0.25));
    assertThat(evaluator.evaluations()).isEqualTo(3);
    assertThat(evaluator.work().rowEvaluations())
        .isEqualTo(400L + race.incomplete().stream().mapToInt(Bounds::scored).sum());
  }

  private static void requireBounds(Bounds bounds, double accuracy) {
    assertThat(bounds.scored()).isLessThan(400).isPositive();
    assertThat(bounds.scored() % Race.CHUNK_ROWS).isZero();
    assertThat(bounds.accuracyAtLeast()).isEqualTo(bounds.correct() / 400.0);
    assertThat(bounds.accuracyAtMost())
        .isEqualTo((400.0 - bounds.scored() + bounds.correct()) / 400);
    assertThat(accuracy).isBetween(bounds.accuracyAtLeast(), bounds.accuracyAtMost());
  }

  @Test
  void aMaskThatIsNotANumberLeavesAndIsCounted() {
    Task task = task("rows", 300);
    ScriptedModel model = ScriptedModel.of(3, (mask, row) -> row % 3 > 0, task);
    model.notANumberUnder(LayerMask.of(3, 0)::equals);
    Evaluator evaluator = new Evaluator(model, task, "rows", Journal.none(), Progress.none());
    Race race = race(evaluator, Racing.exact());
    assertThat(race.winner().orElseThrow().mask()).isEqualTo(LayerMask.of(3, 1));
    Bounds broken = race.incomplete().get(0);
    assertThat(broken.mask()).isEqualTo(LayerMask.of(3, 0));
    assertThat(broken.notANumber()).isEqualTo(broken.scored()).isPositive();
  }

  @Test
  void aRefusedWinnerIsFollowedByTheNextBest_inEveryRule() {
    for (Racing racing : List.of(Racing.none(), Racing.exact())) {
      Script script = Script.additive(5);
      Race race = race(evaluator(6, script, task("rows", 200)), racing);
      List<Integer> found = new ArrayList<>();
      for (Optional<Configuration> next = race.winner(); next.isPresent(); next = race.winner()) {
        found.add(next.get().score().correct());
        race.refuse(next.get().mask());
      }
      List<Integer> expected =
          candidates(6).stream()
              .map(mask -> correct(script, mask, 200))
              .sorted(Comparator.reverseOrder())
              .toList();
      assertThat(found).isEqualTo(expected);
      assertThat(race.complete()).hasSize(6);
    }
  }

  @Test
  void noRowIsScoredTwiceUnderOneMask() {
    Set<List<Object>> seen = new HashSet<>();
    List<List<Object>> twice = new ArrayList<>();
    Script script = Script.additive(8);
    Script watched =
        (mask, row) -> {
          if (!seen.add(List.of(mask, row))) {
            twice.add(List.of(mask, row));
          }
          return script.correct(mask, row);
        };
    // One request for each row, so that the script is asked once.
    Task task = generation(300);
    Evaluator evaluator = evaluator(6, watched, task);
    race(evaluator, Racing.statistical(0.3, 0, 1)).winner();
    race(evaluator, Racing.exact()).winner();
    evaluator.evaluate(candidates(6));
    assertThat(twice).isEmpty();
    assertThat(seen).hasSize(6 * 300);
  }

  private static Task generation(int rows) {
    return Task.generation(
        "rows",
        IntStream.range(0, rows).boxed().toList(),
        id -> Example.generation("row " + id, "answer " + id),
        Decoding.until("\n"));
  }

  @Test
  void repeatedAndUnknownCandidatesAreRefused() {
    Evaluator evaluator = evaluator(3, (mask, row) -> true, task("rows", 3));
    LayerMask mask = LayerMask.of(3, 0);
    assertThatThrownBy(() -> new Race(evaluator, List.of(mask, mask), Racing.exact()))
        .hasMessageContaining("repeat one");
    assertThatThrownBy(() -> race(evaluator, Racing.exact()).refuse(LayerMask.none(3)))
        .hasMessageContaining("3-[] is not a candidate");
  }
}
