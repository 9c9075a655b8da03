package dev.tale.onnx.session.walk;

import ai.onnxruntime.OnnxTensor;
import dev.tale.model.LinearPatch;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.session.runtime.Native;
import dev.tale.onnx.session.runtime.Outputs;
import dev.tale.onnx.session.runtime.Tensors;
import java.util.Map;

/**
 * Where a run left.
 *
 * @param state [batch, sequence, hidden]
 */
public record Boundary(Native<OnnxTensor> state) implements Hidden {
  /**
   * Returns {@code entry + factor * (exit - entry)} by element, in double precision and rounded
   * once; the caller closes it.
   */
  public static Boundary between(Boundary entry, Boundary exit, double factor) {
    OnnxTensor after = exit.state.get();
    float[] from = Outputs.floats(entry.state.get());
    float[] to = Outputs.floats(after);
    for (int i = 0; i < to.length; i++) {
      to[i] = (float) (from[i] + factor * ((double) to[i] - from[i]));
    }
    return new Boundary(Tensors.floats(after.getInfo().type, to, after.getInfo().getShape()));
  }

  /** Every state as a map leaves it; the caller closes it. */
  public Boundary mapped(LinearPatch patch) {
    OnnxTensor tensor = state.get();
    float[] mapped = patch.apply(Outputs.floats(tensor));
    return new Boundary(Tensors.floats(tensor.getInfo().type, mapped, tensor.getInfo().getShape()));
  }

  @Override
  public void feed(Map<String, OnnxTensor> inputs) {
    inputs.put(GatedGraph.HIDDEN, state.get());
  }

  @Override
  public void close() {
    state.close();
  }
}
