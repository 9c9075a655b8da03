package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Boundaries of one element type. Converters to 16 bits leave some operators, such as residual
 * sums, in float32 and cast what enters and leaves them: the stream has then both types at a
 * boundary, one behind the other, and the boundary may lie before or behind the cast. Where there
 * is no type that it has everywhere, it is cast to float32 and back, which changes no number.
 */
final class StreamTypes {
  private final OnnxGraph graph;
  private final Dataflow flow;
  private final ElementTypes types;
  private final StreamLayouts layouts;
  private final Boundaries boundaries;

  StreamTypes(
      OnnxGraph graph,
      Dataflow flow,
      ElementTypes types,
      StreamLayouts layouts,
      Boundaries boundaries) {
    this.graph = graph;
    this.flow = flow;
    this.types = types;
    this.layouts = layouts;
    this.boundaries = boundaries;
  }

  /**
   * Returns the boundaries, each behind as many casts as its type needs; as they are if there is no
   * common type.
   */
  Boundaries aligned() {
    List<Map<HiddenType, String>> choices =
        boundaries.values().stream().map(this::choices).toList();
    Set<HiddenType> common = EnumSet.allOf(HiddenType.class);
    choices.forEach(byType -> common.retainAll(byType.keySet()));
    HiddenType ofSums = HiddenType.of(types.of(boundaries.values().get(1)));
    if (common.isEmpty()) {
      return boundaries;
    }
    HiddenType type = ofSums != null && common.contains(ofSums) ? ofSums : common.iterator().next();
    return new Boundaries(
        choices.stream()
            .map(byType -> byType.getOrDefault(type, ""))
            .collect(ImmutableList.toImmutableList()),
        boundaries.layout());
  }

  /** Returns the first value of each type from a boundary on, in its layout. */
  private Map<HiddenType, String> choices(String boundary) {
    Map<HiddenType, String> choices = new HashMap<>();
    for (String value : layouts.views(boundary)) {
      HiddenType type = HiddenType.of(types.of(value));
      if (type != null && layouts.of(value).equals(boundaries.layout())) {
        choices.putIfAbsent(type, value);
      }
    }
    return choices;
  }

  /**
   * Returns the graph with float32 at every boundary; as it is if each has a type that is not
   * known, or the narrower ones are outputs.
   */
  OnnxGraph widened() {
    Map<String, HiddenType> narrow = new HashMap<>();
    for (String boundary : boundaries.values()) {
      Map<HiddenType, String> choices = choices(boundary);
      HiddenType type = HiddenType.of(types.of(boundary));
      if (type == null || (!choices.containsKey(HiddenType.FLOAT) && flow.isOutput(boundary))) {
        return graph;
      }
      if (!choices.containsKey(HiddenType.FLOAT)) {
        narrow.put(boundary, type);
      }
    }
    return graph.with(widened(narrow));
  }

  private GraphProto widened(Map<String, HiddenType> narrow) {
    GraphProto proto = graph.proto().getGraph();
    Map<String, String> renamed = new HashMap<>();
    Set<String> taken = names(proto);
    List<NodeProto> nodes = new ArrayList<>();
    for (int index = 0; index < flow.size(); index++) {
      boolean shape = flow.readsShapeOnly(index);
      NodeProto node = flow.node(index);
      nodes.add(shape ? node : Renames.apply(node, name -> renamed.getOrDefault(name, name)));
      for (String output : flow.outputs(index)) {
        HiddenType type = narrow.get(output);
        if (type != null) {
          String wide = free(output + "/float", taken);
          String back = free(output + "/back", taken);
          nodes.add(Nodes.cast(output, HiddenType.FLOAT.onnx(), wide));
          nodes.add(Nodes.cast(wide, type.onnx(), back));
          renamed.put(output, back);
        }
      }
    }
    return proto.toBuilder().clearNode().addAllNode(nodes).build();
  }

  private static Set<String> names(GraphProto graph) {
    Set<String> names = new HashSet<>();
    graph.getInputList().forEach(input -> names.add(input.getName()));
    graph.getInitializerList().forEach(weight -> names.add(weight.getName()));
    graph.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
    return names;
  }

  private static String free(String name, Set<String> taken) {
    String free = name;
    while (!taken.add(free)) {
      free += "_";
    }
    return free;
  }
}
