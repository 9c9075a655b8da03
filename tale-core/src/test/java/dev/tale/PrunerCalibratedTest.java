package dev.tale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.tale.answers.AnswersGiven;
import dev.tale.evaluate.Configuration;
import dev.tale.gain.GainParts;
import dev.tale.gain.GainWarning;
import dev.tale.gain.TaskGain;
import dev.tale.model.LayerMask;
import dev.tale.search.Greedy;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Decoding;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.KnownGain;
import dev.tale.testing.ResidualModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches that cannot win by bias, and what is said of those that can. */
class PrunerCalibratedTest {
  private static final int ROWS = 300;
  private static final int LAYERS = 5;

  /** The layer that prefers the first option, and knows nothing. */
  private static final int PREFERRING = 2;

  @TempDir Path directory;

  private final Task task =
      Task.multipleChoice(
          "rows",
          IntStream.range(0, 2 * ROWS).boxed().toList(),
          id -> Example.multipleChoice("row " + id, List.of("a", "b"), id % 2));

  private final Task selection = task.slice(0, ROWS);
  private final Task heldOut = task.slice(ROWS, 2 * ROWS);

  private ResidualModel model(long seed) {
    return new ResidualModel(LAYERS, (row, layer) -> added(row, layer, seed), task);
  }

  private static float[] added(int row, int layer, long seed) {
    if (layer == PREFERRING) {
      return new float[] {row % 2 == 0 ? 1.5f : -1.5f};
    }
    Random random = new Random(31 * (31 * seed + row) + layer);
    random.nextDouble();
    return new float[] {(float) (0.1 * (layer + 1) + 0.4 * random.nextGaussian())};
  }

  private PruneResult prune(Greedy strategy, Task choosing, long seed) throws IOException {
    return Tale.pruner()
        .strategy(strategy.removingAtMost(3))
        .heldOut(heldOut)
        .prune(model(seed), choosing);
  }

  @Test
  void aPlainSearchRemovesThePreferenceAndIsToldSo() throws IOException {
    PruneResult result = prune(SearchStrategy.greedy(), selection, 1);
    LayerMask first = result.path().get(1).mask();
    assertThat(first.removed()).containsExactly(PREFERRING);
    TaskGain gain = result.report().gains().tasks().get(0);
    GainParts parts = gain.of(first).orElseThrow().parts().orElseThrow();
    int won = result.path().get(1).quoted().correct() - result.path().get(0).quoted().correct();
    assertThat(parts.bias()).isGreaterThan(20).isCloseTo(won, offset(25));
    assertThat(Math.abs(parts.rest())).isLessThan(20);
    assertThat(gain.warnings().stream().map(GainWarning::kind))
        .contains(GainWarning.Kind.NOT_BETTER_THAN_FREE);
    AnswersGiven unpruned = gain.path().get(0).quoted();
    assertThat(unpruned.shares().get(0).given()).isGreaterThan(unpruned.shares().get(0).right());
    assertThat(result.toString()).contains("by format", "by bias", "by the rest");
  }

  @Test
  void aCalibratedSearchWinsNothingByIt() throws IOException {
    PruneResult plain = prune(SearchStrategy.greedy(), selection, 1);
    PruneResult calibrated = prune(SearchStrategy.greedy(), selection.calibrated(), 1);
    int withoutPreference = plain.path().get(1).quoted().correct();
    int unpruned = calibrated.report().baseline().quoted().correct();
    assertThat(Math.abs(withoutPreference - unpruned)).isLessThan(20);
    assertThat(calibrated.report().provenance().selection().tasks().get(0).contentHash())
        .isNotEqualTo(plain.report().provenance().selection().tasks().get(0).contentHash());
  }

  /** Exact racing drops nobody whose accuracy may still change. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void exactRacingIsScoringAll(long seed) throws IOException {
    Task calibrated = selection.calibrated();
    PruneResult raced = prune(SearchStrategy.greedy(), calibrated, seed);
    PruneResult all = prune(SearchStrategy.greedy().scoringAll(), calibrated, seed);
    assertThat(raced.path()).as("seed %d", seed).isEqualTo(all.path());
  }

  @Test
  void aRaceSparesRowsAndResumesFromItsJournal() throws IOException {
    Path journal = directory.resolve("run.tale");
    Greedy racing = SearchStrategy.greedy().racing(0.1, 0.02);
    PruneResult first = resumed(racing, journal);
    assertThat(first.report().selectionWork().rowEvaluations())
        .isLessThan(first.report().selectionWork().naiveRowEvaluations());
    List<String> lines = Files.readAllLines(journal);
    Files.write(journal, lines.subList(0, lines.size() / 2));
    assertThat(resumed(racing, journal).report()).isEqualTo(first.report());
    assertThat(Files.readAllLines(journal)).isEqualTo(lines);
  }

  private PruneResult resumed(Greedy strategy, Path journal) throws IOException {
    return Tale.pruner()
        .strategy(strategy.removingAtMost(3))
        .journal(journal)
        .prune(model(1), selection.calibrated());
  }

  @Test
  void onlyChoicesAreCalibrated() {
    Task texts =
        Task.generation(
            "texts", List.of(1), id -> Example.generation("x", "y"), Decoding.until("\n"));
    assertThatThrownBy(texts::calibrated)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Task texts", "no options", "keepingAnswers");
  }

  /** Removing layer 1 of this model loses most answers that count, if it has any to lose. */
  @Test
  void answersAreKept() throws IOException {
    KnownGain model = new KnownGain(4, true, 0.9, 0, 0.5, 2.5, 3);
    assertThat(best(model, 0).mask().removed()).containsExactly(1);
    KnownGain reversed = new KnownGain(2, false, 1, 0, 0.2, 2.5, 3);
    Configuration free = best(reversed, 0);
    Configuration kept = best(reversed, 0.99);
    assertThat(free.mask().removed()).containsExactly(1);
    double before = mass(reversed, LayerMask.none(2));
    double after = mass(reversed, KnownGain.pruned());
    assertThat(kept.mask().removed()).isEqualTo(after < 0.99 * before ? List.of() : List.of(1));
    assertThatThrownBy(() -> Tale.pruner().keepingAnswers(1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.5; give a number in [0, 1]");
  }

  private static Configuration best(KnownGain model, double share) throws IOException {
    return Tale.pruner().keepingAnswers(share).prune(model, model.task(0, 200)).report().best();
  }

  private static double mass(KnownGain model, LayerMask mask) {
    Task rows = model.task(0, 200);
    double mass = 0;
    for (int row = 0; row < rows.size(); row++) {
      mass +=
          rows.outcome(row, model.respond(rows.requests(row), List.of(mask)).get(0))
              .options()
              .mass();
    }
    return mass;
  }
}
