package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * How many elements a shape has that is computed in the graph, which is the number of dimensions
 * that a {@code Reshape} to it makes.
 */
public final class ShapeRanks {
  /** Chains of shape arithmetic are short; what is longer than any exporter writes is not known. */
  private static final int MAX_DEPTH = 32;

  /** More dimensions than any value of a transformer has. */
  private static final int MAX_RANK = 8;

  private static final ImmutableSet<String> AS_FIRST =
      ImmutableSet.of("Cast", "Identity", "Where", "Mul", "Abs", "Max");

  private final OnnxGraph graph;
  private final Dataflow flow;
  private final Function<String, OptionalInt> ranks;

  public ShapeRanks(OnnxGraph graph, Dataflow flow, Function<String, OptionalInt> ranks) {
    this.graph = graph;
    this.flow = flow;
    this.ranks = ranks;
  }

  /** Returns the number of elements of a vector, if it can be told. */
  public OptionalInt of(String shape) {
    return of(shape, 0);
  }

  private OptionalInt of(String value, int depth) {
    TensorProto weight = graph.initializer(value);
    if (weight != null) {
      return elements(weight);
    }
    if (flow.maker(value) < 0 || depth > MAX_DEPTH) {
      return OptionalInt.empty();
    }
    NodeProto node = flow.node(flow.maker(value));
    return switch (node.getOpType()) {
      case "Constant" -> constant(value);
      case "Concat" -> concat(node, depth);
      case "Unsqueeze" -> OptionalInt.of(1);
      case "Reshape" ->
          length(SmallLongs.of(graph, flow, node, 1, "shape").filter(List.of(1L)::equals));
      case "Gather" -> of(node.getInput(1), depth + 1);
      case "Shape" -> shape(node);
      case "Slice" -> slice(node, depth);
      default ->
          AS_FIRST.contains(node.getOpType()) && node.getInputCount() > 0
              ? of(node.getInput(0), depth + 1)
              : OptionalInt.empty();
    };
  }

  private OptionalInt constant(String value) {
    return length(SmallLongs.of(graph, flow, value));
  }

  private static OptionalInt length(Optional<List<Long>> elements) {
    return elements.stream().mapToInt(List::size).findFirst();
  }

  private static OptionalInt elements(TensorProto weight) {
    return weight.getDimsCount() == 1
        ? OptionalInt.of((int) Math.min(Integer.MAX_VALUE, weight.getDims(0)))
        : OptionalInt.empty();
  }

  private OptionalInt concat(NodeProto node, int depth) {
    int sum = 0;
    for (String input : node.getInputList()) {
      OptionalInt length = of(input, depth + 1);
      if (length.isEmpty()) {
        return OptionalInt.empty();
      }
      sum += length.getAsInt();
    }
    return OptionalInt.of(sum);
  }

  private OptionalInt shape(NodeProto shape) {
    long start = number(shape, "start", 0);
    long end = number(shape, "end", Integer.MAX_VALUE);
    OptionalInt rank = ranks.apply(shape.getInput(0));
    if (rank.isPresent()) {
      return between(start, end, rank.getAsInt());
    }
    return 0 <= start && start < end && end <= MAX_RANK
        ? OptionalInt.of((int) (end - start))
        : OptionalInt.empty();
  }

  private OptionalInt slice(NodeProto slice, int depth) {
    OptionalInt length = of(slice.getInput(0), depth + 1);
    Optional<List<Long>> starts = SmallLongs.of(graph, flow, slice, 1, "starts");
    Optional<List<Long>> ends = SmallLongs.of(graph, flow, slice, 2, "ends");
    boolean known =
        length.isPresent()
            && starts.filter(each -> each.size() == 1).isPresent()
            && ends.filter(each -> each.size() == 1).isPresent();
    return known
        ? between(starts.get().get(0), ends.get().get(0), length.getAsInt())
        : OptionalInt.empty();
  }

  /** Negative places count from the end. */
  private static OptionalInt between(long start, long end, int length) {
    long first = start < 0 ? start + length : Math.min(start, length);
    long last = end < 0 ? end + length : Math.min(end, length);
    return OptionalInt.of((int) Math.max(0, last - Math.max(0, first)));
  }

  private static long number(NodeProto node, String attribute, long otherwise) {
    return Attributes.find(node, attribute).map(AttributeProto::getI).orElse(otherwise);
  }
}
