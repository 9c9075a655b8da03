package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * The look-up of token ids in a matrix, quantized or not: where the residual stream begins.
 *
 * @param output what the look-up makes
 * @param lookup the node that does
 */
record Embedding(String output, NodeProto lookup) {
  /** Operators that look up rows, with the number of inputs that they need. */
  private static final ImmutableMap<String, Integer> LOOKUPS =
      ImmutableMap.of("Gather", 2, "GatherBlockQuantized", 3);

  /** What ONNX Runtime's optimiser makes of the embedding of an encoder. */
  private static final String FUSED = "EmbedLayerNormalization";

  private static final Set<String> RESHAPES =
      Set.of("Cast", "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze");

  /** Operators after which a sequence of states still is one; a mean is taken inside a norm. */
  private static final Set<String> KEEPS_SHAPE =
      Set.of(
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Pow",
          "Sqrt",
          "Reciprocal",
          "Cast",
          "Identity",
          "ReduceMean",
          "LayerNormalization",
          "SimplifiedLayerNormalization",
          "RMSNormalization",
          "QuantizeLinear",
          "DequantizeLinear");

  /** Operators that project every row by itself. */
  private static final Set<String> PROJECTS =
      Set.of("MatMul", "MatMulNBits", "MatMulInteger", "DynamicQuantizeMatMul");

  private static final Set<Integer> NUMBERS =
      Set.of(
          DataType.FLOAT_VALUE,
          DataType.FLOAT16_VALUE,
          DataType.BFLOAT16_VALUE,
          DataType.INT8_VALUE,
          DataType.UINT8_VALUE,
          DataType.INT4_VALUE,
          DataType.UINT4_VALUE);

  /**
   * Finds the one look-up by {@code input_ids} that the result depends on. What is computed from
   * them, such as RoBERTa's positions, may be looked up too.
   */
  static Embedding find(OnnxGraph graph, Dataflow flow, String result) {
    Set<String> fromIds = flow.dependents(GatedGraph.INPUT_IDS);
    Set<String> toResult = flow.dependencies(result);
    List<Embedding> found = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int node = 0; node < flow.size(); node++) {
      NodeProto gather = flow.node(node);
      if (gather.getInputCount() < LOOKUPS.getOrDefault(gather.getOpType(), Integer.MAX_VALUE)
          || !fromIds.contains(gather.getInput(1))
          || !toResult.contains(gather.getOutput(0))) {
        continue;
      }
      if (flow.isConstant(gather.getInput(0)) && isMatrix(graph, flow, gather.getInput(0))) {
        found.add(new Embedding(gather.getOutput(0), gather));
        names.add(Names.of(gather));
      }
    }
    if (found.size() > 1) {
      found.removeIf(embedding -> !areIds(flow, embedding.lookup().getInput(1)));
    }
    if (found.isEmpty()) {
      refuseFused(graph, flow);
    }
    if (found.size() != 1) {
      throw graph
          .source()
          .unsupported(
              "needs exactly one look-up of input_ids in a matrix (Gather), but has "
                  + (names.isEmpty() ? "none" : String.join(", ", names))
                  + "; Tale prunes models of text. Export with task text-generation-with-past, or"
                  + " feature-extraction for an encoder");
    }
    return found.get(0);
  }

  private static void refuseFused(OnnxGraph graph, Dataflow flow) {
    for (int node = 0; node < flow.size(); node++) {
      if (flow.node(node).getOpType().equals(FUSED)) {
        throw graph
            .source()
            .unsupported(
                "node "
                    + Names.of(flow.node(node))
                    + " ("
                    + FUSED
                    + ") holds the embedding and its norm: ONNX Runtime has optimised the graph."
                    + " Export it without graph optimisation");
      }
    }
  }

  /** Returns whether a value is the ids themselves, in another type or shape at most. */
  private static boolean areIds(Dataflow flow, String value) {
    String root = value;
    int maker = flow.maker(root);
    while (maker >= 0
        && flow.node(maker).getInputCount() > 0
        && RESHAPES.contains(flow.node(maker).getOpType())) {
      root = flow.node(maker).getInput(0);
      maker = flow.maker(root);
    }
    return root.equals(GatedGraph.INPUT_IDS);
  }

  /**
   * Returns the values from the look-up to the first boundary, exclusive, whose shape may be taken
   * from the boundary as [batch, sequence, width]: those that only element-wise steps, norms and
   * views follow, and, where a projection does too, those of which no more than batch and sequence
   * is read. Masks are built from the shape of such a value.
   */
  ImmutableSet<String> sameShape(
      OnnxGraph graph,
      Dataflow flow,
      Dominators dominators,
      StreamLayouts layouts,
      String boundary) {
    return dominators.values().stream()
        .takeWhile(value -> !value.equals(boundary))
        .filter(value -> layouts.of(value).equals(StreamLayout.ROWS))
        .filter(
            value -> {
              BitSet after = ResidualPart.between(flow, dominators, value, boundary);
              boolean asWide = after.stream().allMatch(node -> keepsShape(flow, node));
              return asWide
                  || (after.stream().allMatch(node -> keepsRows(flow, dominators, node))
                      && flow.readers(value).stream()
                          .allMatch(reader -> readsRowsAlone(graph, flow, reader)));
            })
        .collect(ImmutableSet.toImmutableSet());
  }

  /** Whatever the view, the value that is followed is [batch, sequence, width]. */
  private static boolean keepsShape(Dataflow flow, int node) {
    return isOneOf(KEEPS_SHAPE, flow, node) || StreamLayouts.isView(flow, node);
  }

  private static boolean isOneOf(Set<String> operators, Dataflow flow, int node) {
    return operators.contains(flow.node(node).getOpType());
  }

  private static boolean keepsRows(Dataflow flow, Dominators dominators, int node) {
    return keepsShape(flow, node)
        || (isOneOf(PROJECTS, flow, node)
            && flow.reads(node).stream().filter(dominators::isLive).count() == 1);
  }

  /** Whether of a shape, if the node takes it, only the first two dimensions are read. */
  private static boolean readsRowsAlone(OnnxGraph graph, Dataflow flow, int shape) {
    if (!flow.readsShapeOnly(shape)) {
      return true;
    }
    NodeProto node = flow.node(shape);
    boolean firstTwo =
        Attributes.find(node, "end").filter(end -> Set.of(1L, 2L).contains(end.getI())).isPresent();
    return firstTwo
        || (node.getOpType().equals("Shape")
            && flow.readers(node.getOutput(0)).stream()
                .allMatch(reader -> picksRows(graph, flow, reader)));
  }

  private static boolean picksRows(OnnxGraph graph, Dataflow flow, int reader) {
    return flow.node(reader).getOpType().equals("Gather")
        && SmallLongs.of(graph, flow, flow.node(reader).getInput(1))
            .filter(picked -> Set.of(0L, 1L).containsAll(picked))
            .isPresent();
  }

  private static boolean isMatrix(OnnxGraph graph, Dataflow flow, String table) {
    return StoredMatrix.of(graph, flow, table)
        .map(StoredMatrix::tensor)
        .filter(tensor -> tensor.getDimsCount() >= 2 && NUMBERS.contains(tensor.getDataType()))
        .isPresent();
  }
}
