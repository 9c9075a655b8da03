package dev.tale.onnx.session.batch;

import ai.onnxruntime.OnnxTensor;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.ModelInputs;
import dev.tale.onnx.session.runtime.KeyValues;
import dev.tale.onnx.session.runtime.Native;
import dev.tale.onnx.session.runtime.Padding;
import dev.tale.onnx.session.runtime.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The inputs of one batch that are the same in every run. Owns their tensors. */
public final class Feeds implements AutoCloseable {
  private final List<Native<OnnxTensor>> owned = new ArrayList<>();
  private final PaddedBatch batch;
  private final Padding padding;
  private final int prefix;
  private final int length;
  private final Map<String, OnnxTensor> tokens = new HashMap<>();
  private final Map<String, OnnxTensor> noProbes = new HashMap<>();
  private final Map<String, OnnxTensor> probes = new HashMap<>();
  private final PastFeeds past;

  private Feeds(GatedGraph graph, PaddedBatch batch, Padding padding) {
    this.batch = batch;
    this.padding = padding;
    this.prefix = batch.prefix();
    this.length = batch.length() - prefix;
    this.past = new PastFeeds(graph, batch.size(), prefix);
    try {
      feedTokens(graph);
      if (graph.hasHead()) {
        feedProbes();
      }
      tokens.put(
          GatedGraph.HIDDEN,
          own(Tensors.empty(Tensors.javaType(graph.hiddenType()), 0, 0, graph.hiddenSize())));
      past.feed(tokens, KeyValues.none());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  public static Feeds of(GatedGraph graph, PaddedBatch batch, Padding padding) {
    return new Feeds(graph, batch, padding);
  }

  private void feedTokens(GatedGraph graph) {
    tokens.put(
        ModelInputs.INPUT_IDS,
        grid((row, at) -> isToken(row, at) ? batch.get(row).token(prefix + at) : 0));
    if (graph.hasAttentionMask()) {
      tokens.put(ModelInputs.ATTENTION_MASK, mask());
    }
    if (graph.hasPositionIds()) {
      tokens.put(ModelInputs.POSITION_IDS, grid((row, at) -> prefix + Math.max(0, at)));
    }
    if (graph.hasTokenTypeIds()) {
      tokens.put(ModelInputs.TOKEN_TYPE_IDS, grid((row, at) -> 0));
    }
  }

  /** What came before is there in every row: [batch, prefix + sequence]. */
  private OnnxTensor mask() {
    return own(
        Tensors.grid(
            batch.size(),
            prefix + length,
            (row, at) -> at < prefix || isToken(row, at - prefix - before(row)) ? 1 : 0));
  }

  private boolean isToken(int row, int at) {
    return at >= 0 && at < tokens(row);
  }

  /** Number of tokens of a row that are fed. */
  private int tokens(int row) {
    return batch.get(row).length() - prefix;
  }

  private int before(int row) {
    return padding.before(tokens(row), length);
  }

  /** Returns a tensor [batch, sequence]; places count from where each row's tokens begin. */
  private OnnxTensor grid(Tensors.Cell cell) {
    return own(Tensors.grid(batch.size(), length, (row, at) -> cell.value(row, at - before(row))));
  }

  /** Probes with fewer candidates than others repeat their first. */
  private void feedProbes() {
    ImmutableLongArray.Builder positions = ImmutableLongArray.builder();
    ImmutableLongArray.Builder candidates = ImmutableLongArray.builder();
    int width = 0;
    for (int row = 0; row < batch.size(); row++) {
      width = Math.max(width, batch.get(row).width());
    }
    for (int row = 0; row < batch.size(); row++) {
      for (Probe probe : batch.get(row).probes()) {
        positions.add((long) row * length + before(row) + probe.position() - prefix);
        for (int i = 0; i < width; i++) {
          int candidate = i < probe.candidates().length() ? i : 0;
          candidates.add(probe.candidates().get(candidate));
        }
      }
    }
    feedProbes(positions.build(), candidates.build(), width);
  }

  private void feedProbes(ImmutableLongArray positions, ImmutableLongArray candidates, int width) {
    probes.put(GatedGraph.POSITIONS, own(Tensors.longs(positions.toArray(), positions.length())));
    probes.put(
        GatedGraph.TOKENS, own(Tensors.longs(candidates.toArray(), positions.length(), width)));
    noProbes.put(GatedGraph.POSITIONS, own(Tensors.longs(new long[0], 0)));
    noProbes.put(GatedGraph.TOKENS, own(Tensors.longs(new long[0], 0, 0)));
  }

  private OnnxTensor own(Native<OnnxTensor> tensor) {
    owned.add(tensor);
    return tensor.get();
  }

  /** Returns the number of tokens that are fed. */
  public int tokens() {
    return IntStream.range(0, batch.size()).map(this::tokens).sum();
  }

  /** Returns the number of places that are fed, padding counted. */
  public int places() {
    return batch.size() * length;
  }

  /** Returns the shape that a hidden state must have of so many components. */
  public long[] shape(int hiddenSize) {
    return new long[] {batch.size(), length, hiddenSize};
  }

  /** Returns inputs for one run, all but gates; without probes unless the head runs. */
  public Map<String, OnnxTensor> inputs(boolean head) {
    Map<String, OnnxTensor> inputs = new HashMap<>(tokens);
    inputs.putAll(head ? probes : noProbes);
    return inputs;
  }

  @Override
  public void close() {
    owned.forEach(Native::close);
    past.close();
  }
}
