package dev.tale.onnx.gate;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tale.onnx.graph.Attributes;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.OrtModel;
import dev.tale.onnx.graph.TensorSize;
import dev.tale.onnx.graph.TestModels;
import dev.tale.onnx.layers.ResidualStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GatedStructureTest {

  @ParameterizedTest
  @EnumSource
  void lengthForm_letsNothingShapeDerivedCross(TestModels test) throws IOException {
    GraphProto graph = gated(test, ConditionForm.LENGTH);
    Set<String> fromShapes = fromShapes(graph);
    assertThat(ifs(graph)).hasSize(test.layers + 2);
    for (NodeProto node : ifs(graph)) {
      assertThat(captures(node)).as(node.getName()).doesNotContainAnyElementsOf(fromShapes);
      // The condition itself is computed on the CPU, from the size of a gate.
      assertThat(fromShapes).contains(node.getInput(0));
    }
  }

  /** What the test above looks for is there if nothing is done about it. */
  @ParameterizedTest
  @EnumSource
  void boolForm_letsShapesCross(TestModels test) throws IOException {
    GraphProto graph = gated(test, ConditionForm.BOOL);
    Set<String> crossing = new HashSet<>();
    ifs(graph).forEach(node -> crossing.addAll(captures(node)));
    crossing.retainAll(fromShapes(graph));
    assertThat(crossing).isNotEmpty();
    assertThat(ifs(graph))
        .allSatisfy(
            node ->
                assertThat(graph.getInputList().stream().map(ValueInfoProto::getName))
                    .contains(node.getInput(0)));
  }

  @ParameterizedTest
  @EnumSource
  void weightsStayInTheMainGraph(TestModels test) throws IOException {
    GraphProto graph = gated(test, ConditionForm.BOOL);
    assertThat(ifs(graph).stream().flatMap(node -> Attributes.subgraphs(node).stream()))
        .allSatisfy(
            body -> {
              assertThat(body.getInitializerCount()).isZero();
              assertThat(constants(body))
                  .allSatisfy(
                      tensor ->
                          assertThat(TensorSize.elements(tensor.getDimsList()))
                              .isLessThanOrEqualTo(32));
            });
  }

  @ParameterizedTest
  @EnumSource
  void cachesAreGone(TestModels test) throws IOException {
    GraphProto graph = gated(test, ConditionForm.BOOL);
    assertThat(graph.getInputList().stream().map(ValueInfoProto::getName))
        .startsWith("input_ids", "attention_mask", "position_ids", GatedGraph.HIDDEN)
        .contains(GatedGraph.layerGate(0), GatedGraph.layerGate(test.layers - 1))
        .noneMatch(name -> name.startsWith("past"));
    assertThat(graph.getOutputList().stream().map(ValueInfoProto::getName))
        .containsExactly(
            GatedGraph.HIDDEN_OUT,
            GatedGraph.LOGITS,
            GatedGraph.LOG_PROBABILITIES,
            GatedGraph.ARGMAX);
  }

  /**
   * The runtime fuses and simplifies inside the branches as it does without them: the optimised
   * graphs have the same operators but for what gating adds.
   */
  @Test
  void optimizersWorkInsideBranches(@TempDir Path directory) throws IOException {
    OnnxGraph graph = TestModels.NANO.graph();
    GatedGraph gated = GatedGraph.of(ResidualStream.find(graph), ConditionForm.BOOL);
    Path plainFile = directory.resolve("plain.onnx");
    Path gatedFile = directory.resolve("gated.onnx");
    OrtModel.optimizedTo(plainFile, null, TestModels.NANO.file(), Optional.empty()).close();
    OrtModel.optimizedTo(gatedFile, gated.modelBytes(), null, Optional.empty()).close();
    Map<String, Integer> added = operators(optimized(gatedFile));
    operators(optimized(plainFile)).forEach((op, count) -> added.merge(op, -count, Integer::sum));
    added.values().removeIf(count -> count == 0);
    assertThat(added.keySet())
        .isSubsetOf(
            "If",
            "Identity",
            "ArgMax",
            "LogSoftmax",
            "GatherElements",
            "ConstantOfShape",
            "Shape",
            "Concat",
            "Gather",
            "Reshape");
    added.keySet().removeAll(Set.of("If", "Identity"));
    assertThat(added.values()).allMatch(count -> count >= 0 && count <= 4);
  }

  private static GraphProto gated(TestModels test, ConditionForm form) throws IOException {
    OnnxGraph graph = test.graph();
    return ModelProto.parseFrom(GatedGraph.of(ResidualStream.find(graph), form).modelBytes())
        .getGraph();
  }

  private static GraphProto optimized(Path file) throws IOException {
    return ModelProto.parseFrom(java.nio.file.Files.readAllBytes(file)).getGraph();
  }

  private static Map<String, Integer> operators(GraphProto graph) {
    Map<String, Integer> counts = new TreeMap<>();
    for (NodeProto node : graph.getNodeList()) {
      counts.merge(node.getOpType(), 1, Integer::sum);
      Attributes.subgraphs(node)
          .forEach(body -> operators(body).forEach((op, n) -> counts.merge(op, n, Integer::sum)));
    }
    return counts;
  }

  private static List<NodeProto> ifs(GraphProto graph) {
    return graph.getNodeList().stream().filter(node -> node.getOpType().equals("If")).toList();
  }

  private static Set<String> captures(NodeProto node) {
    return Attributes.subgraphs(node).stream()
        .flatMap(body -> Attributes.captures(body).stream())
        .collect(Collectors.toSet());
  }

  private static Stream<TensorProto> constants(GraphProto body) {
    return body.getNodeList().stream()
        .filter(node -> node.getOpType().equals("Constant"))
        .map(node -> node.getAttribute(0).getT());
  }

  /**
   * What a runtime would put on the CPU, written as the runtime decides it: consumers of a CPU
   * value all of whose other inputs are CPU values, graph inputs or small weights.
   */
  private static Set<String> fromShapes(GraphProto graph) {
    Set<String> neutral = new HashSet<>(Set.of(""));
    graph.getInputList().forEach(input -> neutral.add(input.getName()));
    graph.getInitializerList().stream()
        .filter(tensor -> TensorSize.elements(tensor.getDimsList()) <= 32)
        .forEach(tensor -> neutral.add(tensor.getName()));
    Set<String> onCpu = new HashSet<>();
    for (NodeProto node : graph.getNodeList()) {
      List<String> inputs = node.getInputList();
      if (node.getOpType().equals("Constant")) {
        neutral.addAll(node.getOutputList());
      } else if (Set.of("Shape", "Size").contains(node.getOpType())
          || (inputs.stream().anyMatch(onCpu::contains)
              && inputs.stream().allMatch(i -> onCpu.contains(i) || neutral.contains(i))
              && !node.getOpType().equals("If"))) {
        onCpu.addAll(node.getOutputList());
      }
    }
    return onCpu;
  }
}
