package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.common.collect.HashMultiset;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Multiset;
import dev.tale.onnx.graph.Attributes;
import dev.tale.onnx.graph.Names;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.graph.OnnxGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Norms that are fused with the sum before them (operators {@code SkipSimplifiedLayerNormalization}
 * and {@code SkipLayerNormalization} of com.microsoft). The sum ends one layer and the norm begins
 * the next, so the boundary lies inside the node. {@link #split} makes a sum and a norm of each;
 * {@link #join} makes one node again of every such sum and the norm that now follows it.
 *
 * <p>Implementation note. The parts carry a mark in their metadata, so that only what was fused is
 * fused again; the mark is gone after joining.
 */
public final class FusedNorms {
  private static final String MARK = "tale.split";
  private static final String SUM = "sum";
  private static final String BIAS = "bias";
  private static final String NORM = "norm";

  private static final String MICROSOFT = "com.microsoft";
  private static final String SIMPLIFIED = "SimplifiedLayerNormalization";
  private static final String WITH_MEAN = "LayerNormalization";

  /** Norm by fused operator. */
  private static final ImmutableMap<String, String> NORMS =
      ImmutableMap.of("Skip" + SIMPLIFIED, SIMPLIFIED, "Skip" + WITH_MEAN, WITH_MEAN);

  /** What a norm says besides what its fused form says. */
  private static final ImmutableSet<String> NORM_ATTRIBUTES = ImmutableSet.of("axis", "stash_type");

  private static final float DEFAULT_EPSILON = 1e-12f;

  private FusedNorms() {}

  /**
   * Returns the graph with every fused norm as a sum and a norm. A bias is added to what is added
   * to the stream, so that the sum still is one of the stream and something else.
   *
   * @throws dev.tale.model.UnsupportedModelException if a node's mean or deviation is read, or it
   *     lacks an input
   */
  static OnnxGraph split(OnnxGraph graph) {
    GraphProto original = graph.proto().getGraph();
    if (original.getNodeList().stream().noneMatch(FusedNorms::isFused)) {
      return graph;
    }
    Set<String> read = new HashSet<>();
    original.getNodeList().forEach(node -> read.addAll(Attributes.reads(node)));
    original.getOutputList().forEach(output -> read.add(output.getName()));
    List<NodeProto> split = new ArrayList<>();
    for (NodeProto node : original.getNodeList()) {
      if (isFused(node)) {
        check(graph, node, read);
        split(node, split);
      } else {
        split.add(node);
      }
    }
    return graph.with(original.toBuilder().clearNode().addAllNode(split).build());
  }

  private static boolean isFused(NodeProto node) {
    return NORMS.containsKey(node.getOpType()) && node.getDomain().equals(MICROSOFT);
  }

  private static void check(OnnxGraph graph, NodeProto node, Set<String> read) {
    if (output(node, 0).isEmpty()
        || IntStream.range(0, 3).anyMatch(i -> input(node, i).isEmpty())) {
      throw graph
          .source()
          .unsupported(
              "node "
                  + Names.of(node)
                  + " has inputs "
                  + node.getInputList()
                  + " and outputs "
                  + node.getOutputList()
                  + "; it needs at least two summands, a scale and an output. Export it again without"
                  + " graph optimisation");
    }
    if (read.contains(output(node, 1)) || read.contains(output(node, 2))) {
      throw graph
          .source()
          .unsupported(
              "node "
                  + Names.of(node)
                  + " also gives the mean or deviation of its norm, which only training needs."
                  + " Export for inference");
    }
  }

  private static void split(NodeProto fused, List<NodeProto> nodes) {
    boolean simplified = fused.getOpType().equals("Skip" + SIMPLIFIED);
    String sum = output(fused, 3).isEmpty() ? fused.getOutput(0) + ".sum" : output(fused, 3);
    String bias = input(fused, simplified ? 3 : 4);
    String added = fused.getInput(1);
    if (!bias.isEmpty()) {
      added = sum + ".biased";
      nodes.add(marked(add(fused, added, fused.getInput(1), bias), BIAS));
    }
    nodes.add(marked(add(fused, sum, fused.getInput(0), added), SUM));
    nodes.add(marked(norm(fused, sum, simplified), NORM));
  }

  private static NodeProto add(NodeProto fused, String output, String left, String right) {
    return Nodes.node("Add", List.of(left, right), output).toBuilder()
        .setName(fused.getName() + "/" + output)
        .build();
  }

  private static NodeProto norm(NodeProto fused, String sum, boolean simplified) {
    NodeProto.Builder norm =
        NodeProto.newBuilder()
            .setName(fused.getName())
            .setOpType(NORMS.getOrDefault(fused.getOpType(), ""))
            .addInput(sum)
            .addInput(fused.getInput(2))
            .addOutput(fused.getOutput(0))
            .addAllAttribute(fused.getAttributeList())
            .addAttribute(Nodes.integer("axis", -1))
            .addAttribute(Nodes.integer("stash_type", 1))
            .addAllMetadataProps(fused.getMetadataPropsList());
    if (Attributes.find(fused, "epsilon").isEmpty()) {
      norm.addAttribute(Nodes.number("epsilon", DEFAULT_EPSILON));
    }
    if (!simplified && !input(fused, 3).isEmpty()) {
      norm.addInput(input(fused, 3));
    }
    return norm.build();
  }

  /**
   * Returns the nodes of a graph with split norms fused again; their order need not be topological.
   */
  public static List<NodeProto> join(List<NodeProto> nodes, List<String> outputs) {
    Map<String, NodeProto> sums = new HashMap<>();
    Multiset<String> readers = HashMultiset.create(outputs);
    for (NodeProto node : nodes) {
      if (isMarked(node, SUM) || isMarked(node, BIAS)) {
        sums.put(node.getOutput(0), node);
      }
      readers.addAll(Attributes.reads(node));
    }
    List<NodeProto> joined = new ArrayList<>();
    Set<String> absorbed = new HashSet<>();
    for (NodeProto node : nodes) {
      NodeProto sum = isMarked(node, NORM) ? sums.get(node.getInput(0)) : null;
      if (sum == null || !absorbed.add(sum.getOutput(0))) {
        joined.add(node);
      } else {
        NodeProto bias = bias(sum, sums);
        if (bias != null) {
          absorbed.add(bias.getOutput(0));
        }
        joined.add(join(node, sum, bias, readers.count(sum.getOutput(0)) > 1));
      }
    }
    return joined.stream()
        .filter(node -> !absorbed.contains(output(node, 0)))
        .map(FusedNorms::unmarked)
        .toList();
  }

  private static @Nullable NodeProto bias(NodeProto sum, Map<String, NodeProto> sums) {
    NodeProto added = sums.get(sum.getInput(1));
    return added != null && isMarked(added, BIAS) ? added : null;
  }

  private static NodeProto join(
      NodeProto norm, NodeProto sum, @Nullable NodeProto bias, boolean keepsSum) {
    NodeProto.Builder fused =
        norm.toBuilder()
            .setOpType("Skip" + norm.getOpType())
            .setDomain(MICROSOFT)
            .clearInput()
            .addInput(sum.getInput(0))
            .addInput(bias == null ? sum.getInput(1) : bias.getInput(0))
            .addAllInput(norm.getInputList().subList(1, norm.getInputCount()))
            .clearAttribute();
    if (bias != null) {
      pad(fused, norm.getOpType().equals(SIMPLIFIED) ? 3 : 4);
      fused.addInput(bias.getInput(1));
    }
    norm.getAttributeList().stream()
        .filter(attribute -> !NORM_ATTRIBUTES.contains(attribute.getName()))
        .forEach(fused::addAttribute);
    if (keepsSum) {
      fused.addOutput("").addOutput("").addOutput(sum.getOutput(0));
    }
    return fused.build();
  }

  private static void pad(NodeProto.Builder node, int inputs) {
    while (node.getInputCount() < inputs) {
      node.addInput("");
    }
  }

  private static NodeProto marked(NodeProto node, String mark) {
    return node.toBuilder().addMetadataProps(Nodes.entry(MARK, mark)).build();
  }

  private static boolean isMarked(NodeProto node, String mark) {
    return node.getMetadataPropsList().contains(Nodes.entry(MARK, mark));
  }

  private static NodeProto unmarked(NodeProto node) {
    NodeProto.Builder unmarked = node.toBuilder().clearMetadataProps();
    node.getMetadataPropsList().stream()
        .filter(entry -> !entry.getKey().equals(MARK))
        .forEach(unmarked::addMetadataProps);
    return unmarked.build();
  }

  private static String input(NodeProto node, int index) {
    return index < node.getInputCount() ? node.getInput(index) : "";
  }

  private static String output(NodeProto node, int index) {
    return index < node.getOutputCount() ? node.getOutput(index) : "";
  }
}
