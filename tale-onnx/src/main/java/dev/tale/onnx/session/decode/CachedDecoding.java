package dev.tale.onnx.session.decode;

import ai.onnxruntime.OnnxTensor;
import com.google.common.collect.ImmutableSet;
import dev.tale.onnx.layers.CachePort;
import dev.tale.onnx.session.runtime.KeyValues;
import dev.tale.onnx.session.runtime.Loaded;
import dev.tale.onnx.session.runtime.Outputs;
import dev.tale.onnx.session.runtime.Padding;
import dev.tale.onnx.session.runtime.RunCounter.Extent;
import dev.tale.onnx.session.walk.HeadOutput;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Decoding of the rows of one batch under one mask, one token of each row per run.
 *
 * <p>Implementation note: the keys and values that a run gives are fed to the next as the native
 * tensors that they are. A finished row stays, and what it says is ignored, until a quarter of the
 * rows are finished: then these leave, and with them the padding that only they needed. Measured on
 * 16 answers of 4 to 64 tokens of a model of 2 M parameters, in processor time per token: 3 % more
 * than if each row left at once, which copies more, 12 % less than if they leave by halves, 29 %
 * less than if all stay.
 */
final class CachedDecoding implements AutoCloseable {
  private final Loaded loaded;
  private final DraftRules rules;
  private final List<Integer> layers;
  private final List<CachePort> ports;
  private final ImmutableSet<String> wanted;
  private List<Draft> rows;
  private int length;
  private KeyValues keyValues;

  /**
   * Begins.
   *
   * @param layers that are on, ascending
   * @param rows drafts that have their first token
   * @param length number of tokens, padding included, that the keys and values are of
   * @param keyValues of every layer that is on; closed by this
   */
  CachedDecoding(
      Loaded loaded,
      DraftRules rules,
      List<Integer> layers,
      List<Draft> rows,
      int length,
      KeyValues keyValues) {
    this.loaded = loaded;
    this.rules = rules;
    this.layers = layers;
    this.rows = rows;
    this.length = length;
    this.keyValues = keyValues;
    this.ports = KeyValues.ports(loaded.graph(), layers);
    this.wanted = HeadOutput.namesAnd(ports, rules.choice().readsLogits());
  }

  /** Goes on until every draft is finished. */
  void finish() {
    long open = open();
    while (open > 0) {
      if (4 * open <= 3L * rows.size()) {
        dropFinished();
      }
      step();
      open = open();
    }
  }

  private long open() {
    return rows.stream().filter(Draft::isOpen).count();
  }

  private void step() {
    HeadOutput output = run();
    length++;
    for (int row = 0; row < rows.size(); row++) {
      if (rows.get(row).isOpen()) {
        rules.accept(rows.get(row), output, row);
      }
    }
  }

  private HeadOutput run() {
    try (StepFeeds feeds = StepFeeds.of(loaded.graph(), rows, length, keyValues)) {
      Map<String, OnnxTensor> inputs = feeds.inputs();
      loaded.gates().feed(inputs, true, layers, true);
      try (Outputs outputs = loaded.runs().run(inputs, wanted, extent())) {
        replace(KeyValues.of(KeyValues.take(outputs, ports)));
        return HeadOutput.of(outputs);
      }
    }
  }

  private Extent extent() {
    return new Extent(Math.toIntExact(open()), rows.size(), layers.size());
  }

  private void replace(KeyValues next) {
    keyValues.close();
    keyValues = next;
  }

  /** What remains begins with its tokens row, or ends with it, as the graph pads. */
  private void dropFinished() {
    int[] open = IntStream.range(0, rows.size()).filter(row -> rows.get(row).isOpen()).toArray();
    rows = rows.stream().filter(Draft::isOpen).toList();
    int tokens = rows.stream().mapToInt(Draft::length).max().orElseThrow() - 1;
    int from = Padding.of(loaded.graph()).before(tokens, length);
    int[] firsts = IntStream.range(0, open.length).map(row -> from).toArray();
    replace(loaded.cacheRows().select(keyValues, ports, open, firsts, tokens));
    length = tokens;
  }

  @Override
  public void close() {
    keyValues.close();
  }
}
