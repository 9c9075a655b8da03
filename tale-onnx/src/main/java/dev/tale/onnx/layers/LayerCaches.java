package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.primitives.ImmutableIntArray;
import dev.tale.model.Granularity;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.OnnxGraph;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which key-value inputs and outputs belong to which layer, or part of one: an input to the layer
 * that reads its elements, an output to the layer that makes it. Feed-forward parts have none.
 */
final class LayerCaches {
  private final ImmutableListMultimap<Integer, String> past;
  private final ImmutableListMultimap<Integer, String> present;

  private LayerCaches(
      ImmutableListMultimap<Integer, String> past, ImmutableListMultimap<Integer, String> present) {
    this.past = past;
    this.present = present;
  }

  static LayerCaches find(
      OnnxGraph graph,
      Granularity granularity,
      Dataflow flow,
      Sections sections,
      Set<String> fixedInputs,
      String result) {
    ImmutableIntArray layers = sections.layerByNode();
    ImmutableListMultimap.Builder<Integer, String> past = ImmutableListMultimap.builder();
    for (ValueInfoProto input : graph.proto().getGraph().getInputList()) {
      String name = input.getName();
      if (flow.isInput(name) && !fixedInputs.contains(name)) {
        past.put(readerOf(graph, flow, layers, fixedInputs, name), name);
      }
    }
    ImmutableListMultimap.Builder<Integer, String> present = ImmutableListMultimap.builder();
    for (ValueInfoProto output : graph.proto().getGraph().getOutputList()) {
      if (!output.getName().equals(result)) {
        present.put(makerOf(graph, flow, layers, output.getName()), output.getName());
      }
    }
    LayerCaches caches = new LayerCaches(past.build(), present.build());
    caches.checkPairs(graph, granularity, sections.layers().size());
    return caches;
  }

  private static int readerOf(
      OnnxGraph graph,
      Dataflow flow,
      ImmutableIntArray layers,
      Set<String> fixedInputs,
      String input) {
    List<Integer> readers =
        flow.readers(input).stream().filter(node -> !flow.readsShapeOnly(node)).toList();
    return layerOf(layers, readers)
        .orElseThrow(
            () ->
                graph
                    .source()
                    .unsupported(
                        "input "
                            + input
                            + " is neither one of "
                            + fixedInputs.stream().sorted().toList()
                            + " nor the cache of exactly one layer; Tale does not know what to"
                            + " feed"));
  }

  private static int makerOf(
      OnnxGraph graph, Dataflow flow, ImmutableIntArray layers, String output) {
    return layerOf(layers, List.of(flow.maker(output)))
        .orElseThrow(
            () ->
                graph
                    .source()
                    .unsupported(
                        "output "
                            + output
                            + " is neither the result nor the cache of a layer; export without it"));
  }

  private static OptionalInt layerOf(ImmutableIntArray layers, List<Integer> nodes) {
    int[] found =
        nodes.stream().mapToInt(node -> node < 0 ? -1 : layers.get(node)).distinct().toArray();
    return found.length == 1 && found[0] >= 0 ? OptionalInt.of(found[0]) : OptionalInt.empty();
  }

  /** Every layer has as many, but for those that have none of either: feed-forward parts. */
  private void checkPairs(OnnxGraph graph, Granularity granularity, int layers) {
    List<String> first = first(past);
    int presents = first(present).size();
    for (int layer = 0; layer < layers; layer++) {
      List<String> in = past.get(layer);
      List<String> out = present.get(layer);
      boolean none = granularity == Granularity.SUBLAYER && in.isEmpty() && out.isEmpty();
      boolean pairs = in.isEmpty() || in.size() == out.size();
      if (!none && (!pairs || in.size() != first.size() || out.size() != presents)) {
        throw graph
            .source()
            .unsupported(
                "layer "
                    + layer
                    + " has the cache inputs "
                    + in
                    + " and outputs "
                    + out
                    + ", which do not pair up or differ in number from the first layer's "
                    + first
                    + ". Export it again with one pair of keys and values for each layer");
      }
    }
  }

  private static List<String> first(ImmutableListMultimap<Integer, String> byLayer) {
    return byLayer.isEmpty() ? List.of() : byLayer.get(Collections.min(byLayer.keySet()));
  }

  ImmutableList<String> pastInputs(int layer) {
    return past.get(layer);
  }

  ImmutableList<String> presentOutputs(int layer) {
    return present.get(layer);
  }
}
