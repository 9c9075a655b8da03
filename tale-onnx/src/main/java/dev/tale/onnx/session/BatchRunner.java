package dev.tale.onnx.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession.Result;
import dev.tale.onnx.graph.GatedGraph;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs layers of a gated session on one batch. What comes out at a boundary goes back in as the
 * native tensor that it is.
 */
final class BatchRunner implements LayerRunner, AutoCloseable {
  private final GatedGraph graph;
  private final Gates gates;
  private final Runs runs;
  private final Feeds feeds;

  BatchRunner(GatedGraph graph, Gates gates, Runs runs, Batch batch) {
    this.graph = graph;
    this.gates = gates;
    this.runs = runs;
    this.feeds = Feeds.of(graph, batch);
  }

  @Override
  public Hidden body(Hidden entry, List<Integer> layers) {
    return new Boundary(run(entry, layers, false, Set.of(GatedGraph.HIDDEN_OUT)));
  }

  @Override
  public HeadOutput head(Hidden entry, List<Integer> layers) {
    Set<String> wanted = Set.of(GatedGraph.ARGMAX, GatedGraph.LOG_PROBABILITIES);
    try (Native<Result> result = run(entry, layers, true, wanted)) {
      return new HeadOutput(
          longs(output(result, GatedGraph.ARGMAX)),
          floats(output(result, GatedGraph.LOG_PROBABILITIES)));
    }
  }

  /** Returns all logits of every probe, from the embedding through the layers to the head. */
  List<float[]> logits(List<Integer> layers) {
    try (Native<Result> result = run(Hidden.START, layers, true, Set.of(GatedGraph.LOGITS))) {
      FloatBuffer logits = output(result, GatedGraph.LOGITS).getFloatBuffer();
      List<float[]> rows = new ArrayList<>();
      while (logits.hasRemaining()) {
        float[] row = new float[graph.vocabularySize()];
        logits.get(row);
        rows.add(row);
      }
      return rows;
    }
  }

  private Native<Result> run(
      Hidden entry, List<Integer> layers, boolean head, Set<String> outputs) {
    Map<String, OnnxTensor> inputs = feeds.inputs(head);
    gates.feed(inputs, entry == Hidden.START, layers, head);
    if (entry instanceof Boundary boundary) {
      inputs.put(GatedGraph.HIDDEN, boundary.tensor());
    }
    return runs.run(inputs, outputs, layers.size());
  }

  private static OnnxTensor output(Native<Result> result, String name) {
    return (OnnxTensor)
        result
            .get()
            .get(name)
            .orElseThrow(() -> new IllegalStateException("A run gave no output " + name));
  }

  private static long[] longs(OnnxTensor tensor) {
    LongBuffer buffer = tensor.getLongBuffer();
    long[] values = new long[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  private static float[] floats(OnnxTensor tensor) {
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  @Override
  public void close() {
    feeds.close();
  }

  /** A run that left at a boundary; holds its only output. */
  private record Boundary(Native<Result> result) implements Hidden {
    OnnxTensor tensor() {
      return output(result, GatedGraph.HIDDEN_OUT);
    }

    @Override
    public void close() {
      result.close();
    }
  }
}
