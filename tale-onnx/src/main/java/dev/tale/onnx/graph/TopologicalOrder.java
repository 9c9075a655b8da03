package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Puts nodes into an order in which each comes after what it reads, bodies included, staying as
 * close to the given order as that allows; drops those that no wanted value needs. Kahn's algorithm
 * with the given position as priority, so the result is deterministic.
 */
public final class TopologicalOrder {
  private final List<NodeProto> nodes;
  private final Map<String, Integer> makers = new HashMap<>();

  private TopologicalOrder(List<NodeProto> nodes) {
    this.nodes = nodes;
    for (int node = 0; node < nodes.size(); node++) {
      for (String output : nodes.get(node).getOutputList()) {
        makers.put(output, node);
      }
    }
    makers.remove("");
  }

  public static List<NodeProto> of(List<NodeProto> nodes, Iterable<String> wanted) {
    TopologicalOrder order = new TopologicalOrder(nodes);
    Map<Integer, Set<Integer>> needs = order.needed(wanted);
    List<NodeProto> sorted = order.sort(needs);
    if (sorted.size() != needs.size()) {
      throw new IllegalStateException(
          "A cycle among " + (needs.size() - sorted.size()) + " of " + needs.size() + " nodes");
    }
    return sorted;
  }

  /** Returns whether every node of a graph comes after what it reads of others. */
  static boolean isOf(GraphProto graph) {
    Set<String> later = new HashSet<>();
    graph.getNodeList().forEach(node -> later.addAll(node.getOutputList()));
    later.remove("");
    for (NodeProto node : graph.getNodeList()) {
      if (Attributes.reads(node).stream().anyMatch(later::contains)) {
        return false;
      }
      node.getOutputList().forEach(later::remove);
    }
    return true;
  }

  /** Returns all nodes in order, or as they are if there is a cycle among them. */
  public static List<NodeProto> of(List<NodeProto> nodes) {
    TopologicalOrder order = new TopologicalOrder(nodes);
    Map<Integer, Set<Integer>> needs = new HashMap<>();
    for (int node = 0; node < nodes.size(); node++) {
      List<Integer> before = new ArrayList<>();
      Attributes.reads(nodes.get(node)).forEach(value -> order.addMaker(value, before));
      needs.put(node, new HashSet<>(before));
    }
    List<NodeProto> sorted = order.sort(needs);
    return sorted.size() == nodes.size() ? sorted : nodes;
  }

  private Map<Integer, Set<Integer>> needed(Iterable<String> wanted) {
    Map<Integer, Set<Integer>> needs = new HashMap<>();
    List<Integer> pending = new ArrayList<>();
    wanted.forEach(value -> addMaker(value, pending));
    while (!pending.isEmpty()) {
      int node = pending.remove(pending.size() - 1);
      if (!needs.containsKey(node)) {
        List<Integer> before = new ArrayList<>();
        Attributes.reads(nodes.get(node)).forEach(value -> addMaker(value, before));
        needs.put(node, new HashSet<>(before));
        pending.addAll(before);
      }
    }
    return needs;
  }

  private void addMaker(String value, List<Integer> list) {
    Integer maker = makers.get(value);
    if (maker != null) {
      list.add(maker);
    }
  }

  /** The nodes that can be ordered: all, unless there is a cycle. */
  private List<NodeProto> sort(Map<Integer, Set<Integer>> needs) {
    Map<Integer, List<Integer>> dependents = new HashMap<>();
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    needs.forEach(
        (node, before) -> {
          before.forEach(b -> dependents.computeIfAbsent(b, key -> new ArrayList<>()).add(node));
          if (before.isEmpty()) {
            ready.add(node);
          }
        });
    List<NodeProto> sorted = new ArrayList<>();
    while (!ready.isEmpty()) {
      int node = ready.remove();
      sorted.add(nodes.get(node));
      for (int next : dependents.getOrDefault(node, List.of())) {
        Set<Integer> before = needs.getOrDefault(next, Set.of());
        before.remove(node);
        if (before.isEmpty()) {
          ready.add(next);
        }
      }
    }
    return sorted;
  }
}
