package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.function.UnaryOperator;

/** Renames what a node reads and makes, in its bodies too. */
public final class Renames {
  private Renames() {}

  public static NodeProto apply(NodeProto node, UnaryOperator<String> names) {
    NodeProto.Builder renamed = node.toBuilder().clearInput().clearOutput().clearAttribute();
    node.getInputList().forEach(name -> renamed.addInput(named(name, names)));
    node.getOutputList().forEach(name -> renamed.addOutput(named(name, names)));
    node.getAttributeList().forEach(attribute -> renamed.addAttribute(attribute(attribute, names)));
    return renamed.build();
  }

  private static String named(String name, UnaryOperator<String> names) {
    return name.isEmpty() ? name : names.apply(name);
  }

  private static AttributeProto attribute(AttributeProto attribute, UnaryOperator<String> names) {
    if (!attribute.hasG() && attribute.getGraphsCount() == 0) {
      return attribute;
    }
    AttributeProto.Builder renamed = attribute.toBuilder().clearGraphs();
    if (attribute.hasG()) {
      renamed.setG(body(attribute.getG(), names));
    }
    attribute.getGraphsList().forEach(graph -> renamed.addGraphs(body(graph, names)));
    return renamed.build();
  }

  private static GraphProto body(GraphProto body, UnaryOperator<String> names) {
    GraphProto.Builder renamed = body.toBuilder().clearNode();
    body.getNodeList().forEach(node -> renamed.addNode(apply(node, names)));
    renamed
        .getOutputBuilderList()
        .forEach(output -> output.setName(named(output.getName(), names)));
    renamed.clearValueInfo();
    return renamed.build();
  }
}
