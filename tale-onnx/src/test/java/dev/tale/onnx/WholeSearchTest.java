package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.journal.Journal;
import dev.tale.model.LayerMask;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.policy.Floor;
import dev.tale.search.Round;
import dev.tale.search.SearchStrategy;
import dev.tale.search.Trajectory;
import dev.tale.task.Task;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whole searches on a real model: what the engine shares and whom races leave out changes no layer
 * and no count.
 */
@Tag("slow")
class WholeSearchTest {
  private static final int ROWS = 100;
  private static final Task TASK = BooleanExpressions.task(4, ROWS, 11);
  private static final int LEAST_ROUNDS = 3;

  private static OnnxModel model;
  private static Found engine;

  @BeforeAll
  static void searchByTheEngine() throws IOException {
    model = OnnxModel.open(NanoLlama.directory());
    engine = Found.by(model, SearchStrategy.greedy().scoringAll());
    assertThat(engine.trajectory.rounds()).hasSizeGreaterThanOrEqualTo(LEAST_ROUNDS);
    assertThat(engine.trajectory.rounds()).allSatisfy(round -> assertThat(round.left()).isEmpty());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void theEngineFindsWhatSharingNothingFinds() throws IOException {
    try (OnnxModel naive =
        OnnxModel.builder(NanoLlama.directory()).device(Device.cpu().sharingNothing()).open()) {
      Found found = Found.by(naive, SearchStrategy.greedy().scoringAll());
      assertThat(found.path()).isEqualTo(engine.path());
      assertThat(found.counts()).isEqualTo(engine.counts());
      assertThat(engine.layerForwards).isLessThan(found.layerForwards);
    }
  }

  @Test
  void exactRacingFindsWhatScoringAllFinds() {
    Found raced = Found.by(model, SearchStrategy.greedy());
    assertThat(raced.path()).isEqualTo(engine.path());
    for (int i = 0; i < raced.trajectory.rounds().size(); i++) {
      Round round = raced.trajectory.rounds().get(i);
      Map<LayerMask, Integer> all = engine.counts().get(i);
      assertThat(all).as("round %d", i).containsAllEntriesOf(correct(round.candidates()));
      assertThat(round.candidates().size() + round.left().size()).isEqualTo(all.size());
      round
          .left()
          .forEach(
              bounds ->
                  assertThat(all.get(bounds.mask()))
                      .as("%s", bounds)
                      .isBetween(
                          bounds.correct(), bounds.correct() + bounds.total() - bounds.scored()));
    }
    assertThat(raced.trajectory.rounds()).anyMatch(round -> !round.left().isEmpty());
  }

  private static Map<LayerMask, Integer> correct(List<Configuration> candidates) {
    Map<LayerMask, Integer> correct = new HashMap<>();
    candidates.forEach(each -> correct.put(each.mask(), each.score().correct()));
    return correct;
  }

  /**
   * What a search found.
   *
   * @param layerForwards that the model ran for it
   */
  private record Found(Trajectory trajectory, long layerForwards) {
    static Found by(OnnxModel model, SearchStrategy strategy) {
      long before = model.runStatistics().orElseThrow().layerForwards();
      Evaluator evaluator = new Evaluator(model, TASK, "rows", Journal.none(), Progress.none());
      Trajectory found =
          strategy.search(
              new Objective(evaluator, List.of()), Floor.belowBaseline(Floor.DEFAULT_EPSILON));
      return new Found(found, model.runStatistics().orElseThrow().layerForwards() - before);
    }

    /** Masks and counts of the baseline and of what was accepted, in order. */
    List<Map<LayerMask, Integer>> path() {
      return trajectory.path().stream().map(each -> correct(List.of(each))).toList();
    }

    /** Counts of every candidate that was scored on every row, by round. */
    List<Map<LayerMask, Integer>> counts() {
      return trajectory.rounds().stream().map(round -> correct(round.candidates())).toList();
    }
  }
}
