package dev.tale.onnx.layers;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.Names;
import dev.tale.onnx.graph.OnnxGraph;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which nodes belong to the embedding, to each layer, and to the head.
 *
 * <p>Implementation note. A section is everything between two boundaries that depends on the first
 * one and not on the second: for a layer also what it makes for its cache. {@code Shape} of the
 * first boundary itself stays outside, for masks are built from it, and so does that of a value in
 * the embedding of the same shape; {@code Shape} of a value inside a layer is inside. Then what
 * only a section reads (slices of a mask, shape arithmetic, but no weights) joins it, last node
 * first, so that skipping the section skips that too. Both go from node to node along the values,
 * so that all sections together are linear in the graph.
 */
final class Sections {
  private final OnnxGraph graph;
  private final Dataflow flow;
  private final BitSet taken = new BitSet();
  private final NavigableSet<Integer> unread;
  private final BitSet embedding = new BitSet();
  private final List<BitSet> layers = new ArrayList<>();
  private final BitSet head = new BitSet();

  private Sections(OnnxGraph graph, Dataflow flow) {
    this.graph = graph;
    this.flow = flow;
    unread =
        IntStream.range(0, flow.size())
            .filter(node -> flow.outputs(node).stream().allMatch(v -> flow.readers(v).isEmpty()))
            .boxed()
            .collect(Collectors.toCollection(TreeSet::new));
  }

  static Sections find(
      OnnxGraph graph,
      Dataflow flow,
      Dominators dominators,
      Set<String> embedded,
      Boundaries between) {
    List<String> boundaries = between.values();
    Sections sections = new Sections(graph, flow);
    sections.findEmbedding(dominators, boundaries.get(0));
    for (int layer = 0; layer + 1 < boundaries.size(); layer++) {
      sections.layers.add(sections.layer(boundaries, layer));
    }
    sections.findHead(dominators, boundaries.get(boundaries.size() - 1));
    sections.claimPrivateNodes(sections.embedding);
    sections.layers.forEach(sections::claimPrivateNodes);
    sections.claimPrivateNodes(sections.head);
    sections.refuseEscapes(embedded, boundaries);
    if (!between.layout().equals(StreamLayout.ROWS)) {
      sections.refuseShapes(boundaries);
    }
    return sections;
  }

  private void findEmbedding(Dominators dominators, String first) {
    String lookup = dominators.values().get(0);
    embedding.or(ResidualPart.between(flow, dominators, lookup, first));
    embedding.set(flow.maker(lookup));
    taken.or(embedding);
  }

  private BitSet layer(List<String> boundaries, int layer) {
    String last = boundaries.get(boundaries.size() - 1);
    BitSet nodes = dependents(boundaries.get(layer), boundaries.get(layer + 1));
    if (layer + 2 < boundaries.size() && nodes.get(flow.maker(last))) {
      throw escape(layer, nodes, boundaries.get(layer + 1));
    }
    taken.or(nodes);
    return nodes;
  }

  /** Returns the nodes that depend on {@code from} other than by way of {@code to}. */
  private BitSet dependents(String from, String to) {
    BitSet nodes = new BitSet();
    Deque<String> pending = new ArrayDeque<>(List.of(from));
    while (!pending.isEmpty()) {
      for (int node : flow.readers(pending.pop())) {
        boolean shapeOfFrom = flow.readsShapeOnly(node) && flow.reads(node).contains(from);
        if (!shapeOfFrom && !taken.get(node) && !nodes.get(node)) {
          nodes.set(node);
          flow.outputs(node).stream().filter(value -> !value.equals(to)).forEach(pending::add);
        }
      }
    }
    return nodes;
  }

  private RuntimeException escape(int layer, BitSet nodes, String end) {
    Set<String> beyond = flow.dependents(end);
    int first =
        nodes.stream()
            .filter(node -> flow.reads(node).stream().anyMatch(beyond::contains))
            .findFirst()
            .orElse(nodes.length() - 1);
    return graph
        .source()
        .unsupported(
            "node "
                + Names.of(flow.node(first))
                + " depends on a value inside layer "
                + layer
                + " other than its output "
                + end
                + ", so the layer cannot be removed");
  }

  private void findHead(Dominators dominators, String last) {
    String logits = dominators.values().get(dominators.values().size() - 1);
    head.or(ResidualPart.between(flow, dominators, last, logits));
    taken.or(head);
  }

  private void claimPrivateNodes(BitSet section) {
    NavigableSet<Integer> before = unread.headSet(section.length(), false);
    NavigableSet<Integer> pending = new TreeSet<>(before);
    before.clear();
    section.stream().forEach(node -> addMakers(node, pending));
    while (!pending.isEmpty()) {
      int node = pending.pollLast();
      if (isPrivate(node, section)) {
        section.set(node);
        taken.set(node);
        addMakers(node, pending);
      }
    }
  }

  private void addMakers(int reader, Set<Integer> makers) {
    flow.reads(reader).stream().map(flow::maker).filter(maker -> maker >= 0).forEach(makers::add);
  }

  private boolean isPrivate(int node, BitSet section) {
    return !taken.get(node)
        && !flow.isConstant(node)
        && !flow.outputs(node).isEmpty()
        && flow.readOnlyBy(node, section);
  }

  /** Gated, the stream is [batch, sequence, width] outside of the sections, whatever it was. */
  private void refuseShapes(List<String> boundaries) {
    for (int layer = 0; layer < boundaries.size(); layer++) {
      BitSet section = layer < layers.size() ? layers.get(layer) : head;
      for (int reader : flow.readers(boundaries.get(layer))) {
        if (flow.readsShapeOnly(reader) && !section.get(reader)) {
          throw graph
              .source()
              .unsupported(
                  "node "
                      + Names.of(flow.node(reader))
                      + " reads the shape of the residual stream, which is not [batch, sequence,"
                      + " width] there. Export it without reshaping or transposing the stream");
        }
      }
    }
  }

  /** The shape of what is {@code embedded} may be read: the first boundary has it too. */
  private void refuseEscapes(Set<String> embedded, List<String> boundaries) {
    Set<String> allowed = new HashSet<>(boundaries);
    refuseEscapes(embedding, allowed, embedded, "the embedding");
    for (int layer = 0; layer < layers.size(); layer++) {
      refuseEscapes(layers.get(layer), allowed, Set.of(), "layer " + layer);
    }
  }

  private void refuseEscapes(
      BitSet section, Set<String> allowed, Set<String> shapeAllowed, String name) {
    section.stream()
        .forEach(
            node -> {
              for (String value : flow.outputs(node)) {
                for (int reader : flow.readers(value)) {
                  boolean shape = flow.readsShapeOnly(reader) && shapeAllowed.contains(value);
                  if (!allowed.contains(value) && !section.get(reader) && !shape) {
                    throw graph
                        .source()
                        .unsupported(
                            "node "
                                + Names.of(flow.node(reader))
                                + " reads "
                                + value
                                + " from inside "
                                + name
                                + ", so that cannot be switched off or removed");
                  }
                }
              }
            });
  }

  BitSet embedding() {
    return embedding;
  }

  ImmutableList<BitSet> layers() {
    return ImmutableList.copyOf(layers);
  }

  BitSet head() {
    return head;
  }

  /** Returns the layer of each node, -1 for what is in none. */
  ImmutableIntArray layerByNode() {
    int[] layerByNode = new int[flow.size()];
    Arrays.fill(layerByNode, -1);
    for (int layer = 0; layer < layers.size(); layer++) {
      int now = layer;
      layers.get(layer).stream().forEach(node -> layerByNode[node] = now);
    }
    return ImmutableIntArray.copyOf(layerByNode);
  }
}
