package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.NodeProto;

/** Exporters share equal weights by way of Identity nodes. */
final class Aliases {
  private Aliases() {}

  /** Returns the value that a chain of Identity nodes begins with. */
  static String root(Dataflow flow, String value) {
    String root = value;
    int maker = flow.maker(root);
    while (maker >= 0 && isIdentity(flow.node(maker))) {
      root = flow.node(maker).getInput(0);
      maker = flow.maker(root);
    }
    return root;
  }

  private static boolean isIdentity(NodeProto node) {
    return node.getOpType().equals("Identity") && node.getInputCount() == 1;
  }
}
