package dev.tale.onnx.session.decode;

import ai.onnxruntime.OnnxTensor;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.CacheLayout;
import dev.tale.onnx.layers.ModelInputs;
import dev.tale.onnx.session.batch.PastFeeds;
import dev.tale.onnx.session.batch.RequestPlan;
import dev.tale.onnx.session.runtime.KeyValues;
import dev.tale.onnx.session.runtime.Native;
import dev.tale.onnx.session.runtime.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The inputs of a run that takes one more token of every row. Owns their tensors. */
final class StepFeeds implements AutoCloseable {
  private final List<Native<OnnxTensor>> owned = new ArrayList<>();
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final GatedGraph graph;
  private final List<Draft> rows;
  private final PastFeeds past;

  private StepFeeds(GatedGraph graph, List<Draft> rows, int length) {
    this.graph = graph;
    this.rows = rows;
    this.past = new PastFeeds(graph, rows.size(), length);
  }

  /**
   * Makes the inputs, all but gates.
   *
   * @param length number of tokens, padding included, that the keys and values are of
   */
  static StepFeeds of(GatedGraph graph, List<Draft> rows, int length, KeyValues keyValues) {
    StepFeeds feeds = new StepFeeds(graph, rows, length);
    try {
      feeds.feedTokens(length + 1);
      feeds.feedHead();
      feeds.past.feed(feeds.inputs, keyValues);
      return feeds;
    } catch (RuntimeException e) {
      feeds.close();
      throw e;
    }
  }

  /** A row that is finished before it began has nothing to say, but a place to fill. */
  private void feedTokens(int length) {
    put(ModelInputs.INPUT_IDS, 1, (row, at) -> rows.get(row).last());
    if (graph.hasAttentionMask()) {
      put(ModelInputs.ATTENTION_MASK, length, (row, at) -> isToken(row, at, length) ? 1 : 0);
    }
    if (graph.hasPositionIds()) {
      put(ModelInputs.POSITION_IDS, 1, (row, at) -> rows.get(row).length() - 1L);
    }
    if (graph.hasTokenTypeIds()) {
      put(ModelInputs.TOKEN_TYPE_IDS, 1, (row, at) -> 0);
    }
  }

  private boolean isToken(int row, int at, int length) {
    int tokens = rows.get(row).length();
    return graph.cacheLayout().orElseThrow() == CacheLayout.BY_ROW
        ? at < tokens
        : at >= length - tokens;
  }

  private void feedHead() {
    inputs.put(
        GatedGraph.HIDDEN,
        own(Tensors.empty(Tensors.javaType(graph.hiddenType()), 0, 0, graph.hiddenSize())));
    long[] positions = new long[rows.size()];
    for (int row = 0; row < positions.length; row++) {
      positions[row] = row;
    }
    inputs.put(GatedGraph.POSITIONS, own(Tensors.longs(positions, rows.size())));
    put(GatedGraph.TOKENS, 1, (row, at) -> RequestPlan.ANY_TOKEN.get(0));
  }

  private void put(String input, int columns, Tensors.Cell cell) {
    inputs.put(input, own(Tensors.grid(rows.size(), columns, cell)));
  }

  private OnnxTensor own(Native<OnnxTensor> tensor) {
    owned.add(tensor);
    return tensor.get();
  }

  /** Returns the inputs, to be added to. */
  Map<String, OnnxTensor> inputs() {
    return inputs;
  }

  @Override
  public void close() {
    owned.forEach(Native::close);
    past.close();
  }
}
