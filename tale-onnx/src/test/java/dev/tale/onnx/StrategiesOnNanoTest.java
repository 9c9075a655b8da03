package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.journal.Journal;
import dev.tale.model.Granularity;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.RememberingModel;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.policy.Floor;
import dev.tale.search.SearchStrategy;
import dev.tale.search.Trajectory;
import dev.tale.task.Task;
import dev.tale.testing.Strategies;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every strategy on a real model, in whole layers and in parts. */
class StrategiesOnNanoTest {
  private static final int ROWS = 24;
  private static final int REMOVED = 2;
  private static final Task TASK = BooleanExpressions.task(4, ROWS, 11);

  private static Trajectory search(LayeredModel model, SearchStrategy strategy) {
    Evaluator evaluator = new Evaluator(model, TASK, "selection", Journal.none(), Progress.none());
    return strategy
        .removingAtMost(REMOVED)
        .search(new Objective(evaluator, List.of()), Floor.belowBaseline(1));
  }

  @Test
  void noStrategyBeatsAskingEveryMask() throws IOException {
    try (LayeredModel model = new RememberingModel(OnnxModel.open(NanoLlama.directory()))) {
      Trajectory all = search(model, SearchStrategy.exhaustive());
      for (SearchStrategy strategy : Strategies.all(model.info().layerCount())) {
        Trajectory found = search(model, strategy);
        for (int removed = 1; removed <= REMOVED; removed++) {
          assertThat(correct(found, removed))
              .as("%s, %d removed", strategy, removed)
              .isBetween(0, correct(all, removed));
        }
      }
    }
  }

  private static int correct(Trajectory found, int removed) {
    return found.bestWithRemoved(removed).orElseThrow().score().correct();
  }

  /** BlockPruner: perplexity decides which attention or feed-forward part goes. */
  @Test
  void perplexityChoosesAmongParts() throws IOException {
    try (LayeredModel model =
        new RememberingModel(
            OnnxModel.builder(NanoLlama.directory()).granularity(Granularity.SUBLAYER).open())) {
      Trajectory found = search(model, SearchStrategy.perplexityGreedy());
      LayerMask mask = LayerMask.none(model.info().layerCount());
      for (Configuration step : found.path().subList(1, found.path().size())) {
        LayerMask from = mask;
        mask =
            from.kept().stream()
                .map(from::remove)
                .min(Comparator.comparing(candidate -> loss(model, candidate)))
                .orElseThrow();
        assertThat(step.mask()).isEqualTo(mask);
      }
      assertThat(mask.removedCount()).isEqualTo(REMOVED);
      assertThat(model.info().removedNames(mask)).allMatch(name -> name.matches("\\d+\\.\\w+"));
    }
  }

  private static double loss(LayeredModel model, LayerMask mask) {
    List<Request> gold =
        IntStream.range(0, TASK.size()).<Request>mapToObj(TASK::goldLikelihood).toList();
    List<Response.LogLikelihood> responses =
        model.respond(gold, List.of(mask)).get(0).stream()
            .map(Response.LogLikelihood.class::cast)
            .toList();
    return -responses.stream().mapToDouble(Response.LogLikelihood::sum).sum()
        / responses.stream().mapToInt(Response.LogLikelihood::tokens).sum();
  }
}
