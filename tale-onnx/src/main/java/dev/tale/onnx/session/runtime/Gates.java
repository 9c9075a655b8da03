package dev.tale.onnx.session.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import java.util.List;
import java.util.Map;

/** The two tensors that open and shut gates, shared by all gates and runs of a session. */
public final class Gates implements AutoCloseable {
  private final int layers;
  private final boolean hasHead;
  private final Native<OnnxTensor> on;
  private final Native<OnnxTensor> off;

  private Gates(int layers, boolean hasHead, Native<OnnxTensor> on, Native<OnnxTensor> off) {
    this.layers = layers;
    this.hasHead = hasHead;
    this.on = on;
    this.off = off;
  }

  static Gates of(GatedGraph graph) {
    Native<OnnxTensor> on = gate(graph.conditionForm(), true);
    try {
      Native<OnnxTensor> off = gate(graph.conditionForm(), false);
      return new Gates(graph.layerCount(), graph.hasHead(), on, off);
    } catch (RuntimeException e) {
      on.close();
      throw e;
    }
  }

  private static Native<OnnxTensor> gate(ConditionForm form, boolean open) {
    int length = open ? 1 : 0;
    return switch (form) {
      case BOOL -> Tensors.bool(open);
      case LENGTH -> Tensors.zeros(OnnxJavaType.BOOL, length, length);
    };
  }

  /** Feeds every gate there is: open for the embedding, layers and head that are to run. */
  public void feed(
      Map<String, OnnxTensor> inputs, boolean embedding, List<Integer> open, boolean head) {
    inputs.put(GatedGraph.EMBEDDING_GATE, tensor(embedding));
    if (hasHead) {
      inputs.put(GatedGraph.HEAD_GATE, tensor(head));
    }
    for (int layer = 0; layer < layers; layer++) {
      inputs.put(GatedGraph.layerGate(layer), off.get());
    }
    open.forEach(layer -> inputs.put(GatedGraph.layerGate(layer), on.get()));
  }

  private OnnxTensor tensor(boolean open) {
    return open ? on.get() : off.get();
  }

  @Override
  public void close() {
    try (on) {
      off.close();
    }
  }
}
