package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableList;
import dev.tale.model.UnsupportedModelException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * Finds a decoder's layers, by dataflow alone.
 *
 * <p>Implementation note. (1) The residual stream is the chain of values that every path from the
 * embedding to the logits passes through ({@link Dominators}); (2) its steps are the sums {@code x
 * + f(x)} among them ({@link ResidualPart}); (3) a layer is a step that mixes positions and the
 * step after it that does not, or, where every step mixes positions, one step (attention and
 * feed-forward in parallel); (4) each node is given to the section that it depends on ({@link
 * Sections}). Names serve as labels only. What does not fit is refused with the node's name. Linear
 * in the graph but for (4), which is layers times nodes.
 */
final class LayerFinder {
  private static final Set<String> FIXED_INPUTS =
      Set.of(GatedGraph.INPUT_IDS, GatedGraph.ATTENTION_MASK, GatedGraph.POSITION_IDS);
  private static final String LOGITS = "logits";
  private static final int MAX_LAYERS = 4096;

  private final OnnxGraph graph;
  private final Dataflow flow;

  LayerFinder(OnnxGraph graph) {
    this.graph = graph;
    this.flow = Dataflow.of(graph.proto().getGraph());
  }

  ResidualStream find() {
    checkInterface();
    refuseFusedNorms();
    Embedding embedding = Embedding.find(graph, flow, LOGITS);
    Dominators dominators = Dominators.between(flow, embedding.output(), LOGITS);
    ImmutableList<String> boundaries = boundaries(ResidualPart.find(flow, dominators));
    new HeadChecks(graph, flow, dominators).check(boundaries.get(boundaries.size() - 1), LOGITS);
    Sections sections = Sections.find(graph, flow, dominators, boundaries);
    return new ResidualStream(
        flow,
        boundaries,
        sections.embedding(),
        layers(dominators, boundaries, sections),
        sections.head(),
        new ResidualStream.Format(
            embedding.hiddenSize(),
            new ElementTypes(graph, flow).hidden(boundaries),
            vocabularySize(),
            LOGITS));
  }

  private void checkInterface() {
    if (!flow.isInput(GatedGraph.INPUT_IDS)) {
      throw unsupported(
          "has no input input_ids, but "
              + names(graph.proto().getGraph().getInputList())
              + "; Tale prunes decoders of text. Export with task text-generation-with-past");
    }
    if (!flow.isOutput(LOGITS)) {
      throw unsupported(
          "has no output logits, but "
              + names(graph.proto().getGraph().getOutputList())
              + ". Export with task text-generation-with-past");
    }
  }

  private static String names(List<ValueInfoProto> values) {
    return values.stream().map(ValueInfoProto::getName).limit(8).toList().toString();
  }

  private void refuseFusedNorms() {
    for (NodeProto node : graph.proto().getGraph().getNodeList()) {
      if (node.getOpType().startsWith("Skip") && node.getOpType().endsWith("LayerNormalization")) {
        throw unsupported(
            "node "
                + Names.of(node)
                + " fuses the end of one layer with the start of the next, which is not supported"
                + " yet. Export without graph optimisation");
      }
    }
  }

  private ImmutableList<String> boundaries(List<ResidualPart> parts) {
    if (parts.stream().noneMatch(ResidualPart::attention)) {
      throw unsupported(
          "has no recognisable layers: between the embedding and the logits there are "
              + parts.size()
              + " residual sums x + f(x), and none of them mixes positions. Tale prunes decoders"
              + " with attention");
    }
    ImmutableList.Builder<String> boundaries = ImmutableList.builder();
    boundaries.add(parts.get(0).input());
    boolean parallel = parts.stream().allMatch(ResidualPart::attention);
    for (int index = 0; index < parts.size(); index++) {
      refuseGap(parts, index);
      boolean ends = parallel || index % 2 == 1;
      if (!parallel && parts.get(index).attention() == ends) {
        throw refusedPart(
            parts.get(index), "attention and feed-forward do not take turns along the stream");
      }
      if (ends) {
        boundaries.add(parts.get(index).output());
      }
    }
    return complete(parts, boundaries.build());
  }

  private void refuseGap(List<ResidualPart> parts, int index) {
    if (index > 0 && !parts.get(index).input().equals(parts.get(index - 1).output())) {
      throw refusedPart(
          parts.get(index),
          "it adds to "
              + parts.get(index).input()
              + " and not to the sum before it, "
              + parts.get(index - 1).output());
    }
  }

  private ImmutableList<String> complete(
      List<ResidualPart> parts, ImmutableList<String> boundaries) {
    ResidualPart last = parts.get(parts.size() - 1);
    if (!boundaries.get(boundaries.size() - 1).equals(last.output())) {
      throw refusedPart(last, "attention is not followed by a feed-forward part");
    }
    if (boundaries.size() - 1 > MAX_LAYERS) {
      throw unsupported(
          "has " + (boundaries.size() - 1) + " layers; at most " + MAX_LAYERS + " are supported");
    }
    return boundaries;
  }

  private UnsupportedModelException refusedPart(ResidualPart part, String why) {
    return unsupported(
        "node "
            + Names.of(flow.node(flow.maker(part.output())))
            + " is a residual sum that fits no known kind of layer: "
            + why);
  }

  private ImmutableList<Layer> layers(
      Dominators dominators, List<String> boundaries, Sections sections) {
    LayerCaches caches = LayerCaches.find(graph, flow, sections.layers(), FIXED_INPUTS, LOGITS);
    LayerWeights weights = LayerWeights.find(graph, flow, sections);
    List<Layer> layers = new ArrayList<>();
    for (int index = 0; index < sections.layers().size(); index++) {
      BitSet body =
          ResidualPart.between(flow, dominators, boundaries.get(index), boundaries.get(index + 1));
      layers.add(
          new Layer(
              weights.info(index, body),
              sections.layers().get(index),
              weights.constants(index),
              caches.pastInputs(index),
              caches.presentOutputs(index),
              weights.of(index)));
    }
    return ImmutableList.copyOf(layers);
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
