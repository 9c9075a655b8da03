package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tale.onnx.graph.Attributes;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.graph.OnnxGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes the shapes of keys and values from the cache that they are joined in: the length of the
 * first layer's keys is that of all, and would otherwise tie that layer to all others.
 */
final class CacheShapes {
  private final OnnxGraph graph;
  private final Dataflow flow;
  private final Map<String, List<Integer>> axes = new HashMap<>();
  private final Map<String, String> caches = new HashMap<>();

  private CacheShapes(OnnxGraph graph) {
    this.graph = graph;
    this.flow = graph.dataflow();
  }

  static OnnxGraph join(OnnxGraph graph) {
    CacheShapes shapes = new CacheShapes(graph);
    graph.proto().getGraph().getInputList().stream()
        .map(ValueInfoProto::getName)
        .filter(name -> !InputSizes.NAMED.contains(name) && shapes.flow.isInput(name))
        .forEach(shapes::follow);
    return shapes.axes.isEmpty() ? graph : graph.with(shapes.joined());
  }

  private void follow(String cache) {
    AppendedCache.axes(graph, flow, cache)
        .forEach(
            (value, of) -> {
              boolean read = flow.readers(value).stream().anyMatch(this::isShape);
              if (read && !value.equals(cache)) {
                axes.put(value, of);
                caches.put(value, cache);
              }
            });
  }

  private boolean isShape(int node) {
    return flow.node(node).getOpType().equals("Shape");
  }

  private GraphProto joined() {
    GraphProto.Builder joined = graph.proto().getGraph().toBuilder().clearNode();
    for (int index = 0; index < flow.size(); index++) {
      NodeProto node = flow.node(index);
      if (isShape(index) && axes.containsKey(node.getInput(0))) {
        joined.addAllNode(shape(node, node.getInput(0)));
      } else {
        joined.addNode(node);
      }
    }
    return joined.build();
  }

  /** The wanted axes of the shape of the whole. */
  private List<NodeProto> shape(NodeProto shape, String value) {
    List<Integer> of = axes.getOrDefault(value, List.of());
    long start = Attributes.find(shape, "start").map(AttributeProto::getI).orElse(0L);
    long end = Attributes.find(shape, "end").map(AttributeProto::getI).orElse((long) of.size());
    List<Integer> wanted = new ArrayList<>();
    for (int axis = at(start, of.size()); axis < at(end, of.size()); axis++) {
      wanted.add(of.get(axis));
    }
    String output = shape.getOutput(0);
    String whole = output + ".cache";
    String places = output + ".axes";
    return List.of(
        Nodes.node("Shape", List.of(caches.getOrDefault(value, value)), whole),
        Nodes.longs(places, wanted.stream().mapToLong(axis -> axis).toArray()),
        Nodes.node("Gather", List.of(whole, places), output, Nodes.integer("axis", 0)));
  }

  private static int at(long axis, int rank) {
    long from0 = axis < 0 ? axis + rank : axis;
    return (int) Math.max(0, Math.min(rank, from0));
  }
}
