package dev.tale.onnx.gate;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableList;
import dev.tale.onnx.graph.Aliases;
import dev.tale.onnx.graph.Attributes;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.Renames;
import dev.tale.onnx.graph.SmallConstants;
import dev.tale.onnx.graph.TopologicalOrder;
import dev.tale.onnx.layers.CacheFormat;
import dev.tale.onnx.layers.CacheLayout;
import dev.tale.onnx.layers.CachePort;
import dev.tale.onnx.layers.CachePorts;
import dev.tale.onnx.layers.ResidualStream;
import dev.tale.onnx.layers.ResidualStream.HeadKind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Rewrites a graph so that its embedding, layers and head are branches.
 *
 * <p>Implementation note. A section's nodes move into the branch that runs; the branch that does
 * not is an Identity of what came before. Weights stay in the main graph, where the runtime loads
 * and packs them once; small constants are copied into each branch, where its fusions look for
 * them, and so are {@link QuantizedWeights}. With {@link ConditionForm#LENGTH} whatever is computed
 * from shapes alone is copied too, see {@link ShapeChains}. One pass over the nodes; what is left
 * over and unused is dropped.
 */
final class Gating {
  private final OnnxGraph graph;
  private final ResidualStream stream;
  private final ConditionForm form;
  private final Optional<CachePorts> caches;
  private final EmptyPast past;
  private final Map<String, String> shapes = new HashMap<>();
  private final List<String> boundaries;
  private final Dataflow flow;
  private final SmallConstants constants;
  private final ShapeChains chains;
  private final Crossing crossing;
  private final QuantizedWeights quantized;
  private final List<NodeProto> gates = new ArrayList<>();

  private Gating(
      ResidualStream stream,
      ConditionForm form,
      Optional<CachePorts> caches,
      UnaryOperator<TensorProto> moved) {
    graph = stream.graph().with(located(stream.graph().proto().getGraph(), moved));
    this.stream = stream;
    this.form = form;
    this.caches = caches;
    past = caches.isPresent() ? EmptyPast.none() : EmptyPast.of(stream);
    for (CachePort port : ports()) {
      shapes.put(port.past(), pastShape(port.format()));
    }
    boundaries = new ArrayList<>(stream.boundaries());
    boundaries.set(stream.layerCount(), GatedGraph.HIDDEN_OUT);
    crossing = new Crossing(stream.layout(), stream.hiddenSize());
    flow = Dataflow.of(prepared());
    constants = SmallConstants.of(graph, flow);
    chains = ShapeChains.of(flow, constants);
    quantized = QuantizedWeights.of(graph, flow);
  }

  /**
   * Returns the gated graph.
   *
   * @param caches caches that are fed and given; without them, they are empty and dropped
   * @param moved says where a weight's bytes are
   */
  static GraphProto apply(
      ResidualStream stream,
      ConditionForm form,
      Optional<CachePorts> caches,
      UnaryOperator<TensorProto> moved) {
    return new Gating(stream, form, caches, moved).build();
  }

  private static GraphProto located(GraphProto graph, UnaryOperator<TensorProto> moved) {
    return graph.toBuilder()
        .clearInitializer()
        .addAllInitializer(graph.getInitializerList().stream().map(moved).toList())
        .build();
  }

  private List<CachePort> ports() {
    return caches.map(CachePorts::all).orElse(ImmutableList.of());
  }

  private String pastShape(CacheFormat format) {
    return GatedGraph.pastShape(caches.orElseThrow().formats().asList().indexOf(format));
  }

  /** The graph as it is, without cache inputs and aliases of weights, its nodes in their order. */
  private GraphProto prepared() {
    GraphProto proto = graph.proto().getGraph();
    Map<String, String> names = new HashMap<>(past.byInput());
    names.put(stream.boundaries().get(stream.layerCount()), GatedGraph.HIDDEN_OUT);
    GraphProto.Builder prepared =
        GraphProto.newBuilder()
            .addAllInput(inputs(proto))
            .addAllInitializer(proto.getInitializerList())
            .addAllNode(past.nodes());
    for (int index = 0; index < proto.getNodeCount(); index++) {
      NodeProto node = withSharedShape(index, withoutRowReshape(index, proto.getNode(index)));
      boolean alias =
          node.getOutputCount() == 1 && !root(node.getOutput(0)).equals(node.getOutput(0));
      prepared.addNode(
          alias ? node : Renames.apply(node, name -> names.getOrDefault(root(name), root(name))));
    }
    return prepared.build();
  }

  /** A layer that is off has an empty cache, of which others must not take the length. */
  private NodeProto withSharedShape(int index, NodeProto node) {
    return stream.flow().readsShapeOnly(index)
        ? Renames.apply(node, name -> shapes.getOrDefault(name, name))
        : node;
  }

  /** The head runs on rows: what restores the original shape has nothing to do. */
  private NodeProto withoutRowReshape(int index, NodeProto node) {
    return stream.rowReshapes().get(index)
        ? Nodes.identity(node.getInput(0), node.getOutput(0))
        : node;
  }

  private String root(String value) {
    String root = Aliases.root(stream.flow(), value);
    return graph.initializer(root) == null ? value : root;
  }

  private List<ValueInfoProto> inputs(GraphProto proto) {
    return proto.getInputList().stream()
        .filter(input -> stream.flow().isInput(input.getName()))
        .filter(input -> !past.byInput().containsKey(input.getName()))
        .toList();
  }

  private GraphProto build() {
    embedding();
    for (int layer = 0; layer < stream.layerCount(); layer++) {
      layer(layer);
    }
    if (stream.hasHead()) {
      head();
    }
    List<ValueInfoProto> outputs = outputs();
    List<String> wanted = outputs.stream().map(ValueInfoProto::getName).toList();
    return declared(TopologicalOrder.of(mainNodes(), wanted), outputs);
  }

  private List<NodeProto> mainNodes() {
    BitSet moved = new BitSet();
    moved.or(section(stream.embedding()));
    moved.or(section(stream.headNodes()));
    for (int layer = 0; layer < stream.layerCount(); layer++) {
      moved.or(section(stream.layer(layer).nodes()));
    }
    List<NodeProto> nodes = new ArrayList<>();
    for (int node = moved.nextClearBit(0);
        node < flow.size();
        node = moved.nextClearBit(node + 1)) {
      nodes.add(Renames.apply(flow.node(node), this::outsideEmbedding));
    }
    nodes.addAll(gates);
    return nodes;
  }

  /**
   * The shapes of the embedding's values are taken from its output, which is there even if the
   * embedding is off.
   */
  private String outsideEmbedding(String value) {
    return stream.embedded().contains(value) ? boundaries.get(0) : value;
  }

  /** Values from the shapes of the embedding's own values, which it must not take from outside. */
  private Set<String> fromEmbeddedShapes() {
    BitSet embedding = section(stream.embedding());
    Set<String> values = new HashSet<>();
    for (int node = 0; node < flow.size(); node++) {
      Set<String> from =
          flow.readsShapeOnly(node) && !embedding.get(node) ? stream.embedded() : values;
      if (flow.reads(node).stream().anyMatch(v -> from.contains(v) || values.contains(v))) {
        values.addAll(flow.outputs(node));
      }
    }
    return values;
  }

  /** Numbers of the nodes in the prepared graph, which begins with those of the empty past. */
  private BitSet section(BitSet nodes) {
    BitSet shifted = new BitSet();
    nodes.stream().forEach(node -> shifted.set(node + past.nodes().size()));
    return shifted;
  }

  private void embedding() {
    Set<String> own = fromEmbeddedShapes();
    gate(
        new Branch(
            "tale.embed/on", flow, constants, value -> own.contains(value) || crosses(value)),
        "tale.embed",
        GatedGraph.EMBEDDING_GATE,
        stream.embedding(),
        GatedGraph.HIDDEN,
        boundaries.get(0),
        List.of());
  }

  private void layer(int layer) {
    String name = "tale.layer." + layer;
    Branch on = branch(name + "/on");
    crossing.enter(on, boundaries.get(layer));
    List<CachePort> ports = caches.map(all -> all.of(layer)).orElse(ImmutableList.of());
    if (!ports.isEmpty() && caches.get().layout() == CacheLayout.CONCATENATED) {
      expandPast(on, boundaries.get(layer), ports);
    }
    gate(
        on,
        name,
        GatedGraph.layerGate(layer),
        stream.layer(layer).nodes(),
        boundaries.get(layer),
        boundaries.get(layer + 1),
        ports);
  }

  /** A cache of one row is what came before in every row. */
  private static void expandPast(Branch on, String entry, List<CachePort> ports) {
    on.add(Nodes.node("Shape", List.of(entry), on.name("shape")))
        .add(Nodes.longs(on.name("first"), 0))
        .add(Nodes.node("Gather", List.of(on.name("shape"), on.name("first")), on.name("batch")));
    for (CachePort port : ports) {
      String rows = on.name(port.past() + ".rows");
      long[] one = port.format().ones();
      Nodes.shape(rows, one, port.format().batchAxis(), on.name("batch")).forEach(on::add);
      String expanded = on.name(port.past());
      on.add(Nodes.node("Expand", List.of(port.past(), rows), expanded));
      on.rename(port.past(), expanded);
    }
  }

  private void gate(
      Branch on,
      String name,
      String gate,
      BitSet nodes,
      String otherwise,
      String output,
      List<CachePort> ports) {
    on.rename(output, crossing.leaving(on));
    ports.forEach(port -> on.rename(port.present(), on.name(port.present())));
    on.move(section(nodes));
    crossing.leave(on);
    Branch off = branch(name + "/off");
    off.add(Nodes.identity(otherwise, off.name("out")));
    ports.forEach(port -> off.add(Nodes.identity(port.past(), off.name(port.present()))));
    gates.add(
        Nodes.branch(
            condition(gate),
            on.build(branchOutputs(on, ports)),
            off.build(branchOutputs(off, ports)),
            Stream.concat(Stream.of(output), ports.stream().map(CachePort::present)).toList()));
  }

  private ValueInfoProto[] branchOutputs(Branch branch, List<CachePort> ports) {
    return Stream.concat(
            Stream.of(hidden(branch.name("out"))),
            ports.stream().map(port -> cache(branch.name(port.present()), port.format())))
        .toArray(ValueInfoProto[]::new);
  }

  private Branch branch(String scope) {
    Branch branch = new Branch(scope, flow, constants, this::crosses);
    stream.embedded().forEach(value -> branch.rename(value, boundaries.get(0)));
    return branch;
  }

  /** Whether a value must be copied into branches rather than read from outside. */
  private boolean crosses(String value) {
    return quantized.contains(value) || (form == ConditionForm.LENGTH && chains.contains(value));
  }

  private ValueInfoProto hidden(String name) {
    return Nodes.declareLoosely(name, stream.hiddenType().onnx(), -1, -1, stream.hiddenSize());
  }

  private static ValueInfoProto cache(String name, CacheFormat format) {
    return Nodes.declareLoosely(name, format.type().onnx(), format.shape(-1, -1));
  }

  private String condition(String gate) {
    if (form == ConditionForm.BOOL) {
      return gate;
    }
    gates.add(Nodes.node("Size", List.of(gate), gate + ".size"));
    gates.add(Nodes.cast(gate + ".size", DataType.BOOL_VALUE, gate + ".on"));
    return gate + ".on";
  }

  private void head() {
    boolean wholeFirst = stream.head() == HeadKind.WHOLE;
    Head head = new Head(wholeFirst, crossing, stream.vocabularySize());
    Branch on = branch("tale.head/on");
    head.select(on);
    on.rename(stream.result(), on.name("logits"));
    on.move(section(stream.headNodes()));
    gates.add(
        Nodes.branch(
            condition(GatedGraph.HEAD_GATE),
            head.reduce(on),
            head.off(branch("tale.head/off")),
            List.of(GatedGraph.LOGITS, GatedGraph.LOG_PROBABILITIES, GatedGraph.ARGMAX)));
  }

  private List<ValueInfoProto> outputs() {
    ImmutableList.Builder<ValueInfoProto> outputs = ImmutableList.builder();
    outputs.add(hidden(GatedGraph.HIDDEN_OUT));
    if (stream.hasHead()) {
      outputs.addAll(
          Head.outputs(
              GatedGraph.LOGITS,
              GatedGraph.LOG_PROBABILITIES,
              GatedGraph.ARGMAX,
              stream.vocabularySize()));
    }
    ports().forEach(port -> outputs.add(cache(port.present(), port.format())));
    return outputs.build();
  }

  private GraphProto declared(List<NodeProto> nodes, List<ValueInfoProto> outputs) {
    Set<String> read = new HashSet<>();
    nodes.forEach(node -> read.addAll(Attributes.reads(node)));
    GraphProto proto = graph.proto().getGraph();
    return GraphProto.newBuilder()
        .setName("tale_gated")
        .addAllNode(nodes)
        .addAllInitializer(
            proto.getInitializerList().stream()
                .filter(tensor -> read.contains(tensor.getName()))
                .toList())
        .addAllInput(inputs(proto))
        .addAllInput(newInputs())
        .addAllOutput(outputs)
        .build();
  }

  private List<ValueInfoProto> newInputs() {
    ImmutableList.Builder<ValueInfoProto> inputs = ImmutableList.builder();
    inputs.add(
        Nodes.declare(
            GatedGraph.HIDDEN,
            stream.hiddenType().onnx(),
            "tale.hidden.batch",
            "tale.hidden.sequence",
            stream.hiddenSize()));
    inputs.add(gateInput(GatedGraph.EMBEDDING_GATE));
    for (int layer = 0; layer < stream.layerCount(); layer++) {
      inputs.add(gateInput(GatedGraph.layerGate(layer)));
    }
    caches.ifPresent(all -> all.formats().forEach(format -> inputs.add(pastShapeInput(format))));
    if (stream.hasHead()) {
      inputs.add(gateInput(GatedGraph.HEAD_GATE));
      inputs.add(Nodes.declare(GatedGraph.POSITIONS, DataType.INT64_VALUE, "tale.position_count"));
      inputs.add(
          Nodes.declare(
              GatedGraph.TOKENS, DataType.INT64_VALUE, "tale.token_rows", "tale.token_count"));
    }
    return inputs.build();
  }

  private ValueInfoProto pastShapeInput(CacheFormat format) {
    String name = pastShape(format);
    Object[] dims = format.dims().stream().boxed().toArray();
    dims[format.batchAxis()] = name + ".batch";
    dims[format.lengthAxis()] = name + ".length";
    return Nodes.declare(name, format.type().onnx(), dims);
  }

  private ValueInfoProto gateInput(String gate) {
    return form == ConditionForm.BOOL
        ? Nodes.declare(gate, DataType.BOOL_VALUE)
        : Nodes.declare(gate, DataType.BOOL_VALUE, gate + ".length");
  }
}
