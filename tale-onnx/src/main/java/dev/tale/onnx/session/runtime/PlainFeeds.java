package dev.tale.onnx.session.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.TensorInfo;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.layers.ModelInputs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The inputs of an ordinary model for some sequences, padded on the right to the longest, with an
 * empty key-value cache or after what it holds. Owns their tensors, but not those of the cache.
 */
final class PlainFeeds implements AutoCloseable {
  private final PlainInputs inputs;
  private final List<ImmutableLongArray> sequences;
  private final int length;
  private final int past;
  private final Map<String, OnnxTensor> cache;
  private final List<Native<OnnxTensor>> owned = new ArrayList<>();
  private final Map<String, OnnxTensor> tensors = new HashMap<>();

  private PlainFeeds(
      PlainInputs inputs,
      List<ImmutableLongArray> sequences,
      int past,
      Map<String, OnnxTensor> cache) {
    this.inputs = inputs;
    this.sequences = sequences;
    this.past = past;
    this.cache = cache;
    this.length =
        inputs.length(sequences.stream().mapToInt(ImmutableLongArray::length).max().orElse(0));
  }

  /** Returns the number of places of each sequence, padding counted. */
  int length() {
    return length;
  }

  /**
   * Makes the inputs.
   *
   * @throws UnsupportedModelException if the model has an input that Tale does not know
   */
  static PlainFeeds of(PlainInputs inputs, List<ImmutableLongArray> sequences) {
    return of(inputs, sequences, 0, Map.of());
  }

  /**
   * Makes the inputs of sequences that go on.
   *
   * @param past number of tokens before, of each sequence
   * @param cache keys and values of them, by input; none if there are no tokens before
   * @throws UnsupportedModelException if the model has an input that Tale does not know
   */
  static PlainFeeds of(
      PlainInputs inputs,
      List<ImmutableLongArray> sequences,
      int past,
      Map<String, OnnxTensor> cache) {
    PlainFeeds feeds = new PlainFeeds(inputs, sequences, past, cache);
    try {
      inputs.byName().forEach(feeds::feed);
      return feeds;
    } catch (RuntimeException e) {
      feeds.close();
      throw e;
    }
  }

  private void feed(String name, TensorInfo info) {
    OnnxTensor known = cache.get(name);
    if (known != null) {
      tensors.put(name, known);
      return;
    }
    Native<OnnxTensor> tensor = tensor(name, info);
    owned.add(tensor);
    tensors.put(name, tensor.get());
  }

  private Native<OnnxTensor> tensor(String name, TensorInfo info) {
    return switch (name) {
      case ModelInputs.INPUT_IDS ->
          grid((row, at) -> isToken(row, at) ? sequences.get(row).get(at) : 0);
      case ModelInputs.ATTENTION_MASK ->
          Tensors.grid(
              sequences.size(),
              past + length,
              (row, at) -> at < past || isToken(row, at - past) ? 1 : 0);
      case ModelInputs.POSITION_IDS -> grid((row, at) -> past + at);
      case ModelInputs.TOKEN_TYPE_IDS -> grid((row, at) -> 0);
      default -> Tensors.empty(info.type, inputs.emptyCache(name, sequences.size()));
    };
  }

  private boolean isToken(int row, int at) {
    return at < sequences.get(row).length();
  }

  private Native<OnnxTensor> grid(Tensors.Cell cell) {
    return Tensors.grid(sequences.size(), length, cell);
  }

  Map<String, OnnxTensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    owned.forEach(Native::close);
  }
}
