package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tale.model.Granularity;
import dev.tale.model.LayerInfo.Part;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.Names;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.layers.ResidualStream.HeadKind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds a transformer's layers, by dataflow alone.
 *
 * <p>Implementation note. (1) The residual stream is the chain of values that every path from the
 * embedding to the result passes through ({@link Dominators}); (2) its steps are the sums {@code x
 * + f(x)} among them, with the norm after them if there is one ({@link ResidualPart}); (3) a layer
 * is a step that mixes positions and the step after it that does not, or, where every step mixes
 * positions, one step (attention and feed-forward in parallel); (4) each node is given to the
 * section that it depends on ({@link Sections}). Names serve as labels only. What does not fit is
 * refused with the node's name. Linear in the graph.
 */
final class LayerFinder {
  /** Outputs that hold the result, of decoders and of encoders. */
  static final String LOGITS = "logits";

  private static final String HIDDEN_STATE = "last_hidden_state";

  /** Operators that quantize with one scale for the whole tensor. */
  private static final Set<String> COMMON_SCALE =
      Set.of("DynamicQuantizeLinear", "DynamicQuantizeMatMul");

  private static final int MAX_LAYERS = 4096;

  private final OnnxGraph graph;
  private final Granularity granularity;
  private final Dataflow flow;
  private final ElementTypes types;
  private final String result;

  /** Begins with a graph without fused norms. */
  LayerFinder(OnnxGraph graph, Granularity granularity) {
    this.graph = graph;
    this.granularity = granularity;
    this.flow = graph.dataflow();
    this.types = new ElementTypes(graph, flow);
    this.result = flow.isOutput(LOGITS) ? LOGITS : HIDDEN_STATE;
  }

  ResidualStream find() {
    checkInterface();
    InputSizes sizes = InputSizes.of(graph, flow);
    Embedding embedding = Embedding.find(graph, flow, result);
    Dominators dominators = Dominators.between(flow, embedding.output(), result);
    StreamMaps maps = StreamMaps.find(flow, ResidualPart.sums(flow, dominators));
    List<ResidualPart> parts = ResidualPart.find(flow, dominators, maps);
    StreamLayouts layouts = StreamLayouts.of(graph, flow, sizes, embedding, dominators);
    Boundaries laidOut = boundaries(parts, layouts);
    StreamTypes streamTypes = new StreamTypes(graph, flow, types, layouts, laidOut);
    Boundaries between = streamTypes.aligned();
    ImmutableList<String> boundaries = between.values();
    if (!types.isCommon(boundaries)) {
      OnnxGraph widened = streamTypes.widened();
      if (widened != graph) {
        return new LayerFinder(widened, granularity).find();
      }
    }
    int hiddenSize = hiddenSize(boundaries);
    HeadChecks headChecks = new HeadChecks(graph, flow, dominators, hiddenSize);
    HeadKind head = head(headChecks, layouts, boundaries.get(boundaries.size() - 1));
    ImmutableSet<String> embedded =
        embedding.sameShape(graph, flow, dominators, layouts, boundaries.get(0));
    HiddenType hiddenType = types.hidden(boundaries);
    Sections sections = Sections.find(graph, flow, dominators, embedded, between);
    return new ResidualStream(
        graph,
        flow,
        embedded,
        boundaries,
        sections.embedding(),
        layers(parts, dominators, boundaries, sections, maps),
        sections.head(),
        headChecks.rowReshapes(sections.head()),
        new ResidualStream.Format(
            granularity,
            sizes,
            between.layout(),
            hiddenSize,
            hiddenType,
            shortestType(hiddenType),
            head,
            head == HeadKind.NONE ? 0 : vocabularySize(),
            result,
            hasCommonScale() || new PaddingLeaks(graph, flow, dominators).areIn(sections)));
  }

  private void checkInterface() {
    if (!flow.isInput(ModelInputs.INPUT_IDS)) {
      throw unsupported(
          "has no input input_ids, but "
              + names(graph.proto().getGraph().getInputList())
              + "; Tale prunes models of text. Export with task text-generation-with-past, or"
              + " feature-extraction for an encoder");
    }
    if (!flow.isOutput(result)) {
      throw unsupported(
          "has neither output logits nor last_hidden_state, but "
              + names(graph.proto().getGraph().getOutputList())
              + ". Export with task text-generation-with-past, or feature-extraction for an"
              + " encoder");
    }
  }

  private static String names(List<ValueInfoProto> values) {
    return values.stream().map(ValueInfoProto::getName).limit(8).toList().toString();
  }

  /** Views of what the last layer gives are no head. */
  private HeadKind head(HeadChecks checks, StreamLayouts layouts, String last) {
    if (result.equals(LOGITS)) {
      return checks.kind(last, LOGITS);
    }
    BitSet after = ResidualPart.between(flow, checks.dominators(), last, result);
    boolean views = after.stream().allMatch(node -> StreamLayouts.isExact(flow, node));
    if (!views || !layouts.of(result).equals(StreamLayout.ROWS)) {
      throw unsupported(
          "has the nodes "
              + after.stream().mapToObj(node -> Names.of(flow.node(node))).limit(8).toList()
              + " between its last layer and last_hidden_state; an encoder whose last layer gives"
              + " its result, with no norm or quantization behind it, is supported");
    }
    return HeadKind.NONE;
  }

  private HiddenType shortestType(HiddenType hidden) {
    return graph.proto().getGraph().getInitializerList().stream()
        .flatMap(weight -> Stream.ofNullable(HiddenType.of(weight.getDataType())))
        .reduce(hidden, (one, other) -> one.compareTo(other) > 0 ? one : other);
  }

  private boolean hasCommonScale() {
    return graph.proto().getGraph().getNodeList().stream()
        .anyMatch(node -> COMMON_SCALE.contains(node.getOpType()));
  }

  private Boundaries boundaries(List<ResidualPart> parts, StreamLayouts layouts) {
    if (parts.stream().noneMatch(ResidualPart::attention)) {
      refuseIntegerSums();
      throw unsupported(
          "has no recognisable layers: between the embedding and "
              + result
              + " there are "
              + parts.size()
              + " residual sums x + f(x), and none of them mixes positions. Tale prunes"
              + " transformers with attention");
    }
    boolean parallel = parts.stream().allMatch(ResidualPart::attention);
    if (parallel && granularity == Granularity.SUBLAYER) {
      throw refusedPart(
          parts.get(0),
          "attention and feed-forward run in parallel and share it, so they cannot be removed"
              + " separately. Use Granularity.LAYER");
    }
    ImmutableList.Builder<String> outputs = ImmutableList.builder();
    for (int index = 0; index < parts.size(); index++) {
      refuseGap(parts, index);
      boolean ends = parallel || endsLayer(parts, index);
      if (ends || granularity == Granularity.SUBLAYER) {
        outputs.add(parts.get(index).output());
      }
    }
    checkCount(outputs.build().size());
    return new Boundaries.Finder(graph, flow, layouts).find(parts.get(0), outputs.build());
  }

  private int hiddenSize(List<String> boundaries) {
    Widths widths = Widths.of(graph, flow);
    long width =
        boundaries.stream().mapToLong(widths::of).filter(each -> each > 0).findFirst().orElse(0);
    if (width < 1 || width > Integer.MAX_VALUE) {
      throw unsupported(
          "the residual stream, "
              + boundaries.get(0)
              + ", is "
              + (width == 0 ? "of unknown width" : "of width " + width + "; 1 to 2^31 - 1")
              + ". Export it with the shapes of its values");
    }
    for (String boundary : boundaries) {
      long here = widths.of(boundary);
      if (here > 0 && here != width) {
        throw unsupported(
            "the residual stream is "
                + here
                + " wide at "
                + boundary
                + ", but "
                + width
                + " before it. Tale removes layers that leave the stream as wide as it is");
      }
    }
    return (int) width;
  }

  /** What quantizers write in the format that has operators of its own for integers. */
  private void refuseIntegerSums() {
    for (int node = 0; node < flow.size(); node++) {
      if (flow.node(node).getOpType().equals("QLinearAdd")) {
        throw unsupported(
            "node "
                + Names.of(flow.node(node))
                + " adds in integers, so that no residual stream is seen. Quantize it"
                + " in the format of QuantizeLinear and DequantizeLinear (QuantFormat.QDQ), of"
                + " which ONNX Runtime makes the same operators");
      }
    }
  }

  private void refuseGap(List<ResidualPart> parts, int index) {
    if (index > 0 && !parts.get(index).input().equals(parts.get(index - 1).output())) {
      throw refusedPart(
          parts.get(index),
          "it adds to "
              + parts.get(index).input()
              + " and not to the sum before it, "
              + parts.get(index - 1).output()
              + ". Export it again without graph optimisation");
    }
    if (parts.get(0).normAfter() && !parts.get(index).normAfter()) {
      throw refusedPart(
          parts.get(index),
          "no norm follows it, as one does every sum before it. Export it again without graph"
              + " optimisation");
    }
  }

  /** Attention and feed-forward take turns. */
  private boolean endsLayer(List<ResidualPart> parts, int index) {
    boolean ends = index % 2 == 1;
    if (parts.get(index).attention() == ends) {
      throw refusedPart(
          parts.get(index),
          "attention and feed-forward do not take turns along the stream. If parts of layers have"
              + " been removed before, prune the original");
    }
    if (!ends && index == parts.size() - 1) {
      throw refusedPart(
          parts.get(index),
          "attention is not followed by a feed-forward part. If parts of layers have been removed"
              + " before, prune the original");
    }
    return ends;
  }

  private void checkCount(int layers) {
    if (layers > MAX_LAYERS) {
      throw unsupported(
          "has "
              + layers
              + " layers; at most "
              + MAX_LAYERS
              + " are supported. Use a smaller model");
    }
  }

  private UnsupportedModelException refusedPart(ResidualPart part, String why) {
    return unsupported(
        "node "
            + Names.of(flow.node(flow.maker(part.output())))
            + " is a residual sum that fits no known kind of layer: "
            + why);
  }

  private ImmutableList<Layer> layers(
      List<ResidualPart> parts,
      Dominators dominators,
      List<String> boundaries,
      Sections sections,
      StreamMaps maps) {
    LayerCaches caches =
        LayerCaches.find(graph, granularity, flow, sections, InputSizes.NAMED, result);
    LayerWeights weights = LayerWeights.find(graph, flow, sections);
    List<Layer> layers = new ArrayList<>();
    for (int index = 0; index < sections.layers().size(); index++) {
      BitSet body =
          ResidualPart.between(flow, dominators, boundaries.get(index), boundaries.get(index + 1));
      Part part = part(parts, index);
      int layer = part == Part.WHOLE ? index : index / 2;
      layers.add(
          new Layer(
              weights.info(index, part, layer, body),
              sections.layers().get(index),
              weights.constants(index),
              caches.pastInputs(index),
              caches.presentOutputs(index),
              weights.of(index)));
    }
    refuseDifferentKinds(layers, maps);
    return ImmutableList.copyOf(layers);
  }

  private void refuseDifferentKinds(List<Layer> layers, StreamMaps maps) {
    for (Part part : Part.values()) {
      List<BitSet> alike =
          layers.stream()
              .filter(layer -> layer.info().part() == part)
              .map(layer -> withoutMaps(layer.nodes(), maps))
              .toList();
      LayerKinds.check(graph, flow, alike);
    }
  }

  private static BitSet withoutMaps(BitSet nodes, StreamMaps maps) {
    BitSet others = (BitSet) nodes.clone();
    others.andNot(maps.products());
    return others;
  }

  private Part part(List<ResidualPart> parts, int index) {
    if (granularity == Granularity.LAYER) {
      return Part.WHOLE;
    }
    return parts.get(index).attention() ? Part.ATTENTION : Part.FEED_FORWARD;
  }

  private int vocabularySize() {
    GraphProto proto = graph.proto().getGraph();
    TypeProto type =
        proto.getOutputList().stream()
            .filter(output -> output.getName().equals(LOGITS))
            .findFirst()
            .orElseThrow()
            .getType();
    var dims = type.getTensorType().getShape().getDimList();
    long size = dims.size() == 3 ? dims.get(2).getDimValue() : 0;
    if (size < 1 || size > Integer.MAX_VALUE) {
      throw unsupported(
          "output logits must be declared as [batch, sequence, vocabulary size], but has "
              + dims.size()
              + " dimensions and a vocabulary size of "
              + size
              + ". Export it with a fixed vocabulary size");
    }
    return (int) size;
  }

  private UnsupportedModelException unsupported(String what) {
    return graph.source().unsupported(what);
  }
}
