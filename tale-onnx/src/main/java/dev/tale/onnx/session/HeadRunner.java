package dev.tale.onnx.session;

import java.util.List;

/** Layers and the head of a decoder. */
record HeadRunner(BatchRunner batch) implements PartRunner<HeadOutput> {

  @Override
  public Hidden body(Hidden entry, List<Integer> layers, KeyValues beginning) {
    return batch.body(entry, layers, beginning);
  }

  @Override
  public HeadOutput finish(Hidden entry, List<Integer> layers, KeyValues beginning) {
    return batch.head(entry, layers, beginning);
  }
}
