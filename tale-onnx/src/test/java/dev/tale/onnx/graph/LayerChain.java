package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import dev.tale.onnx.layers.Layer;
import dev.tale.onnx.layers.ResidualStream;
import dev.tale.onnx.nano.NanoLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * nano-llama with as many layers as one likes: every one is a copy of its layer 5, under a number
 * of its own, with weights and caches of its own.
 */
public final class LayerChain {
  private static final int COPIED = 5;

  private final ResidualStream nano;
  private final GraphProto original;
  private final Layer copied;
  private final ImmutableSet<String> own;
  private final GraphProto.Builder graph;
  private final List<NodeProto> nodes = new ArrayList<>();

  private LayerChain(OnnxGraph nano) {
    this.nano = ResidualStream.find(nano);
    this.original = this.nano.graph().proto().getGraph();
    this.graph = GraphProto.newBuilder().setName(original.getName());
    this.copied = this.nano.layer(COPIED);
    this.own = own();
  }

  /**
   * Writes the model and the files that it needs beside it.
   *
   * @param directory an empty directory
   */
  public static void write(Path directory, int layers) throws IOException {
    NanoLlama.copyTo(directory);
    Path file = directory.resolve("model.onnx");
    OnnxGraph nano = OnnxGraph.read(file);
    Files.write(file, model(nano, layers).toByteArray());
    Path config = directory.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"num_hidden_layers\": 12", "\"num_hidden_layers\": " + layers));
  }

  static ModelProto model(OnnxGraph nano, int layers) {
    return nano.proto().toBuilder().setGraph(new LayerChain(nano).build(layers)).build();
  }

  private GraphProto build(int layers) {
    shared();
    for (int layer = 0; layer < layers; layer++) {
      copy(layer);
    }
    head(layers);
    return graph.addAllNode(TopologicalOrder.of(nodes)).build();
  }

  private ImmutableSet<String> own() {
    ImmutableSet.Builder<String> names = ImmutableSet.builder();
    layerNodes().stream().forEach(node -> names.addAll(nano.flow().outputs(node)));
    return names
        .addAll(copied.weights())
        .addAll(copied.pastInputs())
        .addAll(copied.presentOutputs())
        .build();
  }

  private BitSet layerNodes() {
    return union(List.of(copied));
  }

  private static BitSet union(List<Layer> layers) {
    BitSet union = new BitSet();
    layers.forEach(layer -> union.or(layer.nodes()));
    layers.forEach(layer -> union.or(layer.constants()));
    return union;
  }

  private List<Layer> allLayers() {
    List<Layer> layers = new ArrayList<>();
    for (int layer = 0; layer < nano.layerCount(); layer++) {
      layers.add(nano.layer(layer));
    }
    return layers;
  }

  /** Everything outside the layers; what reads the last layer reads the last copy. */
  private void shared() {
    Set<String> ofLayers = new HashSet<>();
    for (Layer layer : allLayers()) {
      ofLayers.addAll(layer.weights());
      ofLayers.addAll(layer.pastInputs());
      ofLayers.addAll(layer.presentOutputs());
    }
    original.getInitializerList().stream()
        .filter(weight -> !ofLayers.contains(weight.getName()))
        .forEach(graph::addInitializer);
    original.getInputList().stream()
        .filter(input -> !ofLayers.contains(input.getName()))
        .forEach(graph::addInput);
    original.getOutputList().stream()
        .filter(output -> !ofLayers.contains(output.getName()))
        .forEach(graph::addOutput);
  }

  private void head(int layers) {
    BitSet moved = union(allLayers());
    String last = Iterables.getLast(nano.boundaries());
    for (int node = moved.nextClearBit(0);
        node < nano.flow().size();
        node = moved.nextClearBit(node + 1)) {
      nodes.add(
          named(
              nano.flow().node(node),
              name -> name.equals(last) ? boundary(layers) : outside(name),
              LayerChain::outside));
    }
  }

  private void copy(int layer) {
    UnaryOperator<String> names = name -> name(name, layer);
    layerNodes().stream()
        .mapToObj(nano.flow()::node)
        .map(node -> named(node, names, name -> copyOf(name, layer)))
        .forEach(nodes::add);
    for (String weight : copied.weights()) {
      TensorProto tensor = nano.graph().initializer(weight);
      graph.addInitializer(tensor.toBuilder().setName(names.apply(weight)));
    }
    declared(original.getInputList(), copied.pastInputs(), names).forEach(graph::addInput);
    declared(original.getOutputList(), copied.presentOutputs(), names).forEach(graph::addOutput);
  }

  private static List<ValueInfoProto> declared(
      List<ValueInfoProto> all, ImmutableList<String> wanted, UnaryOperator<String> names) {
    return all.stream()
        .filter(value -> wanted.contains(value.getName()))
        .map(value -> value.toBuilder().setName(names.apply(value.getName())).build())
        .toList();
  }

  private String name(String name, int layer) {
    if (name.equals(nano.boundaries().get(COPIED))) {
      return boundary(layer);
    }
    if (name.equals(nano.boundaries().get(COPIED + 1))) {
      return boundary(layer + 1);
    }
    return own.contains(name) ? copyOf(name, layer) : outside(name);
  }

  /** The exporter named what all layers share after the first. */
  private static String outside(String name) {
    return name.replace("/layers.0/", "/shared/");
  }

  private String boundary(int index) {
    return index == 0 ? outside(nano.boundaries().get(0)) : "/model/layers." + (index - 1) + "/out";
  }

  private static NodeProto named(
      NodeProto node, UnaryOperator<String> values, UnaryOperator<String> nodes) {
    return Renames.apply(node, values).toBuilder().setName(nodes.apply(node.getName())).build();
  }

  private static String copyOf(String name, int layer) {
    String renamed =
        name.replaceFirst(
            "(layers|past_key_values|present)\\." + COPIED + "(?!\\d)", "$1." + layer);
    return renamed.equals(name) && layer != COPIED ? name + "." + layer : renamed;
  }
}
