package dev.tale.onnx.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.tale.model.Granularity;
import dev.tale.model.LayerInfo;
import dev.tale.model.LayerInfo.Part;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.TestModels;
import dev.tale.onnx.graph.TinyGraphs;
import dev.tale.onnx.graph.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    ResidualStream stream = ResidualStream.find(parallel().read(directory));
    assertThat(stream.boundaries()).containsExactly("x0", "x1", "x2");
  }

  private static TinyGraphs parallel() {
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
    return graphs.head("x2");
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

  /** Fused norms of the ai.onnx domain are not known, and so no sums either. */
  @Test
  void find_refusesFusedNormsOfAnotherDomain() throws IOException {
    assertRefused(
        new TinyGraphs()
            .embedding("x")
            .layer("x", "y")
            .weight("scale", 8)
            .node("SkipSimplifiedLayerNormalization", "fused", "x", "y", "scale")
            .head("fused"),
        "no recognisable layers",
        "0 residual sums");
  }

  @Test
  void find_findsTheirParts() throws IOException {
    TinyGraphs graph = new TinyGraphs().embedding("x").layer("x", "y").layer("y", "z").head("z");
    ResidualStream stream = ResidualStream.find(graph.read(directory), Granularity.SUBLAYER);
    assertThat(stream.granularity()).isEqualTo(Granularity.SUBLAYER);
    assertThat(stream.layerCount()).isEqualTo(4);
    assertThat(stream.boundaries()).containsExactly("x", "y.mid", "y", "z.mid", "z");
    assertThat(stream.layers())
        .containsExactly(
            new LayerInfo(0, Part.ATTENTION, 0, "layer 0", 64, 256),
            new LayerInfo(1, Part.FEED_FORWARD, 0, "layer 0", 64, 256),
            new LayerInfo(2, Part.ATTENTION, 1, "layer 1", 64, 256),
            new LayerInfo(3, Part.FEED_FORWARD, 1, "layer 1", 64, 256));
    assertThat(stream.layers())
        .extracting(LayerInfo::name)
        .containsExactly("0.attention", "0.mlp", "1.attention", "1.mlp");
  }

  /** Attention has the cache, and the parts of a layer its weights between them. */
  @ParameterizedTest
  @EnumSource
  void find_dividesLayersIntoParts(TestModels test) throws IOException {
    ResidualStream whole = ResidualStream.find(test.graph());
    ResidualStream parts = ResidualStream.find(test.graph(), Granularity.SUBLAYER);
    assertThat(parts.layerCount()).isEqualTo(2 * test.layers);
    for (int layer = 0; layer < test.layers; layer++) {
      Layer attention = parts.layer(2 * layer);
      Layer feedForward = parts.layer(2 * layer + 1);
      assertThat(attention.pastInputs()).isEqualTo(whole.layer(layer).pastInputs());
      assertThat(attention.presentOutputs()).isEqualTo(whole.layer(layer).presentOutputs());
      assertThat(feedForward.pastInputs()).isEmpty();
      assertThat(feedForward.presentOutputs()).isEmpty();
      assertThat(attention.info().parameters() + feedForward.info().parameters())
          .isEqualTo(whole.layers().get(layer).parameters());
      assertThat(attention.info().label()).isEqualTo(whole.layers().get(layer).label());
      assertThat(feedForward.info().label()).isEqualTo(attention.info().label());
    }
  }

  @Test
  void find_refusesPartsOfParallelLayers() throws IOException {
    OnnxGraph graph = parallel().read(directory);
    assertThatThrownBy(() -> ResidualStream.find(graph, Granularity.SUBLAYER))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll("node x1 (Add)", "in parallel", "Use Granularity.LAYER");
  }

  /** Models of which parts were removed before: which part is whose can no longer be told. */
  @ParameterizedTest
  @EnumSource
  void find_refusesPartsOutOfTurn(Granularity granularity) throws IOException {
    assertRefused(
        granularity,
        new TinyGraphs()
            .embedding("x")
            .attention("x", "a")
            .attention("a", "b")
            .feedForward("b", "c")
            .head("c"),
        "node b (Add)",
        "do not take turns",
        "prune the original");
    assertRefused(
        granularity,
        new TinyGraphs().embedding("x").layer("x", "y").feedForward("y", "z").head("z"),
        "node z (Add)",
        "do not take turns",
        "prune the original");
    assertRefused(
        granularity,
        new TinyGraphs().embedding("x").feedForward("x", "y").layer("y", "z").head("z"),
        "node y (Add)",
        "do not take turns",
        "prune the original");
    assertRefused(
        granularity,
        new TinyGraphs().embedding("x").layer("x", "y").attention("y", "z").head("z"),
        "node z (Add)",
        "not followed by a feed-forward part",
        "prune the original");
  }

  /** A norm after every sum, as in BERT, ends the layer. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void find_takesNormsAfterTheSums(boolean decomposed) throws IOException {
    OnnxGraph graph = TinyModels.encoder(2, decomposed).read(directory);
    ResidualStream layers = ResidualStream.find(graph);
    assertThat(layers.boundaries()).containsExactly("x0", "x1", "last_hidden_state");
    assertThat(ResidualStream.find(graph, Granularity.SUBLAYER).boundaries())
        .containsExactly("x0", "m0", "x1", "m1", "last_hidden_state");
    assertThat(layers.hasHead()).isFalse();
    assertThat(layers.result()).isEqualTo("last_hidden_state");
    assertThat(layers.vocabularySize()).isZero();
    assertThat(layers.headNodes().isEmpty()).isTrue();
  }

  /** A decoder with norms after the sums: the last one is of the last layer, not of the head. */
  @Test
  void find_takesDecodersWithNormsAfterTheSums() throws IOException {
    OnnxGraph graph =
        normAfter().norm("LayerNormalization", "f", "x1", "n3").head("x1").read(directory);
    ResidualStream stream = ResidualStream.find(graph);
    assertThat(stream.boundaries()).containsExactly("x0", "x1");
    assertThat(stream.hasHead()).isTrue();
  }

  @Test
  void find_refusesALastSumWithoutANorm() throws IOException {
    assertRefused(normAfter().head("f"), "node f (Add)", "no norm follows it");
    assertRefused(
        normAfter().norm("SimplifiedLayerNormalization", "f", "x1", "n3").head("x1"),
        "node f (Add)",
        "no norm follows it");
  }

  private static TinyGraphs normAfter() {
    return new TinyGraphs()
        .embedding("x0")
        .attention("x0", "a")
        .norm("LayerNormalization", "a", "m", "n2")
        .feedForward("m", "f");
  }

  @Test
  void find_refusesEncodersWithANormOfTheirOwnAtTheEnd() throws IOException {
    assertRefused(
        new TinyGraphs()
            .embedding("x")
            .layer("x", "y")
            .norm("LayerNormalization", "y", "last_hidden_state", "final")
            .hiddenState("last_hidden_state"),
        "last_hidden_state (LayerNormalization)",
        "between its last layer and last_hidden_state",
        "no norm or quantization behind it");
  }

  @Test
  void find_refusesGraphsWithoutAResult() throws IOException {
    assertRefused(
        new TinyGraphs().embedding("x").layer("x", "hidden").hiddenState("hidden"),
        "neither output logits nor last_hidden_state, but [hidden]",
        "feature-extraction");
  }

  /** Something that is no norm after the sum: the stream is not a chain of sums. */
  @Test
  void find_refusesOtherOperatorsOnTheStream() throws IOException {
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

  /** The shape of the look-up is that of the first boundary, which is there even if gated. */
  @Test
  void find_takesTheShapeOfTheLookUp() throws IOException {
    OnnxGraph graph = TinyModels.shapeOfTheLookUp("Sqrt").read(directory);
    ResidualStream stream = ResidualStream.find(graph);
    assertThat(stream.boundaries()).containsExactly("x", "y", "z");
    assertThat(stream.embedded()).containsExactly("e");
  }

  @Test
  void find_refusesTheShapeOfTheLookUpWhereTheShapeMayChange() throws IOException {
    assertRefused(
        TinyModels.shapeOfTheLookUp("Tanh"), "reads e from inside the embedding", "(Shape)");
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

  @ParameterizedTest
  @ValueSource(strings = {"DynamicQuantizeLinear", "DynamicQuantizeMatMul"})
  void batchSensitive_whereActivationsHaveOneScale(String op) throws IOException {
    NodeProto quantized =
        Nodes.node(op, List.of("y"), "q").toBuilder().addOutput("scale").addOutput("zero").build();
    TinyGraphs graph = new TinyGraphs().embedding("x").layer("x", "y").node(quantized);
    ResidualStream stream =
        ResidualStream.find(
            graph.node("DequantizeLinear", "d", "q", "scale", "zero").head("d").read(directory));
    assertThat(stream.batchSensitive()).isTrue();
    assertThat(stream.head()).isEqualTo(ResidualStream.HeadKind.WHOLE);
  }

  @Test
  void notBatchSensitive_otherwise() throws IOException {
    ResidualStream stream = ResidualStream.find(TestModels.QWEN2.graph());
    assertThat(stream.batchSensitive()).isFalse();
    assertThat(stream.head()).isEqualTo(ResidualStream.HeadKind.POSITION_WISE);
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
            .input("temperature", DataType.FLOAT_VALUE, 1)
            .embedding("x")
            .layer("x", "y")
            .head("y"),
        "input temperature");
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
    assertRefused(Granularity.LAYER, graphs, reasons);
  }

  private void assertRefused(Granularity granularity, TinyGraphs graphs, String... reasons)
      throws IOException {
    OnnxGraph graph = graphs.read(directory);
    assertThatThrownBy(() -> ResidualStream.find(graph, granularity))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(
            java.util.stream.Stream.concat(
                    List.of(reasons).stream(), List.of(directory.toString()).stream())
                .toArray(String[]::new));
  }
}
