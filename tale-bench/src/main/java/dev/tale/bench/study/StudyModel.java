package dev.tale.bench.study;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.Score;
import dev.tale.journal.Journal;
import dev.tale.model.Granularity;
import dev.tale.model.LatencyMeter.Latencies;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.RememberingModel;
import dev.tale.model.Request;
import dev.tale.model.Timing;
import dev.tale.onnx.OnnxModel;
import dev.tale.task.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A model as one run of a study asks it, by whole layers or by their parts. What several strategies
 * ask, it answers once.
 *
 * @param onnx owned by who opened it
 */
record StudyModel(OnnxModel onnx, LayeredModel remembering) {
  private static final int TIMED_ROWS = 64;

  static StudyModel of(OnnxModel onnx) {
    return new StudyModel(onnx, new RememberingModel(onnx));
  }

  /** Number of indices of a mask that are one layer: 2 if they are attention and feed-forward. */
  int perLayer() {
    return onnx.info().granularity() == Granularity.LAYER ? 1 : 2;
  }

  LayerMask none() {
    return LayerMask.none(onnx.info().layerCount());
  }

  List<Score> heldOut(Task task, List<LayerMask> masks) {
    Evaluator evaluator =
        new Evaluator(remembering, task, "held-out", Journal.none(), Progress.none());
    return evaluator.evaluate(masks).stream().map(Configuration::score).toList();
  }

  /**
   * Times models, the whole one first.
   *
   * @param task gives the prompts
   */
  Latencies latencies(Task task, List<LayerMask> masks) throws IOException {
    List<Request> requests = new ArrayList<>();
    IntStream.range(0, Math.min(TIMED_ROWS, task.size()))
        .forEach(row -> requests.addAll(task.requests(row)));
    return onnx.latencyMeter().orElseThrow().measure(masks, requests, Timing.DEFAULT);
  }

  static List<LayerMask> oneOfEachSize(List<LayerMask> masks) {
    Set<Integer> sizes = new HashSet<>();
    return masks.stream().filter(mask -> sizes.add(mask.removedCount())).toList();
  }
}
