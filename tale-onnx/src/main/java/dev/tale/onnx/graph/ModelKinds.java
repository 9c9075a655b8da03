package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tale.model.UnsupportedModelException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Kinds of model that people deploy and that are not one transformer with a cache for each layer.
 * They are told by their operators and inputs, so that each is refused with its own remedy and not
 * for what it lacks.
 */
final class ModelKinds {
  /** Operators of com.microsoft that hold the whole model in their bodies. */
  private static final ImmutableSet<String> GENERATION =
      ImmutableSet.of("BeamSearch", "GreedySearch", "Sampling", "WhisperBeamSearch");

  private static final String DECODER =
      "is the decoder of an encoder-decoder model. Tale prunes models with one stack of layers";

  /** In the name of the cache of what an encoder has read. */
  private static final String CROSS_ATTENTION = ".encoder.";

  /** Why a model with that input is none of ours, and what to do. */
  private static final ImmutableMap<String, String> INPUTS =
      ImmutableMap.of(
          "encoder_hidden_states",
          DECODER,
          "encoder_attention_mask",
          DECODER,
          "decoder_input_ids",
          "is a whole encoder-decoder model. Tale prunes models with one stack of layers",
          "use_cache_branch",
          "is a merged decoder, which chooses between two whole graphs. Export it again with task"
              + " text-generation-with-past and without merging (Optimum: --no-post-process)",
          "block_table",
          "keeps its cache in pages. Build it without paged attention");

  private final Source source;
  private final Set<String> inputs = new HashSet<>();
  private final Set<String> outputs = new HashSet<>();

  private ModelKinds(Source source, GraphProto graph) {
    this.source = source;
    graph.getInputList().stream().map(ValueInfoProto::getName).forEach(inputs::add);
    graph.getOutputList().stream().map(ValueInfoProto::getName).forEach(outputs::add);
  }

  /**
   * Refuses what is not one transformer.
   *
   * @throws UnsupportedModelException with the node or input that shows it
   */
  static void check(Source source, GraphProto graph) {
    ModelKinds kinds = new ModelKinds(source, graph);
    kinds.inputs.stream()
        .filter(input -> input.contains(CROSS_ATTENTION))
        .sorted()
        .findFirst()
        .ifPresent(input -> kinds.refuseInput(input, DECODER));
    INPUTS.forEach(kinds::refuseInput);
    graph.getNodeList().forEach(kinds::refuseNode);
  }

  private void refuseInput(String input, String why) {
    if (inputs.contains(input)) {
      throw source.unsupported("has the input " + input + ": it " + why);
    }
  }

  private void refuseNode(NodeProto node) {
    if (GENERATION.contains(node.getOpType())) {
      throw refused(
          node,
          "generates with a whole model inside it. Use the decoder from before the loop was added");
    }
    if (node.getOpType().equals("PagedAttention")) {
      throw refused(node, "keeps the cache in pages. Build the model without paged attention");
    }
    if (node.getOpType().equals("If") && makesOutput(node.getOutputList())) {
      throw refused(
          node,
          "chooses between whole graphs and makes the model's output. Export it again as one"
              + " graph, without merging");
    }
  }

  private boolean makesOutput(List<String> values) {
    return values.stream().anyMatch(outputs::contains);
  }

  private UnsupportedModelException refused(NodeProto node, String why) {
    return source.unsupported("node " + Names.of(node) + " " + why);
  }
}
