package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tale.onnx.graph.Dataflow;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The number of tokens that a model's embedding knows. */
final class TokenRows {
  /** Operators that leave the number of rows as it is. */
  private static final Set<String> SAME_ROWS =
      Set.of("Identity", "Cast", "Reshape", "QuantizeLinear", "DequantizeLinear");

  private TokenRows() {}

  /** Returns the rows of the matrix that token ids are looked up in; empty if it is not stored. */
  static OptionalLong of(ResidualStream stream) {
    Dataflow flow = stream.flow();
    NodeProto lookup = Embedding.find(stream.graph(), flow, stream.result()).lookup();
    String root = lookup.getInput(0);
    boolean transposed = false;
    for (int maker = flow.maker(root); maker >= 0; maker = flow.maker(root)) {
      NodeProto node = flow.node(maker);
      boolean turns = node.getOpType().equals("Transpose");
      if ((!turns && !SAME_ROWS.contains(node.getOpType())) || node.getInputCount() == 0) {
        return OptionalLong.empty();
      }
      transposed ^= turns;
      root = node.getInput(0);
    }
    int axis = transposed ? 1 : 0;
    return Optional.ofNullable(stream.graph().initializer(root))
        .filter(weight -> weight.getDimsCount() == 2)
        .map(TensorProto::getDimsList)
        .map(dims -> OptionalLong.of(dims.get(axis)))
        .orElse(OptionalLong.empty());
  }
}
