package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableSet;
import java.util.Optional;

/**
 * The weight that a constant matrix is made of: itself, dequantized, in another type or shape, or
 * transposed.
 *
 * @param tensor the weight as it is stored
 * @param transposed whether its rows are the matrix's columns
 */
public record StoredMatrix(TensorProto tensor, boolean transposed) {
  private static final ImmutableSet<String> SAME_ELEMENTS =
      ImmutableSet.of(
          "Identity", "Cast", "Transpose", "Reshape", "QuantizeLinear", "DequantizeLinear");

  public static Optional<StoredMatrix> of(OnnxGraph graph, Dataflow flow, String matrix) {
    String root = matrix;
    boolean transposed = false;
    for (int maker = flow.maker(root); maker >= 0; maker = flow.maker(root)) {
      NodeProto node = flow.node(maker);
      if (!SAME_ELEMENTS.contains(node.getOpType()) || node.getInputCount() == 0) {
        return Optional.empty();
      }
      transposed ^= node.getOpType().equals("Transpose");
      root = node.getInput(0);
    }
    TensorProto tensor = graph.initializer(root);
    return tensor == null ? Optional.empty() : Optional.of(new StoredMatrix(tensor, transposed));
  }

  /** Returns the number of rows of the matrix, 0 if the weight is no matrix. */
  public long rows() {
    return dim(0);
  }

  /** Returns the number of columns of the matrix, 0 if the weight is no matrix. */
  public long columns() {
    return dim(1);
  }

  private long dim(int axis) {
    return tensor.getDimsCount() == 2 ? tensor.getDims(transposed ? 1 - axis : axis) : 0;
  }
}
