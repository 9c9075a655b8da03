package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.common.collect.ImmutableSet;
import dev.tale.onnx.graph.Aliases;
import dev.tale.onnx.graph.Attributes;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.Names;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.SmallLongs;
import dev.tale.onnx.graph.StoredMatrix;
import dev.tale.onnx.graph.TensorSize;
import dev.tale.onnx.layers.ResidualStream.HeadKind;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks that nothing but a head follows the last layer, and whether it treats every position by
 * itself, so that it may run on chosen positions only: element-wise operators, norms over the last
 * axis, products with a constant, and reshapes that leave the rows alone.
 */
final class HeadChecks {
  private static final ImmutableSet<String> POSITION_WISE =
      ImmutableSet.of(
          "Cast",
          "Identity",
          "Pow",
          "Add",
          "Sub",
          "Mul",
          "Div",
          "Sqrt",
          "Reciprocal",
          "Neg",
          "Tanh",
          "MatMul",
          "LayerNormalization",
          "RMSNormalization",
          "SimplifiedLayerNormalization",
          "MatMulNBits",
          "MatMulInteger",
          "QLinearMatMul");

  /** Products of a position's state with a matrix, unless the states are what is transposed. */
  private static final ImmutableSet<String> TRANSPOSING = ImmutableSet.of("Gemm", "FusedMatMul");

  /** Operators that have scales: one for all, or one for each element of a state. */
  private static final ImmutableSet<String> SCALED =
      ImmutableSet.of("QuantizeLinear", "DequantizeLinear");

  /** Operators of heads that see all positions at once: a common scale, the original shape. */
  private static final ImmutableSet<String> WHOLE =
      ImmutableSet.of("DynamicQuantizeLinear", "DynamicQuantizeMatMul", "Reshape");

  private final OnnxGraph graph;
  private final Dataflow flow;
  private final Dominators dominators;
  private final int hiddenSize;

  HeadChecks(OnnxGraph graph, Dataflow flow, Dominators dominators, int hiddenSize) {
    this.graph = graph;
    this.flow = flow;
    this.dominators = dominators;
    this.hiddenSize = hiddenSize;
  }

  /**
   * The kind of head between the last layer and the logits.
   *
   * @throws dev.tale.model.UnsupportedModelException if there is more than a head
   */
  HeadKind kind(String last, String logits) {
    BitSet nodes = ResidualPart.between(flow, dominators, last, logits);
    nodes.stream().filter(node -> !isWhole(node)).forEach(this::check);
    return nodes.stream().anyMatch(node -> isWhole(node) && !keepsRows(node))
        ? HeadKind.WHOLE
        : HeadKind.POSITION_WISE;
  }

  Dominators dominators() {
    return dominators;
  }

  /** Returns the reshapes among some nodes that leave every row of the stream as it is. */
  BitSet rowReshapes(BitSet nodes) {
    BitSet reshapes = new BitSet();
    nodes.stream().filter(this::keepsRows).forEach(reshapes::set);
    return reshapes;
  }

  private boolean isWhole(int node) {
    return WHOLE.contains(flow.node(node).getOpType()) || swapsRows(flow.node(node));
  }

  private static boolean isByRow(NodeProto product) {
    return Stream.of("transA", "transBatchA", "transBatchB")
        .flatMap(name -> Attributes.find(product, name).stream())
        .allMatch(transposed -> transposed.getI() == 0);
  }

  /** [sequence, batch, width] as [batch, sequence, width]. */
  private static boolean swapsRows(NodeProto node) {
    return node.getOpType().equals("Transpose")
        && Attributes.find(node, "perm")
            .filter(perm -> perm.getIntsList().equals(StreamLayout.SEQUENCE_FIRST.order()))
            .isPresent();
  }

  /** Only products with a matrix of as many rows as the stream is wide read the result. */
  private boolean keepsRows(int node) {
    NodeProto reshape = flow.node(node);
    return reshape.getOpType().equals("Reshape")
        && dominators.isLive(reshape.getInput(0))
        && flow.readers(reshape.getOutput(0)).stream()
            .allMatch(reader -> isProjection(flow.node(reader), reshape.getOutput(0)));
  }

  private boolean isProjection(NodeProto node, String stream) {
    return node.getOpType().equals("MatMul")
        && node.getInput(0).equals(stream)
        && StoredMatrix.of(graph, flow, node.getInput(1)).map(StoredMatrix::rows).orElse(0L)
            == hiddenSize;
  }

  private void check(int index) {
    NodeProto node = flow.node(index);
    boolean known =
        POSITION_WISE.contains(node.getOpType())
            || (TRANSPOSING.contains(node.getOpType()) && isByRow(node))
            || (node.getOpType().equals("ReduceMean") && lastAxis(node))
            || (SCALED.contains(node.getOpType()) && scaledByElement(node))
            || (node.getOpType().equals("Slice") && everything(node));
    if (!known) {
      throw refused(node, "is not a known position-wise operator");
    }
    for (String value : flow.reads(index)) {
      if (!dominators.isLive(value) && !flow.isConstant(value)) {
        throw refused(node, "reads " + value + ", which is neither constant nor of the stream");
      }
    }
  }

  private RuntimeException refused(NodeProto node, String why) {
    return graph
        .source()
        .unsupported(
            "node "
                + Names.of(node)
                + " lies between the last layer that was found and the logits, and "
                + why
                + "; either it belongs to a kind of layer that Tale does not know, or the logits"
                + " are not those of every position. Export without graph optimisation, with task"
                + " text-generation-with-past");
  }

  private boolean lastAxis(NodeProto node) {
    Optional<List<Long>> axes = SmallLongs.of(graph, flow, node, 1, "axes");
    return axes.isPresent()
        && axes.get().size() == 1
        && List.of(-1L, 2L).contains(axes.get().get(0));
  }

  private boolean scaledByElement(NodeProto node) {
    long axis = Attributes.find(node, "axis").map(AttributeProto::getI).orElse(1L);
    return axis == -1
        || axis == 2
        || dominators.isLive(node.getInput(1))
        || Aliases.constant(graph, flow, node.getInput(1))
            .filter(scale -> TensorSize.elements(scale.getDimsList()) == 1)
            .isPresent();
  }

  private boolean everything(NodeProto node) {
    return node.getInputCount() >= 3
        && longs(node, 1).filter(starts -> isAll(starts, 0, 0)).isPresent()
        && longs(node, 2).filter(ends -> isAll(ends, Integer.MAX_VALUE, Long.MAX_VALUE)).isPresent()
        && (node.getInputCount() < 5
            || longs(node, 4).filter(steps -> isAll(steps, 1, 1)).isPresent());
  }

  private Optional<List<Long>> longs(NodeProto node, int input) {
    return SmallLongs.of(graph, flow, node.getInput(input));
  }

  private static boolean isAll(List<Long> values, long min, long max) {
    return values.stream().allMatch(value -> min <= value && value <= max);
  }
}
