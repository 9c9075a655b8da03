package dev.tale.onnx.session.decode;

import ai.onnxruntime.OnnxTensor;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.session.runtime.KeyValues;
import dev.tale.onnx.session.runtime.Native;
import dev.tale.onnx.session.walk.Hidden;
import java.util.List;
import java.util.Map;

/** Hidden states at a boundary, and what the layers before it remember. */
final class CachedHidden implements Hidden {
  private final Native<OnnxTensor> state;
  private final KeyValues keyValues;
  private final List<Integer> layers;
  private boolean closed;

  /** Takes the state and the keys and values of the layers that have run, ascending. */
  CachedHidden(Native<OnnxTensor> state, KeyValues keyValues, List<Integer> layers) {
    this.state = state;
    this.keyValues = keyValues;
    this.layers = List.copyOf(layers);
  }

  /** The known state there, to build upon. */
  KeyValues keyValues() {
    return keyValues;
  }

  List<Integer> layers() {
    return layers;
  }

  @Override
  public void feed(Map<String, OnnxTensor> inputs) {
    inputs.put(GatedGraph.HIDDEN, state.get());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      state.close();
      keyValues.close();
    }
  }
}
