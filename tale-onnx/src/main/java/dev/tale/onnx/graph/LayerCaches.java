package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which key-value inputs and outputs belong to which layer: an input to the layer that reads its
 * elements, an output to the layer that makes it.
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
      OnnxGraph graph, Dataflow flow, List<BitSet> layers, Set<String> fixedInputs, String logits) {
    ImmutableListMultimap.Builder<Integer, String> past = ImmutableListMultimap.builder();
    for (ValueInfoProto input : graph.proto().getGraph().getInputList()) {
      String name = input.getName();
      if (flow.isInput(name) && !fixedInputs.contains(name)) {
        past.put(readerOf(graph, flow, layers, name), name);
      }
    }
    ImmutableListMultimap.Builder<Integer, String> present = ImmutableListMultimap.builder();
    for (ValueInfoProto output : graph.proto().getGraph().getOutputList()) {
      if (!output.getName().equals(logits)) {
        present.put(makerOf(graph, flow, layers, output.getName()), output.getName());
      }
    }
    LayerCaches caches = new LayerCaches(past.build(), present.build());
    caches.checkPairs(graph, layers.size());
    return caches;
  }

  private static int readerOf(OnnxGraph graph, Dataflow flow, List<BitSet> layers, String input) {
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
                            + " is neither input_ids, attention_mask nor position_ids, nor the"
                            + " cache of exactly one layer; Tale does not know what to feed"));
  }

  private static int makerOf(OnnxGraph graph, Dataflow flow, List<BitSet> layers, String output) {
    return layerOf(layers, List.of(flow.maker(output)))
        .orElseThrow(
            () ->
                graph
                    .source()
                    .unsupported(
                        "output "
                            + output
                            + " is neither logits nor the cache of a layer; export without it"));
  }

  private static OptionalInt layerOf(List<BitSet> layers, List<Integer> nodes) {
    return IntStream.range(0, layers.size())
        .filter(
            layer ->
                !nodes.isEmpty()
                    && nodes.stream().allMatch(node -> node >= 0 && layers.get(layer).get(node)))
        .findFirst();
  }

  private void checkPairs(OnnxGraph graph, int layers) {
    for (int layer = 0; layer < layers; layer++) {
      List<String> in = past.get(layer);
      List<String> out = present.get(layer);
      if ((!in.isEmpty() && in.size() != out.size()) || in.size() != past.get(0).size()) {
        throw graph
            .source()
            .unsupported(
                "layer "
                    + layer
                    + " has the cache inputs "
                    + in
                    + " and outputs "
                    + out
                    + ", which do not pair up or differ in number from layer 0's "
                    + past.get(0));
      }
    }
  }

  ImmutableList<String> pastInputs(int layer) {
    return past.get(layer);
  }

  ImmutableList<String> presentOutputs(int layer) {
    return present.get(layer);
  }
}
