package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lengths of last dimensions: of an embedding's rows, of the residual stream, which need not be the
 * same, for an embedding may be projected. Not a general inference: it knows what stands between
 * the parts of a transformer, and takes a declaration where there is one. An unknown length is 0.
 *
 * <p>Implementation note. One sweep in topological order, so that deep graphs need no stack.
 */
final class Widths {
  private static final ImmutableSet<String> ELEMENT_WISE =
      ImmutableSet.of("Add", "Sub", "Mul", "Div", "Pow", "Sum", "Where", "Max", "Min", "PRelu");

  /** Operators whose output is as wide as their first input. */
  private static final ImmutableSet<String> KEEPS_WIDTH =
      ImmutableSet.of(
          "BiasGelu",
          "Cast",
          "Clip",
          "DequantizeLinear",
          "Dropout",
          "DynamicQuantizeLinear",
          "Erf",
          "FastGelu",
          "Flatten",
          "Gelu",
          "Identity",
          "QuantizeLinear",
          "QuickGelu",
          "Reciprocal",
          "Relu",
          "Sigmoid",
          "Sqrt",
          "Squeeze",
          "Tanh",
          "Unsqueeze");

  private static final ImmutableSet<String> NORMS =
      ImmutableSet.of("LayerNormalization", "RMSNormalization", "SimplifiedLayerNormalization");

  private final OnnxGraph graph;
  private final Dataflow flow;
  private final Map<String, ImmutableList<Long>> weights = new HashMap<>();
  private final Map<String, Long> widths = new HashMap<>();

  private Widths(OnnxGraph graph, Dataflow flow) {
    this.graph = graph;
    this.flow = flow;
  }

  static Widths of(OnnxGraph graph, Dataflow flow) {
    Widths widths = new Widths(graph, flow);
    for (TensorProto tensor : graph.proto().getGraph().getInitializerList()) {
      widths.putWeight(tensor.getName(), ImmutableList.copyOf(tensor.getDimsList()));
    }
    Map<String, Long> declared = declared(graph);
    for (int node = 0; node < flow.size(); node++) {
      if (flow.node(node).getOutputCount() > 0) {
        String output = flow.node(node).getOutput(0);
        widths.add(flow.node(node), output);
        if (declared.containsKey(output)) {
          widths.widths.put(output, declared.get(output));
        }
      }
    }
    return widths;
  }

  /** A matrix, a sequence or a batch of sequences. */
  private static Map<String, Long> declared(OnnxGraph graph) {
    Map<String, Long> declared = new HashMap<>();
    for (ValueInfoProto value : graph.proto().getGraph().getValueInfoList()) {
      List<Dimension> dims = value.getType().getTensorType().getShape().getDimList();
      if ((dims.size() == 2 || dims.size() == 3) && dims.get(dims.size() - 1).getDimValue() > 0) {
        declared.put(value.getName(), dims.get(dims.size() - 1).getDimValue());
      }
    }
    return declared;
  }

  /** Returns the length of a value's last dimension, 0 if it is not known. */
  long of(String value) {
    return widths.getOrDefault(value, 0L);
  }

  private void putWeight(String name, ImmutableList<Long> dims) {
    weights.put(name, dims);
    widths.put(name, dims.isEmpty() ? 1L : dims.get(dims.size() - 1));
  }

  private void add(NodeProto node, String output) {
    ImmutableList<Long> weight = weight(node);
    if (weight.isEmpty()) {
      widths.put(output, width(node));
    } else {
      putWeight(output, weight);
    }
  }

  /** Returns the dimensions of a weight in another form, none if it is no weight. */
  private ImmutableList<Long> weight(NodeProto node) {
    ImmutableList<Long> dims = dims(node, 0);
    return switch (node.getOpType()) {
      case "Identity", "Cast", "QuantizeLinear", "DequantizeLinear" -> dims;
      case "Transpose" ->
          Attributes.find(node, "perm").map(p -> permuted(dims, p)).orElse(dims.reverse());
      default -> ImmutableList.of();
    };
  }

  private static ImmutableList<Long> permuted(ImmutableList<Long> dims, AttributeProto perm) {
    boolean fits =
        perm.getIntsCount() == dims.size()
            && perm.getIntsList().stream().allMatch(axis -> axis >= 0 && axis < dims.size());
    return fits
        ? perm.getIntsList().stream()
            .map(axis -> dims.get(axis.intValue()))
            .collect(ImmutableList.toImmutableList())
        : ImmutableList.of();
  }

  private long width(NodeProto node) {
    String op = node.getOpType();
    if (ELEMENT_WISE.contains(op)) {
      long widest = node.getInputList().stream().mapToLong(this::of).max().orElse(0);
      return widest > 1 ? widest : 0;
    }
    if (NORMS.contains(op)) {
      return dims(node, 1).isEmpty() ? first(node) : last(dims(node, 1));
    }
    return KEEPS_WIDTH.contains(op) ? first(node) : ofOperator(node);
  }

  private long ofOperator(NodeProto node) {
    return switch (node.getOpType()) {
      case "MatMul",
          "MatMulInteger",
          "MatMulIntegerToFloat",
          "DynamicQuantizeMatMul",
          "FusedMatMul",
          "Gemm",
          "FusedGemm" ->
          product(node);
      case "QLinearMatMul" -> last(dims(node, 3));
      case "MatMulNBits", "MatMulBnb4" -> number(node, "N", 0);
      case "Gather", "GatherBlockQuantized" -> lookedUp(node);
      case "Reshape" -> reshaped(node);
      default -> 0;
    };
  }

  private long product(NodeProto node) {
    ImmutableList<Long> dims = dims(node, 1);
    return number(node, "transB", 0) == 1 && dims.size() > 1
        ? dims.get(dims.size() - 2)
        : last(dims);
  }

  /** Rows of a matrix, in whatever form it is stored. */
  private long lookedUp(NodeProto gather) {
    return number(gather, "axis", number(gather, "gather_axis", 0)) == 0
        ? StoredMatrix.of(graph, flow, gather.getInput(0))
            .map(matrix -> matrix.columns() * perElement(gather, matrix.tensor()))
            .orElse(0L)
        : 0;
  }

  /**
   * Number of elements of a row in one of the matrix: bytes hold two where blocks are of 4 bits.
   */
  private static long perElement(NodeProto gather, TensorProto matrix) {
    boolean packed =
        gather.getOpType().equals("GatherBlockQuantized")
            && matrix.getDataType() == DataType.UINT8_VALUE;
    long bits = number(gather, "bits", 4);
    return packed && bits > 0 ? 8 / bits : 1;
  }

  /** The last dimension of a view is that of the stream unless it says otherwise. */
  private long reshaped(NodeProto node) {
    List<Long> target = SmallLongs.of(graph, flow, node, 1, "shape").orElse(List.of());
    long stated = target.isEmpty() ? 0 : target.get(target.size() - 1);
    return stated > 0 ? stated : first(node);
  }

  private long first(NodeProto node) {
    return node.getInputCount() == 0 ? 0 : of(node.getInput(0));
  }

  private ImmutableList<Long> dims(NodeProto node, int input) {
    return node.getInputCount() > input
        ? weights.getOrDefault(node.getInput(input), ImmutableList.of())
        : ImmutableList.of();
  }

  private static long last(List<Long> dims) {
    return dims.isEmpty() ? 0 : dims.get(dims.size() - 1);
  }

  private static long number(NodeProto node, String attribute, long otherwise) {
    return Attributes.find(node, attribute).map(AttributeProto::getI).orElse(otherwise);
  }
}
