package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The look-up of token ids in a matrix: where the residual stream begins.
 *
 * @param output what the look-up makes
 * @param hiddenSize width of the matrix
 */
record Embedding(String output, int hiddenSize) {
  private static final Set<Integer> FLOATS =
      Set.of(DataType.FLOAT_VALUE, DataType.FLOAT16_VALUE, DataType.BFLOAT16_VALUE);

  /** Finds the one look-up by {@code input_ids} that the logits depend on. */
  static Embedding find(OnnxGraph graph, Dataflow flow, String logits) {
    Set<String> fromIds = flow.dependents(GatedGraph.INPUT_IDS);
    Set<String> toLogits = flow.dependencies(logits);
    List<Embedding> found = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int node = 0; node < flow.size(); node++) {
      NodeProto gather = flow.node(node);
      if (!gather.getOpType().equals("Gather")
          || gather.getInputCount() != 2
          || !fromIds.contains(gather.getInput(1))
          || !toLogits.contains(gather.getOutput(0))) {
        continue;
      }
      TensorProto matrix = graph.initializer(Aliases.root(flow, gather.getInput(0)));
      if (matrix != null && isMatrix(matrix)) {
        found.add(new Embedding(gather.getOutput(0), width(graph, gather, matrix)));
        names.add(Names.of(gather));
      }
    }
    if (found.size() != 1) {
      throw graph
          .source()
          .unsupported(
              "needs exactly one look-up of input_ids in a float matrix (Gather), but has "
                  + (names.isEmpty() ? "none" : String.join(", ", names))
                  + "; Tale prunes decoders of text. Export with task text-generation");
    }
    return found.get(0);
  }

  private static boolean isMatrix(TensorProto tensor) {
    return tensor.getDimsCount() == 2 && FLOATS.contains(tensor.getDataType());
  }

  private static int width(OnnxGraph graph, NodeProto gather, TensorProto matrix) {
    long width = matrix.getDims(1);
    if (width < 1 || width > Integer.MAX_VALUE) {
      throw graph
          .source()
          .unsupported(
              "node " + Names.of(gather) + " looks up rows of width " + width + "; at least 1");
    }
    return (int) width;
  }
}
