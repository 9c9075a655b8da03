package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tale.onnx.graph.OnnxGraph;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Takes shapes from a value before its casts, which have the same: converters to float16 cast every
 * input, quantizers put a pair of operators behind every value, and a mask that is built from the
 * shape of a layer's cast cache would otherwise tie that layer to all others.
 */
final class CastShapes {
  private static final Set<String> SHAPES = Set.of("Shape", "Size");
  private static final Set<String> CASTS = Set.of("Cast", "QuantizeLinear", "DequantizeLinear");

  private CastShapes() {}

  static OnnxGraph skip(OnnxGraph graph) {
    GraphProto.Builder changed = graph.proto().getGraph().toBuilder();
    Map<String, String> beforeCast = new HashMap<>();
    boolean any = false;
    for (NodeProto.Builder node : changed.getNodeBuilderList()) {
      String input = node.getInputCount() == 0 ? "" : node.getInput(0);
      String root = beforeCast.getOrDefault(input, input);
      if (CASTS.contains(node.getOpType()) && node.getOutputCount() == 1) {
        beforeCast.put(node.getOutput(0), root);
      } else if (SHAPES.contains(node.getOpType()) && !root.equals(input)) {
        node.setInput(0, root);
        any = true;
      }
    }
    return any ? graph.with(changed.build()) : graph;
  }
}
