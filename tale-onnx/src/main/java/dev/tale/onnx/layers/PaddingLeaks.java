package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.common.collect.ImmutableSet;
import dev.tale.onnx.graph.Attributes;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.SmallLongs;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whether a token's value depends on the padding beside it, which attention hides by its mask but
 * nothing else does: convolutions and means over positions, and embeddings of neighbours
 * (Nyströmformer, MobileBERT). Such models are right on one row at a time.
 */
final class PaddingLeaks {
  private static final ImmutableSet<String> REDUCTIONS =
      ImmutableSet.of("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "CumSum");

  private static final ImmutableSet<String> POOLS =
      ImmutableSet.of("AveragePool", "MaxPool", "GlobalAveragePool", "GlobalMaxPool");

  /** Before the first layer, what takes rows apart or puts them together shifts them. */
  private static final ImmutableSet<String> SHIFTS =
      ImmutableSet.of("Pad", "Slice", "Concat", "Split");

  /** As exporters write the last of a sequence's dimensions. */
  private static final Set<List<Long>> LAST = Set.of(List.of(-1L), List.of(2L), List.of(3L));

  private final OnnxGraph graph;
  private final Dataflow flow;
  private final Dominators dominators;

  PaddingLeaks(OnnxGraph graph, Dataflow flow, Dominators dominators) {
    this.graph = graph;
    this.flow = flow;
    this.dominators = dominators;
  }

  boolean areIn(Sections sections) {
    return anyIn(sections.embedding(), this::shifts)
        || anyIn(sections.embedding(), this::mixes)
        || sections.layers().stream().anyMatch(layer -> anyIn(layer, this::mixes));
  }

  private boolean anyIn(BitSet section, Predicate<NodeProto> leak) {
    return section.stream()
        .mapToObj(flow::node)
        .filter(node -> node.getInputList().stream().anyMatch(dominators::isLive))
        .anyMatch(leak);
  }

  private boolean shifts(NodeProto node) {
    return SHIFTS.contains(node.getOpType());
  }

  private boolean mixes(NodeProto node) {
    String op = node.getOpType();
    if (REDUCTIONS.contains(op)) {
      return SmallLongs.of(graph, flow, node, 1, "axes")
          .filter(axes -> !LAST.contains(axes))
          .isPresent();
    }
    return POOLS.contains(op) || (op.equals("Conv") && isWide(node));
  }

  private static boolean isWide(NodeProto conv) {
    return Attributes.find(conv, "kernel_shape")
        .map(AttributeProto::getIntsList)
        .filter(sizes -> sizes.stream().anyMatch(size -> size > 1))
        .isPresent();
  }
}
