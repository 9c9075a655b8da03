package dev.tale.onnx.session;

import ai.onnxruntime.OnnxTensor;
import dev.tale.onnx.graph.GatedGraph;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs layers of a gated session on one batch. What comes out at a boundary goes back in as the
 * native tensor that it is.
 */
final class BatchRunner implements AutoCloseable {
  private final Gates gates;
  private final Runs runs;
  private final Feeds feeds;

  BatchRunner(Gates gates, Runs runs, Feeds feeds) {
    this.gates = gates;
    this.runs = runs;
    this.feeds = feeds;
  }

  /**
   * Runs the layers, ascending; none only where the embedding runs. The caller closes the state.
   */
  Hidden body(Hidden entry, List<Integer> layers) {
    try (Outputs outputs = run(entry, layers, false, Set.of(GatedGraph.HIDDEN_OUT))) {
      return new Boundary(outputs.take(GatedGraph.HIDDEN_OUT));
    }
  }

  /** Runs the layers, ascending, possibly none, and the head. */
  HeadOutput head(Hidden entry, List<Integer> layers) {
    try (Outputs outputs = run(entry, layers, true, HeadOutput.NAMES)) {
      return HeadOutput.of(outputs);
    }
  }

  /** Returns all logits of every probe, flat, from the embedding through layers and head. */
  float[] logits(List<Integer> layers) {
    try (Outputs outputs = run(Hidden.START, layers, true, Set.of(GatedGraph.LOGITS))) {
      return outputs.floats(GatedGraph.LOGITS);
    }
  }

  /** Returns the state after the layers, ascending, possibly none: [batch, sequence, hidden]. */
  float[] hidden(Hidden entry, List<Integer> layers) {
    if (layers.isEmpty() && entry instanceof Boundary boundary) {
      return Outputs.floats(boundary.state().get());
    }
    try (Outputs outputs = run(entry, layers, false, Set.of(GatedGraph.HIDDEN_OUT))) {
      return outputs.floats(GatedGraph.HIDDEN_OUT);
    }
  }

  /** Runs the layers, ascending, possibly none; the caller closes what comes out. */
  Outputs run(Hidden entry, List<Integer> layers, boolean head, Set<String> wanted) {
    Map<String, OnnxTensor> inputs = feeds.inputs(head);
    gates.feed(inputs, entry == Hidden.START, layers, head);
    entry.feed(inputs);
    return runs.run(inputs, wanted, layers.size());
  }

  @Override
  public void close() {
    feeds.close();
  }

  /** A run that left at a boundary. */
  private record Boundary(Native<OnnxTensor> state) implements Hidden {
    @Override
    public void feed(Map<String, OnnxTensor> inputs) {
      inputs.put(GatedGraph.HIDDEN, state.get());
    }

    @Override
    public void close() {
      state.close();
    }
  }
}
