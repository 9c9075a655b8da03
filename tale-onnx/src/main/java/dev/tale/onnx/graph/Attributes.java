package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What hangs on a node. */
public final class Attributes {
  private Attributes() {}

  public static Optional<AttributeProto> find(NodeProto node, String name) {
    return node.getAttributeList().stream().filter(a -> a.getName().equals(name)).findFirst();
  }

  /** The bodies of a control-flow node. */
  public static List<GraphProto> subgraphs(NodeProto node) {
    List<GraphProto> bodies = new ArrayList<>(0);
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasG()) {
        bodies.add(attribute.getG());
      }
      bodies.addAll(attribute.getGraphsList());
    }
    return bodies;
  }

  /** Returns everything a node reads: its inputs and what its bodies take from outside. */
  public static Set<String> reads(NodeProto node) {
    Set<String> names = new LinkedHashSet<>(node.getInputList());
    subgraphs(node).forEach(body -> names.addAll(captures(body)));
    names.remove("");
    return names;
  }

  /** Returns the outer values that a body reads. */
  public static Set<String> captures(GraphProto body) {
    Set<String> defined = new HashSet<>();
    body.getInputList().forEach(input -> defined.add(input.getName()));
    body.getInitializerList().forEach(tensor -> defined.add(tensor.getName()));
    Set<String> captured = new LinkedHashSet<>();
    for (NodeProto node : body.getNodeList()) {
      reads(node).stream().filter(name -> !defined.contains(name)).forEach(captured::add);
      defined.addAll(node.getOutputList());
    }
    body.getOutputList().stream()
        .map(output -> output.getName())
        .filter(name -> !defined.contains(name))
        .forEach(captured::add);
    return ImmutableSet.copyOf(captured);
  }
}
