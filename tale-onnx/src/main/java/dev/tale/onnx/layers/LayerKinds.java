package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMultiset;
import com.google.common.collect.Multiset;
import com.google.common.collect.Multisets;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.Names;
import dev.tale.onnx.graph.OnnxGraph;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether layers are layers, with one attention each, and all of one kind: settings count layers
 * and cannot say that the second of those that stay is the mixture of experts. Compared is what
 * layers are made of: products with weights, mixtures, convolutions, attention; not how a layer
 * attends (a window, other positions), which settings can list, nor how its weights are stored.
 */
final class LayerKinds {
  /** Products with a weight, by how it is stored. */
  private static final ImmutableSet<String> PRODUCTS =
      ImmutableSet.of(
          "MatMul",
          "Gemm",
          "FusedMatMul",
          "FusedGemm",
          "MatMulNBits",
          "MatMulBnb4",
          "MatMulInteger",
          "MatMulIntegerToFloat",
          "DynamicQuantizeMatMul",
          "QLinearMatMul",
          "QGemm");

  /** Operators that make a layer what it is, besides attention. */
  private static final ImmutableSet<String> TELLING =
      ImmutableSet.of(
          "CausalConvWithState",
          "Conv",
          "GatedRelativePositionBias",
          "Loop",
          "MoE",
          "QMoE",
          "Scan",
          "TopK");

  /** Operators that hold a whole attention. */
  static final ImmutableSet<String> FUSED_ATTENTION =
      ImmutableSet.of(
          "Attention",
          "DecoderMaskedMultiHeadAttention",
          "GroupQueryAttention",
          "LinearAttention",
          "MultiHeadAttention",
          "SparseAttention");

  private final OnnxGraph graph;
  private final Dataflow flow;

  private LayerKinds(OnnxGraph graph, Dataflow flow) {
    this.graph = graph;
    this.flow = flow;
  }

  /**
   * Checks layers, or the same part of each layer.
   *
   * @throws dev.tale.model.UnsupportedModelException if they are not of one kind
   */
  static void check(OnnxGraph graph, Dataflow flow, List<BitSet> layers) {
    LayerKinds kinds = new LayerKinds(graph, flow);
    for (int layer = 0; layer < layers.size(); layer++) {
      kinds.refuseSeveralAttentions(layers.get(layer), layer);
    }
    for (int layer = 1; layer < layers.size(); layer++) {
      kinds.compare(layers.get(0), layers.get(layer), layer);
    }
  }

  /** Layers that share keys look like one, for the values between them are not all there is. */
  private void refuseSeveralAttentions(BitSet nodes, int layer) {
    List<String> attentions =
        nodes.stream().filter(this::isAttention).mapToObj(flow::node).map(Names::of).toList();
    if (attentions.size() > 1) {
      throw graph
          .source()
          .unsupported(
              "layer "
                  + layer
                  + " holds "
                  + attentions.size()
                  + " attentions, "
                  + String.join(", ", attentions.subList(0, 2))
                  + ": one reads what another has computed, such as its keys, so neither can be"
                  + " removed alone. Tale prunes models whose layers share nothing but the stream");
    }
  }

  private boolean isAttention(int node) {
    String op = flow.node(node).getOpType();
    return FUSED_ATTENTION.contains(op) || (op.equals("Softmax") && !isRouting(node));
  }

  /** Returns whether a softmax is over the experts of a mixture. */
  private boolean isRouting(int softmax) {
    return Stream.concat(
            flow.reads(softmax).stream().map(flow::maker).filter(maker -> maker >= 0),
            flow.outputs(softmax).stream().flatMap(output -> flow.readers(output).stream()))
        .anyMatch(node -> flow.node(node).getOpType().equals("TopK"));
  }

  private void compare(BitSet first, BitSet other, int layer) {
    Multiset<String> expected = kind(first);
    Multiset<String> found = kind(other);
    if (!expected.equals(found)) {
      Multiset<String> more = Multisets.difference(found, expected);
      boolean has = !more.isEmpty();
      String operator = (has ? more : Multisets.difference(expected, found)).iterator().next();
      throw graph
          .source()
          .unsupported(
              "layer "
                  + layer
                  + " is of another kind than layer 0: node "
                  + node(has ? other : first, operator)
                  + " of layer "
                  + (has ? layer : 0)
                  + " has no counterpart ("
                  + found
                  + " against "
                  + expected
                  + "). Tale prunes models whose layers are all of one kind");
    }
  }

  private ImmutableSortedMultiset<String> kind(BitSet nodes) {
    return nodes.stream()
        .mapToObj(this::operator)
        .filter(operator -> !operator.isEmpty())
        .collect(ImmutableSortedMultiset.toImmutableSortedMultiset(Comparator.naturalOrder()));
  }

  private String operator(int node) {
    String op = flow.node(node).getOpType();
    if (PRODUCTS.contains(op)) {
      return flow.reads(node).stream().anyMatch(flow::isConstant) ? "product" : "";
    }
    return TELLING.contains(op) || FUSED_ATTENTION.contains(op) ? op : "";
  }

  /** Returns the last node of that kind, for a message. */
  private String node(BitSet nodes, String operator) {
    NodeProto last =
        nodes.stream()
            .filter(node -> operator(node).equals(operator))
            .mapToObj(flow::node)
            .reduce((one, next) -> next)
            .orElseThrow();
    return Names.of(last);
  }
}
