package dev.tale.onnx.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.TinyGraphs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CacheWidthsTest {
  @TempDir private Path directory;

  /** 24 wide, 6 heads: 4 each, however many key-value heads there are. */
  @Test
  void declare_tellsOpenWidths() throws IOException {
    OnnxGraph declared = CacheWidths.declare(attention(6, "head_size", 24).read(directory));
    assertThat(caches(declared))
        .containsExactly(
            "past.key [batch, 2, past, 4]",
            "past.value [batch, 2, past, 4]",
            "present.key [batch, 2, total, 4]",
            "present.value [batch, 2, total, 4]");
  }

  @Test
  void declare_leavesFixedWidthsAlone() throws IOException {
    OnnxGraph graph = attention(6, 5, 24).read(directory);
    assertThat(CacheWidths.declare(graph)).isSameAs(graph);
  }

  /** Heads, width of the attention's output. */
  static Stream<Arguments> unknown() {
    return Stream.of(
        Arguments.of(6, 25), // no multiple
        Arguments.of(6, "width"), // not fixed
        Arguments.of(6, 0),
        Arguments.of(0, 24),
        Arguments.of(-6, 24));
  }

  @ParameterizedTest
  @MethodSource("unknown")
  void declare_leavesOpenWhatCannotBeTold(int heads, Object width) throws IOException {
    OnnxGraph declared = CacheWidths.declare(attention(heads, "head_size", width).read(directory));
    assertThat(caches(declared))
        .containsExactly(
            "past.key [batch, 2, past, head_size]",
            "past.value [batch, 2, past, head_size]",
            "present.key [batch, 2, total, head_size]",
            "present.value [batch, 2, total, head_size]");
  }

  @Test
  void declare_leavesOpenWhatNoShapeIsKnownOf() throws IOException {
    OnnxGraph declared = CacheWidths.declare(attention(6, "head_size", null).read(directory));
    assertThat(caches(declared)).contains("past.key [batch, 2, past, head_size]");
  }

  /** Only caches: another open input of the attention stays as it is. */
  @Test
  void declare_leavesOtherInputsAlone() throws IOException {
    OnnxGraph declared = CacheWidths.declare(attention(6, "head_size", 24).read(directory));
    assertThat(declared.proto().getGraph().getInputList())
        .filteredOn(input -> input.getName().equals("query"))
        .containsExactly(
            Nodes.declare("query", DataType.FLOAT_VALUE, "batch", "sequence", "width"));
  }

  @Test
  void unknownWidth_isRefusedByName() throws IOException {
    TinyGraphs graph = new TinyGraphs().embedding("x");
    cache(graph, "past", "past", "head_size");
    graph
        .node(attention("x", "mixed", 6))
        .node("Add", "y", "x", "mixed")
        .feedForward("y", "z")
        .head("z");
    cacheOutputs(graph, "head_size");
    ResidualStream stream = ResidualStream.find(graph.read(directory));
    assertThatThrownBy(() -> GatedGraph.of(stream, ConditionForm.BOOL))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(
            directory.toString(),
            "cache input past.key",
            "[batch, 2, past, head_size]",
            "Export it with fixed heads and head size");
  }

  private static TinyGraphs attention(int heads, Object headSize, @Nullable Object width) {
    TinyGraphs graph =
        new TinyGraphs().input("query", DataType.FLOAT_VALUE, "batch", "sequence", "width");
    cache(graph, "past", "past", headSize);
    graph.node(attention("query", "mixed", heads));
    if (width != null) {
      graph.value(Nodes.declare("mixed", DataType.FLOAT_VALUE, "batch", "sequence", width));
    }
    cacheOutputs(graph, headSize);
    return graph;
  }

  private static NodeProto attention(String query, String output, int heads) {
    return Nodes.node(
            "GroupQueryAttention",
            List.of(query, "", "", "past.key", "past.value"),
            output,
            Nodes.integer("num_heads", heads),
            Nodes.integer("kv_num_heads", 2))
        .toBuilder()
        .setDomain("com.microsoft")
        .addOutput("present.key")
        .addOutput("present.value")
        .build();
  }

  private static void cache(TinyGraphs graph, String name, String length, Object headSize) {
    for (String part : List.of(".key", ".value")) {
      graph.input(name + part, DataType.FLOAT_VALUE, "batch", 2, length, headSize);
    }
  }

  private static void cacheOutputs(TinyGraphs graph, Object headSize) {
    for (String part : List.of(".key", ".value")) {
      graph.output(
          Nodes.declare("present" + part, DataType.FLOAT_VALUE, "batch", 2, "total", headSize));
    }
  }

  private static List<String> caches(OnnxGraph graph) {
    return Stream.concat(
            graph.proto().getGraph().getInputList().stream(),
            graph.proto().getGraph().getOutputList().stream())
        .filter(value -> value.getName().startsWith("p"))
        .map(CacheWidthsTest::text)
        .toList();
  }

  private static String text(ValueInfoProto value) {
    List<Dimension> dims = value.getType().getTensorType().getShape().getDimList();
    return value.getName()
        + " "
        + dims.stream()
            .map(dim -> dim.hasDimValue() ? String.valueOf(dim.getDimValue()) : dim.getDimParam())
            .toList();
  }
}
