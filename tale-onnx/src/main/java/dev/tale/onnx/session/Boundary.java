package dev.tale.onnx.session;

import ai.onnxruntime.OnnxTensor;
import dev.tale.onnx.graph.GatedGraph;
import java.util.Map;

/**
 * Where a run left.
 *
 * @param state [batch, sequence, hidden]
 */
record Boundary(Native<OnnxTensor> state) implements Hidden {
  @Override
  public void feed(Map<String, OnnxTensor> inputs) {
    inputs.put(GatedGraph.HIDDEN, state.get());
  }

  @Override
  public void close() {
    state.close();
  }
}
