package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
          "DequantizeLinear");

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
   * Returns the values from the look-up to the first boundary, exclusive, that have the boundary's
   * shape: all on the way if every step is element-wise or a norm, otherwise none. Masks are built
   * from the shape of such a value.
   */
  ImmutableSet<String> sameShape(Dataflow flow, Dominators dominators, String boundary) {
    boolean keepsShape =
        ResidualPart.between(flow, dominators, output, boundary).stream()
            .allMatch(node -> KEEPS_SHAPE.contains(flow.node(node).getOpType()));
    return keepsShape
        ? dominators.values().stream()
            .takeWhile(value -> !value.equals(boundary))
            .collect(ImmutableSet.toImmutableSet())
        : ImmutableSet.of();
  }

  /**
   * Returns the width of the residual stream: as declared at a boundary, or else that of the
   * matrix.
   */
  int hiddenSize(OnnxGraph graph, Dataflow flow, List<String> boundaries) {
    Set<String> known = ImmutableSet.copyOf(boundaries);
    long width =
        graph.proto().getGraph().getValueInfoList().stream()
            .filter(value -> known.contains(value.getName()))
            .map(value -> value.getType().getTensorType().getShape().getDimList())
            .filter(dims -> dims.size() == 3 && dims.get(2).getDimValue() > 0)
            .mapToLong(dims -> dims.get(2).getDimValue())
            .findFirst()
            .orElseGet(() -> rowLength(graph, flow));
    if (width < 1 || width > Integer.MAX_VALUE) {
      throw graph
          .source()
          .unsupported(
              "node "
                  + Names.of(lookup)
                  + " looks up rows of "
                  + (width == 0 ? "unknown length" : "length " + width + "; 1 to 2^31 - 1")
                  + ". Export it with the shapes of its values");
    }
    return (int) width;
  }

  private long rowLength(OnnxGraph graph, Dataflow flow) {
    String table = lookup.getInput(0);
    List<Long> dims = weight(graph, flow, table).map(TensorProto::getDimsList).orElse(List.of());
    if (dims.size() != 2 || !lookup.getOpType().equals("Gather")) {
      return 0;
    }
    return dims.get(isTransposed(flow, table) ? 0 : 1);
  }

  private static boolean isMatrix(OnnxGraph graph, Dataflow flow, String table) {
    return weight(graph, flow, table)
        .filter(tensor -> tensor.getDimsCount() >= 2 && NUMBERS.contains(tensor.getDataType()))
        .isPresent();
  }

  /** Where embedding and head share a matrix, the embedding may look into it transposed. */
  private static boolean isTransposed(Dataflow flow, String table) {
    int maker = flow.maker(Aliases.root(flow, table));
    return maker >= 0 && flow.node(maker).getOpType().equals("Transpose");
  }

  /** Returns the weight that a table is made of: itself, transposed or in another shape. */
  private static Optional<TensorProto> weight(OnnxGraph graph, Dataflow flow, String table) {
    String root = Aliases.root(flow, table);
    int maker = flow.maker(root);
    if (maker >= 0
        && flow.node(maker).getInputCount() > 0
        && List.of("Transpose", "Reshape").contains(flow.node(maker).getOpType())) {
      root = Aliases.root(flow, flow.node(maker).getInput(0));
    }
    return Optional.ofNullable(graph.initializer(root));
  }
}
