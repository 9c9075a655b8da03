package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tale.model.ModelFormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Checks a graph before anything trusts it: known versions and operator domains, every name defined
 * once and before its use (so the order is topological), every weight as long as its dimensions
 * say. One pass over nodes and tensors.
 */
final class GraphChecks {
  /** Operators of which Tale reads inputs by their place, and how many each has at least. */
  private static final ImmutableMap<String, Integer> LEAST_INPUTS =
      ImmutableMap.<String, Integer>builder()
          .put("Add", 2)
          .put("Cast", 1)
          .put("Concat", 1)
          .put("DequantizeLinear", 2)
          .put("Div", 2)
          .put("Expand", 2)
          .put("Flatten", 1)
          .put("Gather", 2)
          .put("Gemm", 2)
          .put("Identity", 1)
          .put("MatMul", 2)
          .put("Mul", 2)
          .put("QuantizeLinear", 2)
          .put("Reshape", 2)
          .put("Shape", 1)
          .put("Size", 1)
          .put("Slice", 1)
          .put("Split", 1)
          .put("Squeeze", 1)
          .put("Sub", 2)
          .put("Transpose", 1)
          .put("Unsqueeze", 1)
          .buildOrThrow();

  private static final Set<String> DOMAINS = ImmutableSet.of("", "ai.onnx", "com.microsoft");
  private static final int MIN_IR = 3;
  private static final int MAX_IR = 13;
  private static final int MAX_NODES = 1_000_000;

  private final Source source;
  private final Map<String, ExternalRange> inline;
  private final Set<String> visible = new HashSet<>();
  private final Map<String, ExternalRange> external = new LinkedHashMap<>();
  private int nodes;

  private GraphChecks(Source source, Map<String, ExternalRange> inline) {
    this.source = source;
    this.inline = inline;
  }

  /**
   * Checks the model and tells where its weights are that lie in files, in the order of the graph.
   */
  static ImmutableMap<String, ExternalRange> check(Source source, ModelFile model)
      throws IOException {
    GraphChecks checks = new GraphChecks(source, model.inline());
    checks.versions(model.proto());
    checks.graph(model.proto().getGraph(), true);
    Overlaps.refuse(source, checks.external);
    return ImmutableMap.copyOf(checks.external);
  }

  private void versions(ModelProto model) throws ModelFormatException {
    if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
      throw source.malformed("is not an ONNX file: it has no graph or no nodes");
    }
    if (model.getIrVersion() < MIN_IR || model.getIrVersion() > MAX_IR) {
      throw source.unsupported(
          "has IR version "
              + model.getIrVersion()
              + "; known are "
              + MIN_IR
              + " to "
              + MAX_IR
              + ". Export it with another version of the exporter");
    }
    if (model.getOpsetImportList().stream()
        .map(OperatorSetIdProto::getDomain)
        .noneMatch(domain -> domain.isEmpty() || domain.equals("ai.onnx"))) {
      throw source.malformed("names no version of the ONNX operators");
    }
    if (model.getFunctionsCount() > 0) {
      throw source.unsupported(
          "defines the function "
              + model.getFunctions(0).getName()
              + "; model-local functions are not supported. Export it with functions inlined");
    }
  }

  /** Checks a graph; what it defines stays visible to the caller only until it is done. */
  private void graph(GraphProto graph, boolean main) throws IOException {
    if (graph.getSparseInitializerCount() > 0) {
      throw source.unsupported("has sparse weights, which are not supported. Export dense ones");
    }
    List<String> defined = new ArrayList<>();
    inputsAndWeights(graph, main, defined);
    for (NodeProto node : graph.getNodeList()) {
      node(node, defined);
    }
    for (ValueInfoProto output : graph.getOutputList()) {
      if (!visible.contains(output.getName())) {
        throw source.malformed("output " + output.getName() + " is made by no node");
      }
    }
    defined.forEach(visible::remove);
  }

  private void inputsAndWeights(GraphProto graph, boolean main, List<String> defined)
      throws IOException {
    for (TensorProto tensor : graph.getInitializerList()) {
      define(tensor.getName(), "weight", defined);
      tensor(tensor, main);
    }
    Set<String> weights = ImmutableSet.copyOf(defined);
    Set<String> inputs = new HashSet<>();
    for (ValueInfoProto input : graph.getInputList()) {
      if (!inputs.add(input.getName())) {
        throw source.malformed("two inputs are named " + input.getName());
      }
      if (!weights.contains(input.getName())) {
        define(input.getName(), "input", defined);
      }
    }
  }

  private void node(NodeProto node, List<String> defined) throws IOException {
    if (++nodes > MAX_NODES) {
      throw source.unsupported("has more than " + MAX_NODES + " nodes");
    }
    if (!DOMAINS.contains(node.getDomain())) {
      throw source.unsupported(
          "node "
              + Names.of(node)
              + " is of operator domain \""
              + node.getDomain()
              + "\"; known are ai.onnx and com.microsoft. Export without custom operators");
    }
    for (String input : node.getInputList()) {
      if (!input.isEmpty() && !visible.contains(input)) {
        throw source.malformed(
            "node " + Names.of(node) + " reads " + input + ", which nothing before it makes");
      }
    }
    arity(node);
    attributes(node);
    for (String output : node.getOutputList()) {
      if (!output.isEmpty()) {
        define(output, "output of node " + Names.of(node) + ",", defined);
      }
    }
  }

  private void arity(NodeProto node) throws ModelFormatException {
    int least = LEAST_INPUTS.getOrDefault(node.getOpType(), 0);
    if (node.getInputCount() < least) {
      throw source.malformed(
          "node %s is a %s with %d inputs; it needs %d"
              .formatted(Names.of(node), node.getOpType(), node.getInputCount(), least));
    }
    if (node.getOutputCount() == 0) {
      throw source.malformed("node " + Names.of(node) + " has no output");
    }
  }

  private void attributes(NodeProto node) throws IOException {
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasT()) {
        tensor(attribute.getT(), false);
      }
      for (TensorProto tensor : attribute.getTensorsList()) {
        tensor(tensor, false);
      }
    }
    for (GraphProto body : Attributes.subgraphs(node)) {
      graph(body, false);
    }
  }

  private void define(String name, String what, List<String> defined) throws ModelFormatException {
    if (name.isEmpty()) {
      throw source.malformed("the name of a graph's " + what + " is empty");
    }
    if (!visible.add(name)) {
      throw source.malformed("the name of the " + what + " " + name + " is defined twice");
    }
    defined.add(name);
  }

  private void tensor(TensorProto tensor, boolean ofMainGraph) throws IOException {
    ExternalRange left = ofMainGraph ? inline.get(tensor.getName()) : null;
    if (left != null) {
      requireSize(tensor, left.length());
      external.put(tensor.getName(), left);
    } else if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL
        || tensor.getExternalDataCount() > 0) {
      external(tensor, ofMainGraph);
    } else if (tensor.hasRawData()) {
      requireSize(tensor, tensor.getRawData().size());
    }
  }

  private void external(TensorProto tensor, boolean ofMainGraph) throws IOException {
    if (!ofMainGraph) {
      throw source.unsupported(
          "tensor "
              + tensor.getName()
              + " inside a node has external data; only weights of the main graph may");
    }
    if (!tensor.getRawData().isEmpty()) {
      throw twoPlaces(source, tensor.getName());
    }
    external.put(tensor.getName(), ExternalRange.of(source, tensor));
  }

  static ModelFormatException twoPlaces(Source source, String tensor) {
    return source.malformed(
        "tensor "
            + tensor
            + " has its bytes in the graph and in external data; one of them counts");
  }

  private void requireSize(TensorProto tensor, long bytes) throws ModelFormatException {
    try {
      OptionalLong needed = TensorSize.bytes(tensor);
      if (needed.isEmpty() || needed.getAsLong() != bytes) {
        throw source.malformed(
            "tensor %s of type %d and dimensions %s has %d bytes"
                .formatted(tensor.getName(), tensor.getDataType(), tensor.getDimsList(), bytes));
      }
    } catch (ArithmeticException e) {
      throw source.malformed("tensor " + tensor.getName() + ": " + e.getMessage(), e);
    }
  }
}
