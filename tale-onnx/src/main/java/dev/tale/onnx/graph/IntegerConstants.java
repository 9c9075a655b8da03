package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.common.primitives.Longs;
import com.google.protobuf.ByteString;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Axes, indices and the like: small int64 constants that are stored in the graph. */
final class IntegerConstants {
  private IntegerConstants() {}

  /** Returns the elements of a value, or nothing if it is no such constant. */
  static Optional<List<Long>> find(OnnxGraph graph, Dataflow flow, String value) {
    String root = Aliases.root(flow, value);
    return tensor(graph, flow, root)
        .filter(tensor -> tensor.getDataType() == DataType.INT64_VALUE)
        .filter(SmallConstants::isSmall)
        .map(tensor -> elements(tensor, graph.smallExternal(root)));
  }

  /** Returns a constant that is stored in the graph, Identity aside. */
  static Optional<TensorProto> tensor(OnnxGraph graph, Dataflow flow, String value) {
    String root = Aliases.root(flow, value);
    Optional<TensorProto> weight = Optional.ofNullable(graph.initializer(root));
    return weight.isPresent() || flow.maker(root) < 0
        ? weight
        : Attributes.find(flow.node(flow.maker(root)), "value").map(AttributeProto::getT);
  }

  /** Returns the axes of an operator that has them as attribute, or since opset 13 as an input. */
  static Optional<List<Long>> axes(OnnxGraph graph, Dataflow flow, NodeProto node, int input) {
    return Attributes.find(node, "axes")
        .map(AttributeProto::getIntsList)
        .or(
            () ->
                node.getInputCount() > input
                    ? find(graph, flow, node.getInput(input))
                    : Optional.empty());
  }

  private static List<Long> elements(TensorProto tensor, @Nullable ByteString external) {
    if (external == null && !tensor.hasRawData()) {
      return tensor.getInt64DataList();
    }
    LongBuffer bytes =
        (external == null ? tensor.getRawData() : external)
            .asReadOnlyByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN)
            .asLongBuffer();
    long[] elements = new long[bytes.remaining()];
    bytes.get(elements);
    return Longs.asList(elements);
  }
}
