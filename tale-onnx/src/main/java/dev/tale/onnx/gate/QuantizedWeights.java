package dev.tale.onnx.gate;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import dev.tale.onnx.graph.Aliases;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.TensorSize;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Weights that are stored quantized, what {@code DequantizeLinear} makes of them, and what is
 * computed from that alone. ONNX Runtime rewrites such a weight and the product that reads it to
 * one operator that computes in integers ({@code MatMulNBits}, {@code QLinearMatMul}), but only if
 * all of it lies in one graph: across the wall of a branch it computes in floats, other numbers
 * than the plain graph gives; and where the weight alone lies outside, it does not load. So they go
 * into the branches with the operators that read them.
 *
 * <p>Implementation note. ONNX Runtime 1.28 makes no {@code MatMulNBits} of weights that share a
 * scale, and lets equal scales of a few elements be shared. Such weights stay outside, where they
 * meet no product.
 */
final class QuantizedWeights {
  private static final String DEQUANTIZE = "DequantizeLinear";

  /** What the runtime looks through, or fuses with. */
  private static final Set<String> PRODUCTS = Set.of("MatMul", "Gemm", "Transpose", "Reshape");

  /** The runtime shares equal constants of so many elements. */
  private static final int SHARED_ELEMENTS = 8;

  private final OnnxGraph graph;
  private final Dataflow flow;
  private final Multiset<Object> scales = HashMultiset.create();
  private final Set<String> values = new HashSet<>();

  private QuantizedWeights(OnnxGraph graph, Dataflow flow) {
    this.graph = graph;
    this.flow = flow;
  }

  static QuantizedWeights of(OnnxGraph graph, Dataflow flow) {
    QuantizedWeights weights = new QuantizedWeights(graph, flow);
    weights.countScales();
    weights.find();
    return weights;
  }

  private void countScales() {
    for (int node = 0; node < flow.size(); node++) {
      if (flow.isConstant(node) && isDequantized(node)) {
        scales.add(scale(flow.node(node)));
      }
    }
  }

  private void find() {
    for (int node = 0; node < flow.size(); node++) {
      boolean joins = isDequantized(node) ? !sharesScale(node) : readsAny(node);
      if (flow.isConstant(node) && joins) {
        values.addAll(flow.outputs(node));
      }
    }
    for (int node = flow.size() - 1; node >= 0; node--) {
      if (flow.outputs(node).stream().anyMatch(values::contains)) {
        values.addAll(flow.reads(node));
      }
    }
  }

  private boolean isDequantized(int node) {
    return flow.node(node).getOpType().equals(DEQUANTIZE);
  }

  private boolean readsAny(int node) {
    return flow.reads(node).stream().anyMatch(values::contains);
  }

  private boolean sharesScale(int node) {
    return scales.count(scale(flow.node(node))) > 1
        && flow.readers(flow.node(node).getOutput(0)).stream()
            .map(flow::node)
            .allMatch(this::isProductOfFloats);
  }

  private boolean isProductOfFloats(NodeProto reader) {
    int maker = flow.maker(reader.getInput(0));
    boolean integers = maker >= 0 && isDequantized(maker) && !flow.isConstant(reader.getInput(0));
    return PRODUCTS.contains(reader.getOpType()) && !integers;
  }

  /** Returns a scale by its content, or by its name if it is not shared by content. */
  private Object scale(NodeProto dequantize) {
    String name = dequantize.getInputCount() > 1 ? dequantize.getInput(1) : "";
    return Aliases.constant(graph, flow, name)
        .filter(tensor -> TensorSize.elements(tensor.getDimsList()) <= SHARED_ELEMENTS)
        .<Object>map(tensor -> content(Aliases.root(flow, name), tensor))
        .orElse(name);
  }

  private List<Object> content(String name, TensorProto tensor) {
    Object bytes = graph.smallExternal(name);
    TensorProto content = tensor.toBuilder().clearName().clearExternalData().build();
    return bytes == null ? List.of(content) : List.of(content, bytes);
  }

  boolean contains(String value) {
    return values.contains(value);
  }
}
