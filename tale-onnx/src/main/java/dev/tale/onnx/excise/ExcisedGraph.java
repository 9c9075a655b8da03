package dev.tale.onnx.excise;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableList;
import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatch;
import dev.tale.onnx.graph.Attributes;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.Renames;
import dev.tale.onnx.graph.TopologicalOrder;
import dev.tale.onnx.layers.FusedNorms;
import dev.tale.onnx.layers.ResidualStream;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A graph without some of its layers.
 *
 * <p>Implementation note. Whoever read a removed layer's output reads its input instead, which may
 * itself be the output of a removed layer, or what a map makes of it ({@link PatchNodes}); the
 * shape of a removed layer's cache is that of the first layer's that stays. If the last layer goes,
 * whoever is last then makes the model's result. Norms that were split are fused again ({@link
 * FusedNorms}), what nothing needs is dropped, and names are chosen ({@link Renumbering}). One pass
 * over the nodes.
 */
public final class ExcisedGraph {
  private final OnnxGraph graph;
  private final ResidualStream stream;
  private final LayerMask mask;
  private final GraphProto original;
  private final PatchNodes patches;

  public ExcisedGraph(ResidualStream stream, LayerMask mask) {
    this(stream, mask, List.of());
  }

  /**
   * A graph with maps in the place of spans of the removed layers; maps of zeros are left out.
   *
   * @throws IllegalArgumentException if a map is not in the place of a whole span, or has another
   *     width
   */
  public ExcisedGraph(ResidualStream stream, LayerMask mask, List<LinearPatch> patches) {
    this.patches = PatchNodes.of(stream, mask, patches);
    graph = stream.graph();
    this.stream = stream;
    this.mask = mask;
    this.original = graph.proto().getGraph();
  }

  /** Returns the weights that stay, under their old names. */
  public List<TensorProto> weights() {
    return weights(nodes());
  }

  private List<TensorProto> weights(List<NodeProto> nodes) {
    Set<String> read = new HashSet<>();
    nodes.forEach(node -> read.addAll(Attributes.reads(node)));
    return original.getInitializerList().stream()
        .filter(tensor -> read.contains(tensor.getName()))
        .toList();
  }

  /**
   * Builds the graph, its weights in the order of {@link #weights}; {@code moved} says where a
   * weight's bytes now are.
   */
  public GraphProto build(UnaryOperator<TensorProto> moved) {
    List<NodeProto> nodes = nodes();
    List<TensorProto> weights = weights(nodes);
    Set<String> weightNames = new HashSet<>();
    weights.forEach(tensor -> weightNames.add(tensor.getName()));
    Renumbering names = Renumbering.of(stream, mask.kept(), nodes, weightNames);
    GraphProto.Builder built = GraphProto.newBuilder().setName(original.getName());
    nodes.forEach(node -> built.addNode(renamed(node, names)));
    weights.forEach(
        tensor ->
            built.addInitializer(
                moved.apply(tensor).toBuilder().setName(names.value(tensor.getName()))));
    built.addAllInitializer(patches.weights());
    inputs(weightNames).forEach(input -> built.addInput(renamed(input, names)));
    outputs().forEach(output -> built.addOutput(renamed(output, names)));
    values(nodes).forEach(value -> built.addValueInfo(renamed(value, names)));
    return built.build();
  }

  private List<NodeProto> nodes() {
    Map<String, String> replaced = replaced();
    BitSet removed = new BitSet();
    mask.removed().forEach(layer -> removed.or(stream.layer(layer).nodes()));
    Stream<NodeProto> stay =
        IntStream.range(0, stream.flow().size())
            .filter(node -> !removed.get(node))
            .mapToObj(this::afterMaps);
    List<NodeProto> nodes =
        Stream.concat(stay, patches.nodes().stream())
            .map(node -> Renames.apply(node, name -> replaced.getOrDefault(name, name)))
            .toList();
    List<String> outputs = outputs().stream().map(ValueInfoProto::getName).toList();
    return TopologicalOrder.of(FusedNorms.join(nodes, outputs), outputs);
  }

  /** What only asks for the shape before a map asks after it: nothing else reads across it. */
  private NodeProto afterMaps(int node) {
    NodeProto original = stream.flow().node(node);
    return stream.flow().readsShapeOnly(node)
        ? Renames.apply(original, patches::ofSameShape)
        : original;
  }

  /** The stand-ins for values that are gone. */
  private Map<String, String> replaced() {
    Map<String, String> replaced = new HashMap<>();
    List<String> boundaries = stream.boundaries();
    List<String> stays = staysInPlace();
    for (int layer : mask.removed()) {
      String input = boundaries.get(layer);
      String now = patches.output(layer).orElse(replaced.getOrDefault(input, input));
      replaced.put(boundaries.get(layer + 1), now);
      List<String> past = stream.layer(layer).pastInputs();
      for (int index = 0; index < past.size(); index++) {
        if (!stream.flow().readers(past.get(index)).isEmpty()) {
          checkSameFormat(past.get(index), stays.get(index));
        }
        replaced.put(past.get(index), stays.get(index));
      }
    }
    String last = boundaries.get(stream.layerCount());
    if (stream.flow().isOutput(last) && replaced.containsKey(last)) {
      makeLast(replaced, last);
    }
    return replaced;
  }

  /** Gives the value that took the place of the model's result the result's name. */
  private static void makeLast(Map<String, String> replaced, String result) {
    String now = replaced.getOrDefault(result, result);
    replaced.replaceAll((name, other) -> other.equals(now) ? result : other);
    replaced.remove(result);
    replaced.put(now, result);
  }

  /** Returns the cache inputs of the first layer that stays and has any. */
  private List<String> staysInPlace() {
    return mask.kept().stream()
        .map(layer -> stream.layer(layer).pastInputs())
        .filter(inputs -> !inputs.isEmpty())
        .findFirst()
        .orElse(ImmutableList.of());
  }

  private void checkSameFormat(String removed, String stays) {
    if (!format(removed).equals(format(stays))) {
      throw graph
          .source()
          .unsupported(
              "cache input "
                  + removed
                  + " of a removed layer has another type or shape than "
                  + stays
                  + ", which would take its place. Export it again with caches of one format");
    }
  }

  /** Returns element type and fixed dimensions; names of the others may differ by layer. */
  private TypeProto format(String input) {
    TypeProto.Builder type =
        original.getInputList().stream()
            .filter(declared -> declared.getName().equals(input))
            .findFirst()
            .orElseThrow()
            .getType()
            .toBuilder();
    type.getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilderList()
        .forEach(ExcisedGraph::forgetName);
    return type.build();
  }

  private static void forgetName(TensorShapeProto.Dimension.Builder dim) {
    if (!dim.hasDimValue()) {
      dim.clear();
    }
  }

  private List<ValueInfoProto> inputs(Set<String> weights) {
    Set<String> gone = new HashSet<>();
    mask.removed().forEach(layer -> gone.addAll(stream.layer(layer).pastInputs()));
    return original.getInputList().stream()
        .filter(input -> !gone.contains(input.getName()))
        .filter(
            input -> stream.flow().isInput(input.getName()) || weights.contains(input.getName()))
        .toList();
  }

  private List<ValueInfoProto> outputs() {
    Set<String> gone = new HashSet<>();
    mask.removed().forEach(layer -> gone.addAll(stream.layer(layer).presentOutputs()));
    return original.getOutputList().stream()
        .filter(output -> !gone.contains(output.getName()))
        .toList();
  }

  private List<ValueInfoProto> values(List<NodeProto> nodes) {
    Set<String> made = new HashSet<>();
    nodes.forEach(node -> made.addAll(node.getOutputList()));
    return original.getValueInfoList().stream()
        .filter(value -> made.contains(value.getName()))
        .toList();
  }

  private static NodeProto renamed(NodeProto node, Renumbering names) {
    NodeProto.Builder renamed = Renames.apply(node, names::value).toBuilder();
    renamed.setName(names.node(node.getName()));
    // Source paths of the machine that exported the model.
    for (int entry = renamed.getMetadataPropsCount() - 1; entry >= 0; entry--) {
      if (renamed.getMetadataProps(entry).getKey().endsWith("stack_trace")) {
        renamed.removeMetadataProps(entry);
      }
    }
    return renamed.build();
  }

  private static ValueInfoProto renamed(ValueInfoProto value, Renumbering names) {
    return value.toBuilder().setName(names.value(value.getName())).build();
  }
}
