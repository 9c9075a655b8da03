package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tale.onnx.graph.Attributes;
import dev.tale.onnx.graph.OnnxGraph;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Declares the head size of key-value inputs and outputs that leave it open, as onnxruntime-genai's
 * builder does since 0.15: it is the width of the attention's output divided by its number of
 * heads. Without it nobody can make an empty cache (transformers.js makes one of width 0).
 */
final class CacheWidths {
  private final GraphProto graph;
  private final Map<String, Long> widths = new HashMap<>();

  private CacheWidths(GraphProto graph) {
    this.graph = graph;
    Map<String, Long> last = new HashMap<>();
    for (ValueInfoProto value : graph.getValueInfoList()) {
      List<Dimension> dims = dims(value);
      if (dims.size() == 3) {
        last.put(value.getName(), dims.get(2).getDimValue());
      }
    }
    for (NodeProto node : graph.getNodeList()) {
      long width = node.getOutputCount() > 1 ? last.getOrDefault(node.getOutput(0), 0L) : 0;
      OptionalLong heads = heads(node);
      if (width > 0 && heads.isPresent() && width % heads.getAsLong() == 0) {
        put(node, width / heads.getAsLong());
      }
    }
  }

  private static OptionalLong heads(NodeProto node) {
    return Attributes.find(node, "num_heads").map(AttributeProto::getI).stream()
        .mapToLong(heads -> heads)
        .filter(heads -> heads > 0)
        .findFirst();
  }

  private void put(NodeProto attention, long width) {
    attention.getInputList().forEach(input -> widths.put(input, width));
    attention.getOutputList().forEach(output -> widths.put(output, width));
  }

  /** Returns the graph with every head size that can be told. */
  static OnnxGraph declare(OnnxGraph graph) {
    GraphProto original = graph.proto().getGraph();
    if (original.getInputList().stream().noneMatch(CacheWidths::isOpen)) {
      return graph;
    }
    return graph.with(new CacheWidths(original).declared());
  }

  private GraphProto declared() {
    GraphProto.Builder declared = graph.toBuilder();
    declared.getInputBuilderList().forEach(this::declare);
    declared.getOutputBuilderList().forEach(this::declare);
    return declared.build();
  }

  private void declare(ValueInfoProto.Builder value) {
    Long width = widths.get(value.getName());
    if (width != null && isOpen(value.build())) {
      value
          .getTypeBuilder()
          .getTensorTypeBuilder()
          .getShapeBuilder()
          .getDimBuilder(3)
          .clear()
          .setDimValue(width);
    }
  }

  /** A cache is [batch, heads, length, head size]. */
  private static boolean isOpen(ValueInfoProto value) {
    List<Dimension> dims = dims(value);
    return dims.size() == 4 && dims.get(1).getDimValue() > 0 && dims.get(3).getDimValue() < 1;
  }

  private static List<Dimension> dims(ValueInfoProto value) {
    return value.getType().getTensorType().getShape().getDimList();
  }
}
