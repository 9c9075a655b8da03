package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How the values of the residual stream are laid out. Exporters write changes of view, such as that
 * to a matrix and back around a feed-forward part, as nodes of their own; what is computed from one
 * view is laid out like it.
 *
 * <p>Implementation note. One sweep over the values on a path from the embedding to the result that
 * every path passes through, and over views of them.
 */
final class StreamLayouts {
  private static final ImmutableSet<String> VIEWS =
      ImmutableSet.of("Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose");

  /** Operators that change how elements are stored. */
  private static final ImmutableSet<String> CASTS =
      ImmutableSet.of("Cast", "Identity", "QuantizeLinear", "DequantizeLinear");

  private final OnnxGraph graph;
  private final Dataflow flow;
  private final InputSizes sizes;
  private final ShapeRanks shapes;
  private final List<String> values;
  private final Map<String, Integer> places = new HashMap<>();
  private final Map<String, StreamLayout> layouts = new HashMap<>();

  private StreamLayouts(OnnxGraph graph, Dataflow flow, InputSizes sizes, List<String> values) {
    this.graph = graph;
    this.flow = flow;
    this.sizes = sizes;
    this.values = values;
    values.forEach(value -> places.put(value, places.size()));
    this.shapes = new ShapeRanks(graph, flow, this::rank);
  }

  /** Finds the layouts between an embedding and the last of the dominators. */
  static StreamLayouts of(
      OnnxGraph graph,
      Dataflow flow,
      InputSizes sizes,
      Embedding embedding,
      Dominators dominators) {
    List<String> values = dominators.values();
    StreamLayouts layouts = new StreamLayouts(graph, flow, sizes, values);
    if (values.isEmpty()) {
      return layouts;
    }
    layouts.layouts.put(embedding.output(), layouts.lookedUp(embedding.lookup().getInput(1)));
    ImmutableSet<String> stream = ImmutableSet.copyOf(values);
    int last = flow.maker(values.get(values.size() - 1));
    for (int node = flow.maker(embedding.output()) + 1; node <= last; node++) {
      if (!flow.readsShapeOnly(node)) {
        layouts.add(node, stream);
      }
    }
    return layouts;
  }

  /** Returns whether a node gives its first input in another view, with the same elements. */
  static boolean isView(Dataflow flow, int node) {
    return VIEWS.contains(flow.node(node).getOpType());
  }

  /** Returns whether a node gives its first input in another view or type, unquantized. */
  static boolean isExact(Dataflow flow, int node) {
    return isTransparent(flow, node) && !flow.node(node).getOpType().endsWith("uantizeLinear");
  }

  /** Returns whether a node gives the elements of its first input, cast, quantized or viewed. */
  static boolean isTransparent(Dataflow flow, int node) {
    return isView(flow, node) || CASTS.contains(flow.node(node).getOpType());
  }

  /** Returns a value that all paths pass through, and those made of nothing else right after it. */
  List<String> views(String value) {
    int begin = places.getOrDefault(value, 0);
    int end = begin + 1;
    while (end < values.size() && isView(values.get(end), values.get(end - 1))) {
      end++;
    }
    return values.subList(begin, end);
  }

  private boolean isView(String value, String of) {
    int maker = flow.maker(value);
    return maker >= 0 && isTransparent(flow, maker) && flow.node(maker).getInput(0).equals(of);
  }

  /** Returns how a value of the stream is laid out. */
  StreamLayout of(String value) {
    return layouts.getOrDefault(value, StreamLayout.OTHER);
  }

  private OptionalInt rank(String value) {
    StreamLayout layout = of(value);
    int rank = layout.equals(StreamLayout.OTHER) ? 0 : layout.rank() + layout.ones().size();
    return rank == 0 ? OptionalInt.empty() : OptionalInt.of(rank);
  }

  /** Ids are [batch, sequence], but may be viewed before they are looked up. */
  private StreamLayout lookedUp(String ids) {
    Deque<NodeProto> views = new ArrayDeque<>();
    int maker = flow.maker(ids);
    while (maker >= 0 && isTransparent(flow, maker)) {
      views.push(flow.node(maker));
      maker = flow.maker(flow.node(maker).getInput(0));
    }
    StreamLayout layout = StreamLayout.ROWS;
    for (NodeProto view : views) {
      layout = viewedIds(view, layout);
    }
    return layout;
  }

  private StreamLayout viewedIds(NodeProto view, StreamLayout before) {
    return switch (view.getOpType()) {
      case "Reshape" -> {
        OptionalInt rank = shapes.of(view.getInput(1));
        yield rank.isPresent() ? before.reshaped(rank.getAsInt() + 1) : before;
      }
      case "Transpose" -> before.transposed(List.of(1L, 0L, 2L));
      case "Flatten", "Squeeze", "Unsqueeze" -> StreamLayout.OTHER;
      default -> before;
    };
  }

  private void add(int index, ImmutableSet<String> stream) {
    NodeProto node = flow.node(index);
    String output = node.getOutputCount() == 0 ? "" : node.getOutput(0);
    if (isTransparent(flow, index)) {
      StreamLayout before = layouts.get(node.getInput(0));
      if (before != null) {
        layouts.put(output, viewed(node, before));
      }
    } else if (stream.contains(output)) {
      flow.reads(index).stream()
          .filter(layouts::containsKey)
          .findFirst()
          .ifPresent(input -> layouts.put(output, of(input)));
    }
    if (stream.contains(output)) {
      layouts.putIfAbsent(output, StreamLayout.ROWS);
    }
  }

  private StreamLayout viewed(NodeProto node, StreamLayout before) {
    return switch (node.getOpType()) {
      case "Reshape" -> reshaped(node, before);
      case "Flatten" -> flattened(node, before);
      case "Transpose" ->
          before.transposed(
              Attributes.find(node, "perm").map(AttributeProto::getIntsList).orElse(List.of()));
      case "Unsqueeze" -> before.unsqueezed(axes(node));
      case "Squeeze" -> before.squeezed(axes(node));
      default -> before;
    };
  }

  private List<Long> axes(NodeProto node) {
    return SmallLongs.of(graph, flow, node, 1, "axes").orElse(List.of());
  }

  /** A shape that cannot be told is taken for the one before: exporters restore shapes so. */
  private StreamLayout reshaped(NodeProto reshape, StreamLayout before) {
    OptionalInt rank = shapes.of(reshape.getInput(1));
    if (rank.isEmpty()) {
      return before;
    }
    List<Long> target = SmallLongs.of(graph, flow, reshape, 1, "shape").orElse(List.of());
    boolean oneRow = target.size() == 3 && target.get(0) == 1 && !sizes.singleRow();
    return oneRow ? StreamLayout.OTHER : before.reshaped(rank.getAsInt());
  }

  private static StreamLayout flattened(NodeProto flatten, StreamLayout before) {
    long axis = Attributes.find(flatten, "axis").map(AttributeProto::getI).orElse(1L);
    boolean keepsWidth = axis == -1 || axis == before.rank() - 1;
    return keepsWidth && before.ones().isEmpty() ? before.reshaped(2) : StreamLayout.OTHER;
  }
}
