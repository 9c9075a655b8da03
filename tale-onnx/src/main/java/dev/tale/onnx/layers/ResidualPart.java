package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tale.onnx.graph.Dataflow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One step {@code output = input + f(input)}, or {@code norm(input + f(input))}, of the residual
 * stream.
 *
 * <p>Implementation note. A step ends at a dominator that a sum makes; one of the summands is,
 * casts and changes of view aside, an earlier dominator, and another depends on it. Exporters cast
 * the stream to float32 before a norm, view it as a matrix around a feed-forward part, and quantize
 * and dequantize it after a sum, so more values than the stream dominate: these are looked through.
 *
 * @param input value that enters; the stream before the step
 * @param output the sum, or the norm after it
 * @param attention whether f mixes positions
 * @param normAfter whether a norm carries the stream on
 */
record ResidualPart(String input, String output, boolean attention, boolean normAfter) {
  /** What norms are made of. */
  private static final Set<String> NORM =
      Set.of(
          "LayerNormalization",
          "SimplifiedLayerNormalization",
          "RMSNormalization",
          "ReduceMean",
          "Sub",
          "Pow",
          "Mul",
          "Add",
          "Sqrt",
          "Div",
          "Reciprocal",
          "Cast",
          "QuantizeLinear",
          "DequantizeLinear");

  /**
   * Finds all steps, in order. Where a norm follows every sum and carries the stream on (encoders
   * such as BERT), it belongs to the step, and so do {@link StreamMaps} after it.
   */
  static List<ResidualPart> find(Dataflow flow, Dominators dominators, StreamMaps maps) {
    List<ResidualPart> sums = maps.without(sums(flow, dominators));
    boolean normAfter =
        sums.size() > 1
            && IntStream.range(1, sums.size())
                .noneMatch(i -> sums.get(i).input().equals(sums.get(i - 1).output()));
    return maps.joinedTo(normAfter ? throughNorms(flow, dominators, sums) : sums);
  }

  private static List<ResidualPart> throughNorms(
      Dataflow flow, Dominators dominators, List<ResidualPart> sums) {
    List<String> norm = norm(flow, dominators, sums.get(0).output(), sums.get(1).input());
    Map<String, Integer> places = places(dominators.values());
    List<ResidualPart> parts = new ArrayList<>();
    for (ResidualPart sum : sums) {
      int place = places.getOrDefault(sum.output(), 0);
      List<String> from = dominators.values().subList(place, dominators.values().size());
      String end = normEnd(flow, dominators, from, norm);
      boolean normed = !end.equals(sum.output());
      parts.add(new ResidualPart(sum.input(), end, sum.attention(), normed));
    }
    return parts;
  }

  private static Map<String, Integer> places(List<String> values) {
    Map<String, Integer> places = new HashMap<>();
    values.forEach(value -> places.put(value, places.size()));
    return places;
  }

  /** Returns the first of the values that such a norm of the first of them makes, or the first. */
  private static String normEnd(
      Dataflow flow, Dominators dominators, List<String> values, List<String> norm) {
    for (String value : values) {
      List<String> operators = operators(flow, dominators, values.get(0), value);
      if (operators.equals(norm)) {
        return value;
      }
      if (operators.size() > norm.size()) {
        break;
      }
    }
    return values.get(0);
  }

  /** Returns the operators between two values, or none if one of them is not of a norm. */
  private static List<String> norm(Dataflow flow, Dominators dominators, String from, String to) {
    List<String> operators = operators(flow, dominators, from, to);
    return NORM.containsAll(operators) ? operators : List.of();
  }

  private static List<String> operators(
      Dataflow flow, Dominators dominators, String from, String to) {
    return between(flow, dominators, from, to).stream()
        .filter(node -> !StreamLayouts.isView(flow, node))
        .mapToObj(node -> flow.node(node).getOpType())
        .toList();
  }

  /** Finds all sums, maps of the stream among them, in order. */
  static List<ResidualPart> sums(Dataflow flow, Dominators dominators) {
    List<ResidualPart> parts = new ArrayList<>();
    Set<String> earlier = new LinkedHashSet<>();
    for (String value : dominators.values()) {
      String input = input(flow, dominators, earlier, value);
      if (!input.isEmpty()) {
        boolean attention = attention(flow, dominators, input, value);
        parts.add(new ResidualPart(input, value, attention, false));
      }
      earlier.add(value);
    }
    return parts;
  }

  /** Returns the stream before the sum that makes {@code output}, or "" if it is no such sum. */
  private static String input(
      Dataflow flow, Dominators dominators, Set<String> earlier, String output) {
    Set<String> summands = summands(flow, earlier, output);
    if (summands.stream().filter(dominators::isLive).count() < 2) {
      return "";
    }
    return summands.stream()
        .filter(earlier::contains)
        .findFirst()
        .map(value -> beforeViews(flow, earlier, value))
        .orElse("");
  }

  private static Set<String> summands(Dataflow flow, Set<String> earlier, String output) {
    Set<String> leaves = new LinkedHashSet<>();
    Deque<String> pending = new ArrayDeque<>(List.of(output));
    Set<String> seen = new HashSet<>();
    while (!pending.isEmpty()) {
      String value = pending.pop();
      int maker = flow.maker(value);
      if (maker >= 0 && !earlier.contains(value) && isSum(flow, maker)) {
        flow.reads(maker).stream().filter(seen::add).forEach(pending::add);
      } else {
        leaves.add(value);
      }
    }
    return leaves;
  }

  private static boolean isSum(Dataflow flow, int node) {
    String op = flow.node(node).getOpType();
    return op.equals("Add") || op.equals("Sum") || StreamLayouts.isTransparent(flow, node);
  }

  private static String beforeViews(Dataflow flow, Set<String> earlier, String value) {
    String root = value;
    int maker = flow.maker(root);
    while (maker >= 0
        && StreamLayouts.isTransparent(flow, maker)
        && earlier.contains(flow.node(maker).getInput(0))) {
      root = flow.node(maker).getInput(0);
      maker = flow.maker(root);
    }
    return root;
  }

  /** Positions are mixed by a product of two values that both depend on the stream. */
  private static boolean attention(
      Dataflow flow, Dominators dominators, String input, String output) {
    BitSet body = between(flow, dominators, input, output);
    return body.stream()
        .mapToObj(flow::node)
        .anyMatch(
            node ->
                LayerKinds.FUSED_ATTENTION.contains(node.getOpType())
                    || factors(node).stream().filter(dominators::isLive).count() >= 2);
  }

  /** The factors of a product, scales and zero points aside. */
  private static Set<String> factors(NodeProto node) {
    List<String> inputs = node.getInputList();
    return switch (node.getOpType()) {
      case "MatMul", "Einsum" -> Set.copyOf(inputs);
      case "MatMulInteger" -> inputs.size() < 2 ? Set.of() : Set.copyOf(inputs.subList(0, 2));
      case "QLinearMatMul" -> inputs.size() < 4 ? Set.of() : Set.of(inputs.get(0), inputs.get(3));
      default -> Set.of();
    };
  }

  /** Returns the nodes on the paths from one dominator to another. */
  static BitSet between(Dataflow flow, Dominators dominators, String from, String to) {
    BitSet nodes = new BitSet();
    for (int node = flow.maker(from) + 1; node <= flow.maker(to); node++) {
      if (!flow.readsShapeOnly(node)
          && flow.outputs(node).stream().anyMatch(dominators::isLive)
          && flow.reads(node).stream().anyMatch(dominators::isLive)) {
        nodes.set(node);
      }
    }
    return nodes;
  }
}
