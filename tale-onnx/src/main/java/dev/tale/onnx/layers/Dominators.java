package dev.tale.onnx.layers;

import dev.tale.onnx.graph.Dataflow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The values that every path from one value to another passes through.
 *
 * <p>Implementation note. Call a value live if it is on some path. In topological order, a live
 * value is on every path exactly if, once it is made, no other live value is still to be read: a
 * path could bypass it only by way of such a value. So one sweep with a set of open values finds
 * all dominators, linear in the size of the graph. {@code Shape} and {@code Size} end a path: no
 * element passes through them.
 */
final class Dominators {
  private final List<String> values;
  private final Set<String> live;

  private Dominators(List<String> values, Set<String> live) {
    this.values = values;
    this.live = live;
  }

  /** Finds the dominators, from {@code from} to {@code to}, both included; empty without a path. */
  static Dominators between(Dataflow flow, String from, String to) {
    Set<String> live = flow.dependents(from);
    live.retainAll(flow.dependencies(to));
    if (!live.contains(from) || !live.contains(to)) {
      return new Dominators(List.of(), Set.of());
    }
    return new Dominators(sweep(flow, live, from, to), live);
  }

  private static List<String> sweep(Dataflow flow, Set<String> live, String from, String to) {
    Map<String, Integer> lastRead = lastReads(flow, live);
    List<String> found = new ArrayList<>(List.of(from));
    Set<String> open = new HashSet<>(Set.of(from));
    for (int node = flow.maker(from) + 1; node <= flow.maker(to); node++) {
      if (flow.readsShapeOnly(node)) {
        continue;
      }
      List<String> made = flow.outputs(node).stream().filter(live::contains).toList();
      int now = node;
      flow.reads(node).stream()
          .filter(value -> lastRead.getOrDefault(value, -1) == now)
          .forEach(open::remove);
      open.addAll(made);
      if (made.size() == 1 && open.size() == 1) {
        found.add(made.get(0));
      }
    }
    return found;
  }

  private static Map<String, Integer> lastReads(Dataflow flow, Set<String> live) {
    Map<String, Integer> lastRead = new HashMap<>();
    for (int node = 0; node < flow.size(); node++) {
      if (!flow.readsShapeOnly(node) && flow.outputs(node).stream().anyMatch(live::contains)) {
        for (String value : flow.reads(node)) {
          lastRead.put(value, node);
        }
      }
    }
    return lastRead;
  }

  /** Returns the dominators in order. */
  List<String> values() {
    return values;
  }

  /** Returns whether a value is on some path. */
  boolean isLive(String value) {
    return live.contains(value);
  }
}
