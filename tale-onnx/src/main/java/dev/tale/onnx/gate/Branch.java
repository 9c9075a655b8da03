package dev.tale.onnx.gate;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tale.onnx.graph.Attributes;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.graph.Renames;
import dev.tale.onnx.graph.SmallConstants;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * One branch of an {@code If}, as it is built: nodes moved in from the main graph, and copies of
 * what must not be read across the wall. Everything else is read from outside by its name. Copies
 * are named after the branch, since names must not hide outer ones.
 */
final class Branch {
  private final String scope;
  private final Dataflow outer;
  private final SmallConstants constants;
  private final Predicate<String> copied;
  private final List<NodeProto> nodes = new ArrayList<>();
  private final Map<String, String> inner = new HashMap<>();
  private final Map<TensorProto, String> constantNames = new HashMap<>();
  private final List<TensorProto> weights = new ArrayList<>();

  /**
   * Begins a branch.
   *
   * @param scope prefix of new names
   * @param outer the graph that nodes are moved from
   * @param constants what is copied rather than read from outside
   * @param others what else is
   */
  Branch(String scope, Dataflow outer, SmallConstants constants, Predicate<String> others) {
    this.scope = scope;
    this.outer = outer;
    this.constants = constants;
    this.copied = value -> constants.contains(value) || others.test(value);
  }

  /** Returns a new name inside the branch. */
  String name(String suffix) {
    return scope + "/" + suffix;
  }

  /** From now on the branch means {@code to} when a moved node says {@code from}. */
  void rename(String from, String to) {
    inner.put(from, to);
  }

  /** Adds a new node, whose names are those of the branch. */
  Branch add(NodeProto node) {
    nodes.add(node);
    return this;
  }

  /** Moves nodes in, in their order. */
  void move(BitSet section) {
    section.stream()
        .forEach(node -> outer.outputs(node).forEach(name -> inner.putIfAbsent(name, name)));
    section.stream().forEach(this::moveOne);
  }

  private void moveOne(int index) {
    outer.reads(index).forEach(this::copyIfNeeded);
    nodes.add(Renames.apply(outer.node(index), name -> inner.getOrDefault(name, name)));
  }

  private void copyIfNeeded(String value) {
    if (inner.containsKey(value) || !copied.test(value)) {
      return;
    }
    Set<Integer> makers = new TreeSet<>();
    Deque<String> pending = new ArrayDeque<>(List.of(value));
    Set<String> seen = new HashSet<>(Set.of(value));
    while (!pending.isEmpty()) {
      String next = pending.pop();
      int maker = outer.maker(next);
      if (maker < 0) {
        copyWeight(next);
      } else if (makers.add(maker)) {
        outer.reads(maker).stream()
            .filter(read -> copied.test(read) && !inner.containsKey(read) && seen.add(read))
            .forEach(pending::add);
      }
    }
    makers.forEach(this::copyNode);
  }

  private void copyWeight(String value) {
    TensorProto tensor = constants.inline(value);
    if (tensor != null) {
      copyConstant(value, tensor);
    }
  }

  /** Equal constants become one: the runtime merges what computes on them, but only then. */
  private void copyConstant(String value, TensorProto tensor) {
    TensorProto content = tensor.toBuilder().clearName().clearDocString().build();
    String known = constantNames.putIfAbsent(content, name(value));
    if (known == null && SmallConstants.isSmall(tensor)) {
      nodes.add(Nodes.constant(name(value), content));
    } else if (known == null) {
      weights.add(content.toBuilder().setName(name(value)).build());
    }
    inner.put(value, known == null ? name(value) : known);
  }

  private void copyNode(int index) {
    NodeProto node = outer.node(index);
    Optional<TensorProto> tensor =
        Attributes.find(node, "value").filter(AttributeProto::hasT).map(AttributeProto::getT);
    if (node.getOpType().equals("Constant") && tensor.isPresent()) {
      copyConstant(node.getOutput(0), tensor.get());
      return;
    }
    outer.outputs(index).forEach(output -> inner.put(output, name(output)));
    NodeProto copy = Renames.apply(node, name -> inner.getOrDefault(name, name));
    nodes.add(copy.toBuilder().setName(name(copy.getName())).build());
  }

  GraphProto build(ValueInfoProto... outputs) {
    return GraphProto.newBuilder()
        .setName(scope)
        .addAllInitializer(weights)
        .addAllNode(nodes)
        .addAllOutput(List.of(outputs))
        .build();
  }
}
