package dev.tale.onnx.session;

import dev.tale.model.LayerMask;
import java.util.List;

/** A way to run one batch under many masks. Every way gives the same answers, bit for bit. */
@FunctionalInterface
interface Traversal {

  /** Runs the batch under every mask. */
  void run(LayerRunner runner, Sink sink);

  /** Returns the way that shares what masks have in common. */
  static Traversal shared(List<LayerMask> masks) {
    return MaskTrie.of(masks);
  }

  /** Returns the obvious way: one mask after another, the whole model each time. */
  static Traversal oneByOne(List<LayerMask> masks) {
    return (runner, sink) -> {
      for (int mask = 0; mask < masks.size(); mask++) {
        sink.accept(mask, runner.head(Hidden.START, masks.get(mask).kept()));
      }
    };
  }

  /** Takes the answers of the batch under one mask. */
  @FunctionalInterface
  interface Sink {
    void accept(int mask, HeadOutput output);
  }
}
