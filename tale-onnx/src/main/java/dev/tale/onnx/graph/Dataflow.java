package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSet;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who makes and who reads each value of a main graph; nodes are numbered in topological order. The
 * values that a control-flow node's bodies take from outside count as read by that node.
 */
public final class Dataflow {
  private final List<NodeProto> nodes;
  private final List<ImmutableSet<String>> reads;
  private final List<List<String>> made;
  private final Map<String, Integer> makers = new HashMap<>();
  private final ImmutableListMultimap<String, Integer> readers;
  private final Set<String> inputs = new HashSet<>();
  private final Set<String> outputs = new HashSet<>();
  private final Set<String> constants = new HashSet<>();

  private Dataflow(GraphProto graph) {
    nodes = graph.getNodeList();
    made = nodes.stream().map(Dataflow::outputs).toList();
    ImmutableList.Builder<ImmutableSet<String>> readsByNode = ImmutableList.builder();
    ImmutableListMultimap.Builder<String, Integer> readersByValue = ImmutableListMultimap.builder();
    for (int node = 0; node < nodes.size(); node++) {
      ImmutableSet<String> names = ImmutableSet.copyOf(Attributes.reads(nodes.get(node)));
      readsByNode.add(names);
      for (String name : names) {
        readersByValue.put(name, node);
      }
      for (String output : outputs(node)) {
        makers.put(output, node);
      }
    }
    reads = readsByNode.build();
    readers = readersByValue.build();
    graph.getOutputList().forEach(output -> outputs.add(output.getName()));
    interfaceAndConstants(graph);
  }

  public static Dataflow of(GraphProto graph) {
    return new Dataflow(graph);
  }

  private void interfaceAndConstants(GraphProto graph) {
    graph.getInitializerList().stream().map(TensorProto::getName).forEach(constants::add);
    graph.getInputList().stream()
        .map(ValueInfoProto::getName)
        .filter(name -> !constants.contains(name))
        .forEach(inputs::add);
    for (int node = 0; node < nodes.size(); node++) {
      if (constants.containsAll(reads.get(node)) && !isRandom(nodes.get(node))) {
        constants.addAll(outputs(node));
      }
    }
  }

  private static boolean isRandom(NodeProto node) {
    String op = node.getOpType();
    return op.startsWith("Random") || op.equals("Multinomial") || op.equals("Bernoulli");
  }

  public int size() {
    return nodes.size();
  }

  public NodeProto node(int node) {
    return nodes.get(node);
  }

  /** The inputs of a node, captured values included. */
  public ImmutableSet<String> reads(int node) {
    return reads.get(node);
  }

  /** The outputs of a node. */
  public List<String> outputs(int node) {
    return made.get(node);
  }

  private static List<String> outputs(NodeProto node) {
    List<String> all = node.getOutputList();
    return all.contains("") ? all.stream().filter(name -> !name.isEmpty()).toList() : all;
  }

  /** Returns the node that makes a value, or -1 for inputs and weights. */
  public int maker(String value) {
    return makers.getOrDefault(value, -1);
  }

  /** Returns the nodes that read a value, ascending. */
  public List<Integer> readers(String value) {
    return readers.get(value);
  }

  /** Returns whether a value is fed by the caller; weights that may be overridden are not. */
  public boolean isInput(String value) {
    return inputs.contains(value);
  }

  public boolean isOutput(String value) {
    return outputs.contains(value);
  }

  /** Returns whether a value is a weight, or computed from weights alone. */
  public boolean isConstant(String value) {
    return constants.contains(value);
  }

  /** Returns whether a node makes only constants. */
  public boolean isConstant(int node) {
    return outputs(node).stream().allMatch(constants::contains);
  }

  /** Returns whether a node reads the shape of its input but not its elements. */
  public boolean readsShapeOnly(int node) {
    String op = nodes.get(node).getOpType();
    return op.equals("Shape") || op.equals("Size");
  }

  /** Returns the values that depend on the elements of a value, itself included. */
  public Set<String> dependents(String value) {
    Set<String> dependents = new HashSet<>(Set.of(value));
    for (int node = maker(value) + 1; node < size(); node++) {
      if (!readsShapeOnly(node) && reads(node).stream().anyMatch(dependents::contains)) {
        dependents.addAll(outputs(node));
      }
    }
    return dependents;
  }

  /** Returns the values on whose elements a value depends, itself included. */
  public Set<String> dependencies(String value) {
    Set<String> dependencies = new HashSet<>(Set.of(value));
    for (int node = maker(value); node >= 0; node--) {
      if (!readsShapeOnly(node) && outputs(node).stream().anyMatch(dependencies::contains)) {
        dependencies.addAll(reads(node));
      }
    }
    return dependencies;
  }

  /** Returns whether nothing but the given nodes reads what a node makes. */
  public boolean readOnlyBy(int node, BitSet among) {
    return outputs(node).stream()
        .allMatch(out -> !isOutput(out) && readers(out).stream().allMatch(among::get));
  }
}
