package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Optional;

/** Exporters share equal weights by way of Identity nodes. */
public final class Aliases {
  private Aliases() {}

  /** Returns the value that a chain of Identity nodes begins with. */
  public static String root(Dataflow flow, String value) {
    String root = value;
    int maker = flow.maker(root);
    while (maker >= 0 && isIdentity(flow.node(maker))) {
      root = flow.node(maker).getInput(0);
      maker = flow.maker(root);
    }
    return root;
  }

  /** Returns the constant of the graph that a value is or is an alias of. */
  public static Optional<TensorProto> constant(OnnxGraph graph, Dataflow flow, String value) {
    String root = root(flow, value);
    Optional<TensorProto> weight = Optional.ofNullable(graph.initializer(root));
    return weight.isPresent() || flow.maker(root) < 0
        ? weight
        : Attributes.find(flow.node(flow.maker(root)), "value").map(AttributeProto::getT);
  }

  private static boolean isIdentity(NodeProto node) {
    return node.getOpType().equals("Identity") && node.getInputCount() == 1;
  }
}
