package dev.tale.onnx.graph;

import java.util.HashSet;
import java.util.Set;

/**
 * Weights that are stored quantized, what {@code DequantizeLinear} makes of them, and what is
 * computed from that alone. ONNX Runtime rewrites such a weight and the product that reads it to
 * one operator that computes in integers ({@code MatMulNBits}, {@code QLinearMatMul}), but only if
 * all of it lies in one graph: across the wall of a branch it computes in floats, other numbers
 * than the plain graph gives; and where the weight alone lies outside, it does not load. So they go
 * into the branches with the operators that read them.
 */
final class QuantizedWeights {
  private static final String DEQUANTIZE = "DequantizeLinear";

  private final Set<String> values = new HashSet<>();

  private QuantizedWeights() {}

  static QuantizedWeights of(Dataflow flow) {
    QuantizedWeights weights = new QuantizedWeights();
    for (int node = 0; node < flow.size(); node++) {
      if (flow.isConstant(node) && (isDequantized(flow, node) || weights.readBy(flow, node))) {
        weights.values.addAll(flow.outputs(node));
      }
    }
    for (int node = flow.size() - 1; node >= 0; node--) {
      if (flow.outputs(node).stream().anyMatch(weights.values::contains)) {
        weights.values.addAll(flow.reads(node));
      }
    }
    return weights;
  }

  private static boolean isDequantized(Dataflow flow, int node) {
    return flow.node(node).getOpType().equals(DEQUANTIZE);
  }

  private boolean readBy(Dataflow flow, int node) {
    return flow.reads(node).stream().anyMatch(values::contains);
  }

  boolean contains(String value) {
    return values.contains(value);
  }
}
