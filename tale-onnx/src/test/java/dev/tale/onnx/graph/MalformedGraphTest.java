package dev.tale.onnx.graph;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.tale.model.ModelFormatException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs that no exporter writes, but that someone may send. */
class MalformedGraphTest {
  @TempDir private Path directory;

  @Test
  void twoWeightsOfOneName() {
    refused(
        graph -> graph.addInitializer(graph.getInitializer(0)),
        "weight embedding is defined twice");
  }

  @Test
  void twoInputsOfOneName() {
    refused(graph -> graph.addInput(graph.getInput(0)), "two inputs are named input_ids");
  }

  @Test
  void aNodeThatMakesAWeight() {
    refused(
        graph -> graph.addNode(Nodes.identity("x", "embedding")),
        "node embedding (Identity), embedding is defined twice");
  }

  @Test
  void aBodyThatHidesAnOuterName() {
    GraphProto body =
        GraphProto.newBuilder()
            .setName("body")
            .addNode(Nodes.identity("x", "embedding"))
            .addOutput(Nodes.declare("embedding", DataType.FLOAT_VALUE))
            .build();
    refused(
        graph -> graph.addNode(Nodes.branch("x", body, body, List.of("chosen"))),
        "embedding is defined twice");
  }

  @Test
  void aNodeThatReadsItself() {
    refused(
        graph -> graph.addNode(Nodes.node("Add", List.of("x", "loop"), "loop")),
        "node loop (Add) reads loop, which nothing before it makes");
  }

  @Test
  void nodesWithoutTheirInputsOrOutputs() {
    for (String view : List.of("Identity", "Reshape", "Transpose", "Shape")) {
      refused(
          graph -> graph.addNode(Nodes.node(view, List.of(), "bare")),
          "node bare (" + view + ") is a " + view + " with 0 inputs; it needs");
    }
    refused(
        graph -> graph.addNode(Nodes.node("Gather", List.of("x"), "bare")),
        "Gather with 1 inputs; it needs 2");
    refused(
        graph -> graph.addNode(Nodes.identity("x", "bare").toBuilder().clearOutput()),
        "has no output");
  }

  @Test
  void nodesInACircle() {
    refused(
        graph ->
            graph
                .addNode(Nodes.node("Add", List.of("x", "there"), "here"))
                .addNode(Nodes.node("Add", List.of("x", "here"), "there")),
        "node here (Add) reads there, which nothing before it makes");
  }

  @Test
  void anOutputThatNothingMakes() {
    refused(
        graph -> graph.addOutput(Nodes.declare("nowhere", DataType.FLOAT_VALUE)),
        "output nowhere is made by no node");
  }

  @Test
  void aWeightWithNegativeDimensions() {
    refused(
        graph ->
            graph.addInitializer(
                TensorProto.newBuilder()
                    .setName("odd")
                    .setDataType(DataType.FLOAT_VALUE)
                    .addDims(-2)
                    .addDims(-2)
                    .setRawData(graph.getInitializer(0).getRawData().substring(0, 16))),
        "tensor odd",
        "negative dimension -2");
  }

  /** Each body lies in a node of the body around it. */
  @ParameterizedTest
  @ValueSource(ints = {25, 200})
  void deeplyNestedBodies(int depth) {
    GraphProto body =
        GraphProto.newBuilder()
            .setName("body")
            .addNode(Nodes.identity("x", "deepest"))
            .addOutput(Nodes.declare("deepest", DataType.FLOAT_VALUE))
            .build();
    for (int level = 0; level < depth; level++) {
      String output = "level" + level;
      GraphProto empty = GraphProto.newBuilder().setName("empty").build();
      body =
          GraphProto.newBuilder()
              .setName("body")
              .addNode(Nodes.branch("x", body, empty, List.of(output)))
              .addOutput(Nodes.declare(output, DataType.FLOAT_VALUE))
              .build();
    }
    GraphProto deepest = body;
    refused(
        graph -> graph.addNode(Nodes.branch("x", deepest, deepest, List.of("chosen"))),
        "too many levels of nesting");
  }

  /** Unknown fields may nest too (CVE-2024-7254). */
  @Test
  void deeplyNestedUnknownGroups() throws IOException {
    Path file = directory.resolve("model.onnx");
    try (OutputStream stream = Files.newOutputStream(file)) {
      CodedOutputStream out = CodedOutputStream.newInstance(stream);
      for (int level = 0; level < 200_000; level++) {
        out.writeTag(99, WireFormat.WIRETYPE_START_GROUP);
      }
      out.flush();
    }
    assertThatThrownBy(() -> OnnxGraph.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll(file.toString(), "too many levels of nesting");
  }

  private void refused(Consumer<GraphProto.Builder> change, String... reasons) {
    ModelProto.Builder model =
        new TinyGraphs().embedding("x").layer("x", "y").head("y").model().toBuilder();
    change.accept(model.getGraphBuilder());
    assertThatThrownBy(() -> OnnxGraph.read(TinyGraphs.write(model.build(), directory)))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContainingAll(reasons);
  }
}
