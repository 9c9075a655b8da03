package dev.tale.onnx.session;

import java.util.List;

/**
 * Layers of an encoder, and one vector for each sequence.
 *
 * @param runner runs the layers
 * @param batch what runs
 * @param pooling makes one vector of a sequence's hidden states
 * @param width of the hidden states
 */
record EmbeddingRunner(BatchRunner runner, Batch batch, Pooling pooling, int width)
    implements PartRunner<float[][]> {

  @Override
  public Hidden body(Hidden entry, List<Integer> layers, KeyValues beginning) {
    return runner.body(entry, layers, beginning);
  }

  /** Returns the vectors by member of the batch. */
  @Override
  public float[][] finish(Hidden entry, List<Integer> layers, KeyValues beginning) {
    float[] hidden = runner.hidden(entry, layers, beginning);
    float[][] vectors = new float[batch.size()][];
    for (int member = 0; member < batch.size(); member++) {
      int first = member * batch.length() * width;
      vectors[member] = pooling.pool(hidden, first, batch.get(member).length(), width);
    }
    return vectors;
  }
}
