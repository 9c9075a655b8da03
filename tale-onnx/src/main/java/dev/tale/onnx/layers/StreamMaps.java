package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.Nodes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Linear maps {@code x + x W} of the residual stream itself, in the place of layers that were
 * removed. They are no steps of their own: a map belongs to the layer before it, the first one to
 * the embedding. Their products carry a mark in their metadata, for tools that lose it they are
 * known by their form.
 */
public final class StreamMaps {
  private static final StringStringEntryProto MARK = Nodes.entry("tale.map", "product");

  private final List<ResidualPart> sums;
  private final BitSet products;

  private StreamMaps(List<ResidualPart> sums, BitSet products) {
    this.sums = sums;
    this.products = products;
  }

  /** Returns the product of a map, marked. */
  public static NodeProto marked(NodeProto product) {
    return product.toBuilder().addMetadataProps(MARK).build();
  }

  /**
   * Finds the maps among the steps. A feed-forward part of one product with neither norm nor
   * activation looks like one: without a mark, none are maps if all other steps are attention and
   * there are as many products as these.
   */
  static StreamMaps find(Dataflow flow, List<ResidualPart> steps) {
    List<ResidualPart> sums = new ArrayList<>();
    BitSet products = new BitSet();
    for (ResidualPart step : steps) {
      int product = product(flow, step);
      if (product >= 0) {
        sums.add(step);
        products.set(product);
      }
    }
    List<ResidualPart> others = steps.stream().filter(step -> !sums.contains(step)).toList();
    boolean marked =
        products.stream().anyMatch(node -> flow.node(node).getMetadataPropsList().contains(MARK));
    boolean parts =
        others.stream().allMatch(ResidualPart::attention) && sums.size() >= others.size();
    return parts && !marked
        ? new StreamMaps(List.of(), new BitSet())
        : new StreamMaps(sums, products);
  }

  /** The products with W, which do not make their layer one of another kind; not to be modified. */
  BitSet products() {
    return products;
  }

  /** The product of the stream itself with a weight that a step adds to it, or -1. */
  private static int product(Dataflow flow, ResidualPart step) {
    int sum = maker(flow, step.output());
    if (sum < 0 || !flow.node(sum).getOpType().equals("Add")) {
      return -1;
    }
    for (String summand : flow.reads(sum)) {
      int product = maker(flow, summand);
      if (product >= 0 && isMap(flow, flow.node(product), step.input())) {
        return product;
      }
    }
    return -1;
  }

  private static boolean isMap(Dataflow flow, NodeProto node, String input) {
    return node.getOpType().equals("MatMul")
        && beforeViews(flow, node.getInput(0)).equals(beforeViews(flow, input))
        && flow.isConstant(node.getInput(1));
  }

  private static int maker(Dataflow flow, String value) {
    return flow.maker(beforeViews(flow, value));
  }

  private static String beforeViews(Dataflow flow, String value) {
    String root = value;
    int maker = flow.maker(root);
    while (maker >= 0 && StreamLayouts.isTransparent(flow, maker)) {
      root = flow.node(maker).getInput(0);
      maker = flow.maker(root);
    }
    return root;
  }

  /** The steps without the maps. */
  List<ResidualPart> without(List<ResidualPart> steps) {
    return steps.stream().filter(step -> !sums.contains(step)).toList();
  }

  /** The steps, each with the maps that follow it. */
  List<ResidualPart> joinedTo(List<ResidualPart> steps) {
    Map<String, String> mapped = new HashMap<>();
    sums.forEach(sum -> mapped.put(sum.input(), sum.output()));
    return steps.stream().map(step -> joined(step, mapped)).toList();
  }

  private static ResidualPart joined(ResidualPart step, Map<String, String> mapped) {
    String output = step.output();
    while (mapped.containsKey(output)) {
      output = mapped.getOrDefault(output, output);
    }
    return new ResidualPart(step.input(), output, step.attention(), step.normAfter());
  }
}
