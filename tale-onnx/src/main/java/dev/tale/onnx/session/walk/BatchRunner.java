package dev.tale.onnx.session.walk;

import ai.onnxruntime.OnnxTensor;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.session.batch.Feeds;
import dev.tale.onnx.session.batch.PaddedBatch;
import dev.tale.onnx.session.runtime.KeyValues;
import dev.tale.onnx.session.runtime.Loaded;
import dev.tale.onnx.session.runtime.Outputs;
import dev.tale.onnx.session.runtime.Padding;
import dev.tale.onnx.session.runtime.RunCounter.Extent;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs layers of a gated session on one batch. What comes out at a boundary goes back in as the
 * native tensor that it is.
 */
public final class BatchRunner implements AutoCloseable {
  private final Loaded loaded;
  private final Feeds feeds;

  private BatchRunner(Loaded loaded, Feeds feeds) {
    this.loaded = loaded;
    this.feeds = feeds;
  }

  /** Makes the inputs that all runs of the batch share. */
  public static BatchRunner of(Loaded loaded, PaddedBatch batch, Padding padding) {
    long start = System.nanoTime();
    BatchRunner runner = new BatchRunner(loaded, Feeds.of(loaded.graph(), batch, padding));
    loaded.counter().fed(System.nanoTime() - start);
    return runner;
  }

  public Loaded loaded() {
    return loaded;
  }

  /**
   * Runs the layers, ascending; none only where the embedding runs. The caller closes the state.
   *
   * @param before what these layers remember of what the rows begin with, if that was run before
   */
  public Hidden body(Hidden entry, List<Integer> layers, KeyValues before) {
    try (Outputs outputs = run(entry, layers, before, false, Set.of(GatedGraph.HIDDEN_OUT))) {
      return new Boundary(outputs.take(GatedGraph.HIDDEN_OUT));
    }
  }

  /** Runs the layers, ascending, possibly none, and the head. */
  public HeadOutput head(Hidden entry, List<Integer> layers, KeyValues before) {
    try (Outputs outputs = run(entry, layers, before, true, HeadOutput.NAMES)) {
      return HeadOutput.of(outputs);
    }
  }

  /**
   * Returns all logits of every probe, flat, of the layers, ascending, possibly none, and the head.
   */
  public float[] logits(Hidden entry, List<Integer> layers) {
    Set<String> wanted = Set.of(GatedGraph.LOGITS);
    try (Outputs outputs = run(entry, layers, KeyValues.none(), true, wanted)) {
      return outputs.floats(GatedGraph.LOGITS);
    }
  }

  /** Returns the state after the layers, ascending, possibly none: [batch, sequence, hidden]. */
  public float[] hidden(Hidden entry, List<Integer> layers, KeyValues before) {
    if (layers.isEmpty() && entry instanceof Boundary boundary) {
      return Outputs.floats(boundary.state().get());
    }
    Set<String> wanted = Set.of(GatedGraph.HIDDEN_OUT);
    try (Outputs outputs = run(entry, layers, before, false, wanted)) {
      return outputs.floats(GatedGraph.HIDDEN_OUT);
    }
  }

  /** Runs the layers, ascending, possibly none; the caller closes what comes out. */
  public Outputs run(
      Hidden entry, List<Integer> layers, KeyValues before, boolean head, Set<String> wanted) {
    long start = System.nanoTime();
    Map<String, OnnxTensor> inputs = feeds.inputs(head);
    loaded.gates().feed(inputs, entry == Hidden.START, layers, head);
    entry.feed(inputs);
    before.feed(inputs);
    loaded.counter().fed(System.nanoTime() - start);
    Outputs outputs =
        loaded
            .runs()
            .run(inputs, wanted, new Extent(feeds.tokens(), feeds.places(), layers.size()));
    if (wanted.contains(GatedGraph.HIDDEN_OUT)) {
      checkState(outputs);
    }
    return outputs;
  }

  private void checkState(Outputs outputs) {
    try {
      outputs.requireShape(GatedGraph.HIDDEN_OUT, feeds.shape(loaded.graph().hiddenSize()));
    } catch (RuntimeException e) {
      outputs.close();
      throw e;
    }
  }

  @Override
  public void close() {
    feeds.close();
  }
}
