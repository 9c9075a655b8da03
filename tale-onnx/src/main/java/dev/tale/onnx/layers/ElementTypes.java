package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tale.onnx.graph.Attributes;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.OnnxGraph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Element types along the residual stream. Not a general inference: it follows the input that
 * carries an operator's type, which for most operators is the first, until something declares one.
 * A type that cannot be told is 0.
 */
final class ElementTypes {
  private final OnnxGraph graph;
  private final Dataflow flow;
  private final Map<String, Integer> declared = new HashMap<>();

  ElementTypes(OnnxGraph graph, Dataflow flow) {
    this.graph = graph;
    this.flow = flow;
    for (ValueInfoProto input : graph.proto().getGraph().getInputList()) {
      declared.put(input.getName(), input.getType().getTensorType().getElemType());
    }
    for (TensorProto tensor : graph.proto().getGraph().getInitializerList()) {
      declared.put(tensor.getName(), tensor.getDataType());
    }
  }

  int of(String value) {
    int type = follow(value);
    declared.put(value, type);
    return type;
  }

  private int follow(String value) {
    String current = value;
    while (!declared.containsKey(current)) {
      int maker = flow.maker(current);
      if (maker < 0) {
        return 0;
      }
      NodeProto node = flow.node(maker);
      int carrier =
          switch (node.getOpType()) {
            case "Where", "DequantizeLinear" -> 1;
            case "GatherBlockQuantized", "QuantizeLinear" -> 2;
            default -> 0;
          };
      if (node.getOpType().equals("Cast") || node.getInputCount() <= carrier) {
        return made(node);
      }
      current = node.getInput(carrier);
    }
    return declared.getOrDefault(current, 0);
  }

  private static int made(NodeProto node) {
    return switch (node.getOpType()) {
      case "Cast" -> Attributes.find(node, "to").map(to -> (int) to.getI()).orElse(0);
      case "QuantizeLinear" ->
          Attributes.find(node, "output_dtype")
              .map(type -> (int) type.getI())
              .orElse(DataType.UINT8_VALUE);
      case "Constant" ->
          Attributes.find(node, "value")
              .map(AttributeProto::getT)
              .map(TensorProto::getDataType)
              .orElse(0);
      default -> 0;
    };
  }

  /** Returns whether some values are of one type. */
  boolean isCommon(List<String> values) {
    return values.stream().map(this::of).distinct().count() == 1;
  }

  /** Returns the type of the residual stream, which must be the same at every boundary. */
  HiddenType hidden(Iterable<String> boundaries) {
    HiddenType common = null;
    for (String boundary : boundaries) {
      HiddenType type = HiddenType.of(of(boundary));
      if (type == null || (common != null && type != common)) {
        throw graph
            .source()
            .unsupported(
                "the residual stream has elements of ONNX type "
                    + of(boundary)
                    + " at "
                    + boundary
                    + (common == null ? "" : " but " + common + " before it")
                    + ", and is not cast between them alone; float32, float16 and bfloat16 are"
                    + " supported. Export it without quantized sums, or convert it to float16"
                    + " with its inputs and outputs kept in float32");
      }
      common = type;
    }
    if (common == null) {
      throw new IllegalArgumentException("no boundaries");
    }
    return common;
  }
}
