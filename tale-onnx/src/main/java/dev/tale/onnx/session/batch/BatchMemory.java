package dev.tale.onnx.session.batch;

import dev.tale.model.LayerInfo;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.CacheFormat;

/**
 * An estimate of what a batch needs at once beside weights and caches, rather too high: the hidden
 * states at every boundary, which a walk over masks holds at most; of the layer that runs, the
 * outputs of all its matrix products; and its attention scores.
 *
 * <p>Implementation note: a matrix from or to a residual stream of width h has h parameters for
 * each of its other components, so that the outputs of a layer's products are together no wider
 * than its parameters / h, and those that give h components again. Scores count before and after
 * the softmax, and twice, since heads may be more than the stream has room for.
 *
 * @param perToken bytes for each place that is fed
 * @param perScore bytes for each pair of a place that is fed and one that it may attend to
 * @param limit bytes that a batch of several sequences may need
 */
record BatchMemory(long perToken, long perScore, long limit) {
  /** The narrowest heads in use, where the graph does not say. */
  private static final long LEAST_HEAD_SIZE = 32;

  /** Width of a layer in streams, where its weights are not its own and so not counted. */
  private static final long LEAST_WIDTH = 12;

  private static final int SCORES = 4 * Float.BYTES;

  static BatchMemory of(GatedGraph graph, GatedGraph cachingGraph, long limit) {
    long hidden = graph.hiddenSize();
    long parameters = graph.layers().stream().mapToLong(LayerInfo::parameters).max().orElse(0);
    long width = Math.max(LEAST_WIDTH * hidden, parameters / hidden) + 2 * hidden;
    long states = (graph.layerCount() + 1) * hidden;
    long headSize =
        cachingGraph.cacheFormats().stream()
            .mapToLong(CacheFormat::headSize)
            .min()
            .orElse(LEAST_HEAD_SIZE);
    long heads = Math.max(1, hidden / headSize);
    return new BatchMemory((width + states) * graph.hiddenType().bytes(), heads * SCORES, limit);
  }

  /** Returns whether a batch is within the limit. */
  boolean fits(PaddedBatch batch) {
    return bytes(batch) <= limit;
  }

  /** Returns the estimate for a batch. */
  long bytes(PaddedBatch batch) {
    return batch.places() * (perToken + batch.length() * perScore);
  }
}
