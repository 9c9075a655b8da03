package dev.tale.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.tale.model.LayerInfo;
import dev.tale.model.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResidualStreamTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void find_findsEveryLayerAndItsCache(TestModels test) throws IOException {
    ResidualStream stream = ResidualStream.find(test.graph());
    assertThat(stream.layerCount()).isEqualTo(test.layers);
    assertThat(stream.boundaries()).hasSize(test.layers + 1).doesNotHaveDuplicates();
    for (int layer = 0; layer < test.layers; layer++) {
      assertThat(stream.layers().get(layer).index()).isEqualTo(layer);
      assertThat(stream.layer(layer).pastInputs())
          .containsExactly(
              "past_key_values." + layer + ".key", "past_key_values." + layer + ".value");
      assertThat(stream.layer(layer).presentOutputs())
          .containsExactly("present." + layer + ".key", "present." + layer + ".value");
    }
  }

  /** Four attention and three feed-forward matrices; two norms, where exporters did not share. */
  @Test
  void find_countsWeightsOfOneLayerOnly() throws IOException {
    int hidden = 128;
    int matrices = 2 * hidden * hidden + 2 * hidden * 64 + 3 * hidden * 288;
    for (LayerInfo layer : ResidualStream.find(TestModels.NANO.graph()).layers()) {
      assertThat(layer.parameters()).isBetween((long) matrices, matrices + 2L * hidden);
      assertThat(layer.bytes()).isEqualTo(4 * layer.parameters());
    }
    int tiny = 2 * 32 * 32 + 2 * 32 * 16 + 3 * 32 * 48 + (32 + 16 + 16) + 2 * 32;
    assertThat(ResidualStream.find(TestModels.QWEN2.graph()).layers())
        .extracting(LayerInfo::parameters)
        .containsOnly((long) tiny);
  }

  @Test
  void find_labelsByTheNamesOfTheModel() throws IOException {
    assertThat(ResidualStream.find(TestModels.NANO.graph()).layers())
        .extracting(LayerInfo::label)
        .startsWith("/model/layers.0", "/model/layers.1")
        .endsWith("/model/layers.11");
    assertThat(ResidualStream.find(TestModels.QWEN2.graph()).vocabularySize()).isEqualTo(40);
  }

  /** No name says anything here, and an addition before the layers is not one of them. */
  @Test
  void find_goesByDataflow() throws IOException {
    OnnxGraph graph =
        new TinyGraphs()
            .embedding("e")
            .weight("shift", 8)
            .node("Add", "a", "e", "shift")
            .layer("a", "b")
            .layer("b", "c")
            .node("Tanh", "d", "c")
            .head("d")
            .read(directory);
    ResidualStream stream = ResidualStream.find(graph);
    assertThat(stream.boundaries()).containsExactly("a", "b", "c");
    assertThat(stream.layers())
        .extracting(LayerInfo::label, LayerInfo::parameters)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("layer 0", 128L),
            org.assertj.core.groups.Tuple.tuple("layer 1", 128L));
  }

  /** Attention and feed-forward side by side, as in Falcon and GPT-J. */
  @Test
  void find_takesParallelLayers() throws IOException {
    TinyGraphs graphs = new TinyGraphs().embedding("x0");
    for (int layer = 0; layer < 2; layer++) {
      String x = "x" + layer;
      String y = "x" + (layer + 1);
      graphs
          .matrix(y + ".w")
          .node("Transpose", y + ".t", x)
          .node("MatMul", y + ".scores", x, y + ".t")
          .node("MatMul", y + ".mixed", y + ".scores", x)
          .node("MatMul", y + ".up", x, y + ".w")
          .node("Add", y + ".both", y + ".mixed", y + ".up")
          .node("Add", y, y + ".both", x);
    }
    ResidualStream stream = ResidualStream.find(graphs.head("x2").read(directory));
    assertThat(stream.boundaries()).containsExactly("x0", "x1", "x2");
  }

  @Test
  void find_refusesAnMlp() throws IOException {
    assertRefused(
        new TinyGraphs()
            .input("x", DataType.FLOAT_VALUE, "batch", 4)
            .matrix("w")
            .node("MatMul", "h", "x", "w")
            .node("Relu", "y", "h")
            .output(Nodes.declare("y", DataType.FLOAT_VALUE, "batch", 4)),
        "no input input_ids",
        "[x]");
  }

  @Test
  void find_refusesACnn() throws IOException {
    assertRefused(
        new TinyGraphs()
            .input("pixels", DataType.FLOAT_VALUE, "batch", 3, 8, 8)
            .weight("w", 3, 3, 3, 3)
            .node("Conv", "h", "pixels", "w")
            .node("Relu", "logits", "h")
            .output(Nodes.declare("logits", DataType.FLOAT_VALUE, "batch", 3, 6, 6)),
        "no input input_ids");
  }

  /** The usual names, and residual sums even, but nothing that mixes positions. */
  @Test
  void find_refusesAResidualMlpOverTokens() throws IOException {
    assertRefused(
        new TinyGraphs().embedding("x").feedForward("x", "y").feedForward("y", "z").head("z"),
        "no recognisable layers",
        "2 residual sums",
        "none of them mixes positions");
  }

  @Test
  void find_refusesAPlainMlpOverTokens() throws IOException {
    assertRefused(
        new TinyGraphs().embedding("x").node("Relu", "y", "x").head("y"),
        "no recognisable layers",
        "0 residual sums");
  }

  @Test
  void find_refusesTwoEmbeddings() throws IOException {
    assertRefused(
        new TinyGraphs()
            .embedding("x")
            .matrix("more")
            .node("Gather", "y", "more", "input_ids")
            .node("Add", "z", "x", "y")
            .layer("z", "a")
            .head("a"),
        "exactly one look-up",
        "x (Gather), y (Gather)");
  }

  @Test
  void find_refusesFusedNorms() throws IOException {
    assertRefused(
        new TinyGraphs()
            .embedding("x")
            .layer("x", "y")
            .weight("scale", 8)
            .node("SkipSimplifiedLayerNormalization", "fused", "x", "y", "scale")
            .head("fused"),
        "node fused (SkipSimplifiedLayerNormalization)",
        "Export without graph optimisation");
  }

  @Test
  void find_refusesLayersOutOfTurn() throws IOException {
    assertRefused(
        new TinyGraphs()
            .embedding("x")
            .attention("x", "a")
            .attention("a", "b")
            .feedForward("b", "c")
            .head("c"),
        "node b (Add)",
        "do not take turns");
    assertRefused(
        new TinyGraphs().embedding("x").layer("x", "y").attention("y", "z").head("z"),
        "node z (Add)",
        "not followed by a feed-forward part");
  }

  /** A norm after the sum, as in BERT: the stream is not a chain of sums. */
  @Test
  void find_refusesNormsOnTheStream() throws IOException {
    assertRefused(
        new TinyGraphs()
            .embedding("x")
            .attention("x", "a")
            .node("Tanh", "n", "a")
            .feedForward("n", "b")
            .head("b"),
        "node b (Add)",
        "adds to n and not to the sum before it, a");
  }

  /** A value from inside one layer that a later layer reads. */
  @Test
  void find_refusesSharedInsides() throws IOException {
    assertRefused(
        new TinyGraphs()
            .embedding("x")
            .layer("x", "y")
            .node("Shape", "inside", "y.mid.q")
            .node("Reshape", "z", "y", "inside")
            .layer("z", "a")
            .head("a"),
        "layer");
  }

  @Test
  void find_refusesAHeadThatMixesPositions() throws IOException {
    assertRefused(
        new TinyGraphs().embedding("x").layer("x", "y").node("ReduceMax", "last", "y").head("last"),
        "node last (ReduceMax)",
        "between the last layer that was found and the logits");
  }

  @Test
  void find_refusesUnknownInputsAndOutputs() throws IOException {
    assertRefused(
        new TinyGraphs()
            .input("use_cache_branch", DataType.FLOAT_VALUE, 1)
            .embedding("x")
            .layer("x", "y")
            .head("y"),
        "input use_cache_branch");
    assertRefused(
        new TinyGraphs()
            .embedding("x")
            .layer("x", "y")
            .head("y")
            .output(Nodes.declare("embedding", DataType.FLOAT_VALUE, 4, 4)),
        "output embedding");
  }

  @Test
  void find_refusesLogitsOfUnknownSize() throws IOException {
    assertRefused(
        new TinyGraphs()
            .embedding("x")
            .layer("x", "y")
            .matrix("head")
            .node("MatMul", "logits", "y", "head")
            .output(Nodes.declare("logits", DataType.FLOAT_VALUE, "batch", "sequence", "v")),
        "output logits",
        "fixed vocabulary size");
  }

  private void assertRefused(TinyGraphs graphs, String... reasons) throws IOException {
    OnnxGraph graph = graphs.read(directory);
    assertThatThrownBy(() -> ResidualStream.find(graph))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(
            java.util.stream.Stream.concat(
                    List.of(reasons).stream(), List.of(directory.toString()).stream())
                .toArray(String[]::new));
  }
}
