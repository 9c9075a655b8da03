package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.common.base.Strings;
import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.primitives.ImmutableIntArray;
import dev.tale.model.LayerInfo;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.TensorSize;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The weights that one layer alone uses, directly or through nodes that compute on constants (a
 * transposed matrix). Integers of 64 bits, booleans and strings are shapes and indices, and single
 * numbers are constants, not weights.
 */
final class LayerWeights {
  /** Owner of what several sections, or nodes outside the layers, use. */
  private static final int SHARED = -1;

  private static final Set<Integer> NOT_WEIGHTS =
      Set.of(DataType.INT64_VALUE, DataType.BOOL_VALUE, DataType.STRING_VALUE);

  private final OnnxGraph graph;
  private final Dataflow flow;
  private final ImmutableListMultimap<Integer, String> byLayer;
  private final ListMultimap<Integer, Integer> constants = ArrayListMultimap.create();

  private LayerWeights(OnnxGraph graph, Dataflow flow, Map<String, Integer> owners) {
    this.graph = graph;
    this.flow = flow;
    ImmutableListMultimap.Builder<Integer, String> weights = ImmutableListMultimap.builder();
    for (TensorProto tensor : graph.proto().getGraph().getInitializerList()) {
      int owner = owners.getOrDefault(tensor.getName(), SHARED);
      if (owner != SHARED && isWeight(tensor)) {
        weights.put(owner, tensor.getName());
      }
    }
    byLayer = weights.build();
    for (int node = 0; node < flow.size(); node++) {
      if (flow.isConstant(node) && !flow.outputs(node).isEmpty()) {
        constants.put(owner(flow, owners, node), node);
      }
    }
  }

  private static boolean isWeight(TensorProto tensor) {
    return !NOT_WEIGHTS.contains(tensor.getDataType())
        && TensorSize.elements(tensor.getDimsList()) > 1;
  }

  static LayerWeights find(OnnxGraph graph, Dataflow flow, Sections sections) {
    Map<String, Integer> owners = new HashMap<>();
    ImmutableIntArray layerByNode = sections.layerByNode();
    for (int node = flow.size() - 1; node >= 0; node--) {
      boolean passedOn = flow.isConstant(node) && flow.outputs(node).size() == 1;
      int owner = passedOn ? owner(flow, owners, node) : layerByNode.get(node);
      for (String value : flow.reads(node)) {
        owners.merge(value, owner, (one, other) -> one.equals(other) ? one : SHARED);
      }
    }
    return new LayerWeights(graph, flow, owners);
  }

  /** Returns the layer that alone reads what a node makes. */
  private static int owner(Dataflow flow, Map<String, Integer> owners, int node) {
    Set<Integer> found = new HashSet<>();
    flow.outputs(node).forEach(value -> found.add(owners.getOrDefault(value, SHARED)));
    return found.size() == 1 ? found.iterator().next() : SHARED;
  }

  /** Returns the nodes that make constants for a layer alone. */
  BitSet constants(int layer) {
    BitSet nodes = new BitSet();
    constants.get(layer).forEach(nodes::set);
    return nodes;
  }

  ImmutableList<String> of(int layer) {
    return byLayer.get(layer);
  }

  /** Describes what one index of a mask removes; {@code body} is its nodes on the stream. */
  LayerInfo info(int index, LayerInfo.Part part, int layer, BitSet body) {
    long parameters = 0;
    long bytes = 0;
    for (String name : of(index)) {
      TensorProto tensor = graph.initializer(name);
      if (tensor != null) {
        parameters += TensorSize.elements(tensor.getDimsList());
        bytes += TensorSize.bytes(tensor).orElse(0);
      }
    }
    return new LayerInfo(index, part, layer, label(index, layer, body), parameters, bytes);
  }

  private String label(int index, int layer, BitSet body) {
    String scope = common(body.stream().mapToObj(flow::node).map(NodeProto::getName).toList(), '/');
    if (!hasNumber(scope)) {
      scope = common(of(index), '.');
    }
    return hasNumber(scope) ? scope : "layer " + layer;
  }

  /** Returns the components that all names begin with. */
  private static String common(List<String> names, char separator) {
    if (names.isEmpty()) {
      return "";
    }
    UnaryOperator<String> closed = name -> name + separator;
    String prefix = closed.apply(names.get(0));
    for (String name : names) {
      prefix = Strings.commonPrefix(prefix, closed.apply(name));
    }
    return prefix.substring(0, Math.max(0, prefix.lastIndexOf(separator)));
  }

  private static boolean hasNumber(String scope) {
    return scope.chars().anyMatch(Character::isDigit);
  }
}
