package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.NodeProto;

/** Names of nodes for people: exporters may leave the name out. */
public final class Names {
  private Names() {}

  public static String of(NodeProto node) {
    String name = node.getName();
    if (name.isEmpty()) {
      name = node.getOutputCount() == 0 ? "(without name)" : "making " + node.getOutput(0);
    }
    return name + " (" + node.getOpType() + ")";
  }
}
