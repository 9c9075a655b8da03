package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableSet;
import com.google.protobuf.ByteString;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Constants so small that every branch has its own copy: scalars, axes, shapes. ONNX Runtime's
 * fusions look for such constants in the branch itself; weights, which it finds outside too, stay
 * there, where they are loaded and packed once.
 */
public final class SmallConstants {
  private static final int MAX_ELEMENTS = 32;

  /** Small results of small constants; anything else may grow. */
  private static final ImmutableSet<String> NOT_GROWING =
      ImmutableSet.of(
          "Identity",
          "Cast",
          "Unsqueeze",
          "Squeeze",
          "Reshape",
          "Concat",
          "Gather",
          "Slice",
          "Neg");

  private final OnnxGraph graph;
  private final Set<String> values = new HashSet<>();

  private SmallConstants(OnnxGraph graph) {
    this.graph = graph;
  }

  public static SmallConstants of(OnnxGraph graph, Dataflow flow) {
    SmallConstants constants = new SmallConstants(graph);
    for (TensorProto tensor : graph.proto().getGraph().getInitializerList()) {
      if (isSmall(tensor)) {
        constants.values.add(tensor.getName());
      }
    }
    for (int node = 0; node < flow.size(); node++) {
      if (flow.isConstant(node) && constants.isSmall(flow, node)) {
        constants.values.addAll(flow.outputs(node));
      }
    }
    return constants;
  }

  private boolean isSmall(Dataflow flow, int index) {
    NodeProto node = flow.node(index);
    if (node.getOpType().equals("Constant")) {
      Optional<TensorProto> tensor = Attributes.find(node, "value").map(AttributeProto::getT);
      return tensor.isPresent() ? isSmall(tensor.get()) : node.getSerializedSize() < 1024;
    }
    return NOT_GROWING.contains(node.getOpType())
        && !flow.reads(index).isEmpty()
        && values.containsAll(flow.reads(index));
  }

  public static boolean isSmall(TensorProto tensor) {
    return TensorSize.elements(tensor.getDimsList()) <= MAX_ELEMENTS;
  }

  public boolean contains(String value) {
    return values.contains(value);
  }

  /** Returns the weight of that name with its bytes in it, or null if a node makes the value. */
  public @Nullable TensorProto inline(String value) {
    TensorProto tensor = graph.initializer(value);
    ByteString bytes = graph.smallExternal(value);
    if (tensor == null || bytes == null) {
      return tensor;
    }
    return tensor.toBuilder().clearExternalData().clearDataLocation().setRawData(bytes).build();
  }
}
