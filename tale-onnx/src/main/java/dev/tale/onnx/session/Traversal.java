package dev.tale.onnx.session;

import dev.tale.model.LayerMask;
import java.util.List;

/** A way to run one batch under many masks. Every way gives the same answers, bit for bit. */
interface Traversal {

  /** Runs the batch under every mask. */
  <O> void run(LayerRunner<O> runner, Sink<O> sink);

  /** Returns the number of layers that are run. */
  long layerRuns();

  /** Returns the way that shares what masks have in common. */
  static Traversal shared(List<LayerMask> masks) {
    return MaskTrie.of(masks);
  }

  /** Returns the obvious way: one mask after another, the whole model each time. */
  static Traversal oneByOne(List<LayerMask> masks) {
    return new OneByOne(masks);
  }

  /** The obvious way. */
  record OneByOne(List<LayerMask> masks) implements Traversal {
    @Override
    public long layerRuns() {
      return masks.stream().mapToLong(mask -> mask.kept().size()).sum();
    }

    @Override
    public <O> void run(LayerRunner<O> runner, Sink<O> sink) {
      for (int mask = 0; mask < masks.size(); mask++) {
        sink.accept(mask, runner.finish(Hidden.START, masks.get(mask).kept()));
      }
    }
  }

  /**
   * Takes the answers of the batch under one mask.
   *
   * @param <O> what the runner gives
   */
  @FunctionalInterface
  interface Sink<O> {
    void accept(int mask, O output);
  }
}
