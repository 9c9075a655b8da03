package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.primitives.Longs;
import com.google.protobuf.ByteString;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The elements of small int64 constants: axes, shapes, indices. */
public final class SmallLongs {
  private SmallLongs() {}

  /** Returns the elements of a small constant, if the value is one. */
  public static Optional<List<Long>> of(OnnxGraph graph, Dataflow flow, String value) {
    String root = Aliases.root(flow, value);
    TensorProto weight = graph.initializer(root);
    if (weight != null) {
      return elements(weight, graph.smallExternal(root));
    }
    return flow.maker(root) < 0 ? Optional.empty() : made(flow.node(flow.maker(root)));
  }

  /** Returns the small constant that is an input of a node, or else its attribute of that name. */
  public static Optional<List<Long>> of(
      OnnxGraph graph, Dataflow flow, NodeProto node, int input, String attribute) {
    boolean given = node.getInputCount() > input && !node.getInput(input).isEmpty();
    return given
        ? of(graph, flow, node.getInput(input))
        : Attributes.find(node, attribute).map(AttributeProto::getIntsList);
  }

  private static Optional<List<Long>> made(NodeProto constant) {
    Optional<List<Long>> several =
        Attributes.find(constant, "value_ints").map(AttributeProto::getIntsList);
    Optional<List<Long>> one =
        Attributes.find(constant, "value_int").map(each -> List.of(each.getI()));
    return several
        .or(() -> one)
        .or(
            () ->
                Attributes.find(constant, "value")
                    .filter(AttributeProto::hasT)
                    .flatMap(each -> elements(each.getT(), null)));
  }

  private static Optional<List<Long>> elements(TensorProto tensor, @Nullable ByteString external) {
    if (tensor.getDataType() != TensorProto.DataType.INT64_VALUE
        || !SmallConstants.isSmall(tensor)) {
      return Optional.empty();
    }
    if (external != null || tensor.hasRawData()) {
      return Optional.of(elements(external == null ? tensor.getRawData() : external));
    }
    return Optional.of(tensor.getInt64DataList());
  }

  private static List<Long> elements(ByteString bytes) {
    LongBuffer longs = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    long[] elements = new long[longs.remaining()];
    longs.get(elements);
    return Longs.asList(elements);
  }
}
