package dev.tale.onnx.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.tale.model.Granularity;
import dev.tale.model.LayerInfo.Part;
import dev.tale.model.LayerMask;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.excise.LayerExcision;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.gate.GatedRun;
import dev.tale.onnx.graph.Attributes;
import dev.tale.onnx.graph.Difference;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.OrtModel;
import dev.tale.onnx.graph.OrtModel.Array;
import dev.tale.onnx.graph.Prompts;
import dev.tale.onnx.graph.TinyGraphs;
import dev.tale.onnx.graph.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FusedNormsTest {
  private static final String SIMPLIFIED = "SimplifiedLayerNormalization";

  @TempDir private Path directory;

  /** Operator, norms that it becomes, name of the sum, inputs. */
  static Stream<Arguments> fused() {
    return Stream.of(
        Arguments.of("Skip" + SIMPLIFIED, "sum", List.of("x", "y", "scale")),
        Arguments.of("Skip" + SIMPLIFIED, "", List.of("x", "y", "scale")),
        Arguments.of("Skip" + SIMPLIFIED, "sum", List.of("x", "y", "scale", "bias")),
        Arguments.of("Skip" + SIMPLIFIED, "", List.of("x", "y", "scale", "bias")),
        Arguments.of("SkipLayerNormalization", "sum", List.of("x", "y", "scale")),
        Arguments.of("SkipLayerNormalization", "sum", List.of("x", "y", "scale", "beta")),
        Arguments.of("SkipLayerNormalization", "", List.of("x", "y", "scale", "beta", "bias")),
        Arguments.of("SkipLayerNormalization", "sum", List.of("x", "y", "scale", "beta", "bias")),
        Arguments.of("SkipLayerNormalization", "sum", List.of("x", "y", "scale", "", "bias")));
  }

  @ParameterizedTest
  @MethodSource("fused")
  void join_undoesSplit(String op, String sum, List<String> inputs) throws IOException {
    OnnxGraph graph = norm(op, sum, inputs).read(directory);
    List<NodeProto> split = nodes(FusedNorms.split(graph));
    assertThat(operators(split)).doesNotContain(op).contains(op.substring(4), "Add");
    assertThat(FusedNorms.join(split, List.of("logits"))).isEqualTo(nodes(graph));
  }

  /** The parts compute what the whole computes. */
  @ParameterizedTest
  @MethodSource("fused")
  void split_computesTheSame(String op, String sum, List<String> inputs, @TempDir Path other)
      throws IOException {
    OnnxGraph graph = norm(op, sum, inputs).read(directory);
    Path split = TinyGraphs.write(FusedNorms.split(graph).proto(), other);
    assertThat(Difference.max(logits(split), logits(graph.file()))).isLessThanOrEqualTo(1e-5);
  }

  /** The operators' default differs from that of the norms that they become. */
  @Test
  void split_writesTheDefaultEpsilonOut() throws IOException {
    NodeProto bare =
        Nodes.node("Skip" + SIMPLIFIED, List.of("x", "y", "scale"), "norm").toBuilder()
            .setDomain("com.microsoft")
            .build();
    OnnxGraph graph = around(new TinyGraphs().random()).node(bare).head("norm").read(directory);
    NodeProto norm = named(nodes(FusedNorms.split(graph)), "norm");
    assertThat(Attributes.find(norm, "epsilon").orElseThrow().getF()).isEqualTo(1e-12f);
  }

  @Test
  void split_leavesOtherGraphsAlone() throws IOException {
    OnnxGraph graph = new TinyGraphs().embedding("x").layer("x", "y").head("y").read(directory);
    assertThat(FusedNorms.split(graph)).isSameAs(graph);
  }

  @ParameterizedTest
  @EnumSource
  void find_findsTheStreamInsideFusedNorms(Granularity granularity) throws IOException {
    ResidualStream stream =
        ResidualStream.find(TinyModels.fusedDecoder(2).read(directory), granularity);
    List<String> streams =
        List.of(
            TinyModels.stream(0),
            TinyModels.middle(0),
            TinyModels.stream(1),
            TinyModels.middle(1),
            TinyModels.normed(2) + ".sum");
    int step = granularity == Granularity.LAYER ? 2 : 1;
    assertThat(stream.boundaries())
        .isEqualTo(IntStream.iterate(0, i -> i < 5, i -> i + step).mapToObj(streams::get).toList());
    assertThat(stream.layers()).extracting(info -> info.layer()).contains(0, 1);
    assertThat(stream.layers().get(0).label()).endsWith("layers.0");
  }

  /** Where only some sums have a bias, the stream still is a chain of sums. */
  @Test
  void find_takesABiasOnSomeSums() throws IOException {
    TinyGraphs graph = new TinyGraphs().embedding("x0").weight("scale", 8).weight("bias", 8);
    graph
        .norm(SIMPLIFIED, "x0", "n0", "n0")
        .mixing("n0", "a")
        .skipNorm("Skip" + SIMPLIFIED, "n1", "x1", "a.mixed", "x0", "scale", "bias")
        .feeding("n1", "f")
        .skipNorm("Skip" + SIMPLIFIED, "n2", "x2", "x1", "f.on", "scale")
        .mixing("n2", "b")
        .skipNorm("Skip" + SIMPLIFIED, "n3", "x3", "x2", "b.mixed", "scale", "bias")
        .feeding("n3", "g")
        .skipNorm("Skip" + SIMPLIFIED, "n4", "", "g.on", "x3", "scale");
    OnnxGraph read = graph.head("n4").read(directory);
    assertThat(ResidualStream.find(read, Granularity.SUBLAYER).boundaries())
        .containsExactly("x0", "x1", "x2", "x3", "n4.sum");
  }

  /** An encoder with fused norms: sum and norm are of one part. */
  @Test
  void find_takesFusedNormsAfterTheSum() throws IOException {
    TinyGraphs graph = new TinyGraphs().embedding("e").weight("scale", 8).weight("bias", 8);
    graph
        .norm("LayerNormalization", "e", "x0", "x0")
        .mixing("x0", "a")
        .skipNorm("SkipLayerNormalization", "x1", "", "a.mixed", "x0", "scale", "", "bias")
        .feeding("x1", "f")
        .skipNorm(
            "SkipLayerNormalization", "last_hidden_state", "", "f.on", "x1", "scale", "", "bias")
        .hiddenState("last_hidden_state");
    ResidualStream stream = ResidualStream.find(graph.read(directory), Granularity.SUBLAYER);
    assertThat(stream.boundaries()).containsExactly("x0", "x1", "last_hidden_state");
    assertThat(operators(nodes(excised(stream, LayerMask.of(2, 1)))))
        .containsOnlyOnce("SkipLayerNormalization");
  }

  @Test
  void removedMiddleLayer_leavesOneNodeWithTheSumOfTheLayerBefore() throws IOException {
    ResidualStream stream = ResidualStream.find(TinyModels.fusedDecoder(3).read(directory));
    List<NodeProto> nodes = nodes(excised(stream, LayerMask.of(3, 1)));
    // Layer 2 is now layer 1.
    NodeProto joined = named(nodes, TinyModels.normed(1));
    assertThat(joined.getOpType()).isEqualTo("Skip" + SIMPLIFIED);
    assertThat(joined.getDomain()).isEqualTo("com.microsoft");
    assertThat(joined.getInputList())
        .containsExactly(
            TinyModels.middle(0),
            TinyModels.at(0, "mlp.on"),
            TinyModels.scale(1, "input_layernorm"));
    assertThat(joined.getOutputList()).hasSize(4).contains(TinyModels.stream(1));
    assertThat(joined.getAttributeList()).containsExactly(Nodes.number("epsilon", 1e-5f));
  }

  @Test
  void removedFirstLayer_leavesANormOfTheEmbedding() throws IOException {
    ResidualStream stream = ResidualStream.find(TinyModels.fusedDecoder(3).read(directory));
    List<NodeProto> nodes = nodes(excised(stream, LayerMask.of(3, 0)));
    NodeProto norm = named(nodes, TinyModels.normed(0));
    assertThat(norm.getOpType()).isEqualTo(SIMPLIFIED);
    assertThat(norm.getDomain()).isEmpty();
    assertThat(norm.getInput(0)).isEqualTo(TinyModels.stream(0));
    assertThat(Attributes.find(norm, "epsilon")).contains(Nodes.number("epsilon", 1e-5f));
    assertThat(operators(nodes)).containsOnlyOnce(SIMPLIFIED);
  }

  @Test
  void removedLastLayer_leavesOneNodeWithoutASum() throws IOException {
    ResidualStream stream = ResidualStream.find(TinyModels.fusedDecoder(2).read(directory));
    List<NodeProto> nodes = nodes(excised(stream, LayerMask.of(2, 1)));
    NodeProto last = nodes.get(nodes.size() - 2);
    assertThat(last.getOpType()).isEqualTo("Skip" + SIMPLIFIED);
    assertThat(last.getInputList()).startsWith(TinyModels.middle(0), TinyModels.at(0, "mlp.on"));
    assertThat(last.getOutputList()).hasSize(1);
  }

  /** Every mask of four layers and of the six parts of three. */
  @ParameterizedTest
  @EnumSource
  void everyMask_leavesAFusedNormForEverySum(Granularity granularity) throws IOException {
    int layers = granularity == Granularity.LAYER ? 4 : 3;
    int sums = granularity == Granularity.LAYER ? 2 : 1;
    ResidualStream stream =
        ResidualStream.find(TinyModels.fusedDecoder(layers).read(directory), granularity);
    for (int bits = 0; bits < (1 << stream.layerCount()); bits++) {
      LayerMask mask = mask(stream.layerCount(), bits);
      if (keepsAttention(stream, mask)) {
        List<NodeProto> nodes = nodes(excised(stream, mask));
        int kept = mask.kept().size();
        assertThat(operators(nodes)).as("%s", mask).containsOnlyOnce(SIMPLIFIED);
        assertThat(operators(nodes)).as("%s", mask).doesNotContain("Add");
        assertThat(operators(nodes))
            .as("%s", mask)
            .filteredOn(op -> op.equals("Skip" + SIMPLIFIED))
            .hasSize(kept * sums);
      }
    }
  }

  /** The written model computes what the gated one does under the mask. */
  @ParameterizedTest
  @EnumSource
  void masks_computeWhatTheGatedGraphDoes(Granularity granularity) throws IOException {
    OnnxGraph graph = TinyModels.fusedDecoder(2).read(directory);
    ResidualStream stream = ResidualStream.find(graph, granularity);
    GatedGraph gated = GatedGraph.of(stream, ConditionForm.BOOL);
    Prompts prompts = prompts();
    try (OrtModel model = OrtModel.open(gated)) {
      GatedRun run = new GatedRun(gated, model);
      for (int bits = 0; bits < (1 << stream.layerCount()); bits++) {
        LayerMask mask = mask(stream.layerCount(), bits);
        if (keepsAttention(stream, mask)) {
          float[] expected = run.whole(prompts, mask).get(GatedGraph.LOGITS).floats();
          float[] actual = logits(excised(stream, mask).file());
          assertThat(Difference.max(actual, expected)).as("%s", mask).isLessThanOrEqualTo(1e-5);
        }
      }
      float[] whole =
          run.whole(prompts, LayerMask.none(stream.layerCount())).get(GatedGraph.LOGITS).floats();
      assertThat(Difference.max(whole, logits(graph.file()))).isLessThanOrEqualTo(1e-5);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void split_refusesStatisticsThatAreRead(int output) throws IOException {
    OnnxGraph read =
        withStatistic(output).node("Add", "both", "norm", "statistic").head("both").read(directory);
    assertThatThrownBy(() -> ResidualStream.find(read))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(
            "node norm (Skip" + SIMPLIFIED + ")", "mean or deviation", "Export for inference");
    OnnxGraph unread = withStatistic(output).head("norm").read(directory);
    assertThat(operators(nodes(FusedNorms.split(unread)))).contains(SIMPLIFIED);
  }

  private static TinyGraphs withStatistic(int output) {
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setName("norm")
            .setOpType("Skip" + SIMPLIFIED)
            .setDomain("com.microsoft")
            .addAllInput(List.of("x", "y", "scale"))
            .addAllOutput(output == 1 ? List.of("norm", "") : List.of("norm", "", ""));
    return around(new TinyGraphs()).node(node.setOutput(output, "statistic").build());
  }

  @Test
  void split_refusesNodesWithoutAScale() throws IOException {
    OnnxGraph graph =
        around(new TinyGraphs())
            .skipNorm("Skip" + SIMPLIFIED, "norm", "", "x", "y")
            .head("norm")
            .read(directory);
    assertThatThrownBy(() -> ResidualStream.find(graph))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll("node norm (Skip" + SIMPLIFIED + ")", "[x, y]", "a scale");
  }

  /** A fused norm of two values, and a reader of its sum if that has a name. */
  private static TinyGraphs norm(String op, String sum, List<String> inputs) {
    TinyGraphs graph =
        around(new TinyGraphs().random())
            .weight("bias", 8)
            .weight("beta", 8)
            .skipNorm(op, "norm", sum, inputs.toArray(String[]::new));
    return sum.isEmpty() ? graph.head("norm") : graph.node("Mul", "m", "norm", "sum").head("m");
  }

  private static TinyGraphs around(TinyGraphs graph) {
    return graph.embedding("x").node("Tanh", "y", "x").weight("scale", 8);
  }

  private OnnxGraph excised(ResidualStream stream, LayerMask mask) throws IOException {
    Path file = directory.resolve("excised.onnx");
    Files.deleteIfExists(file);
    LayerExcision.write(stream, mask, file, Map.of());
    OnnxGraph excised = OnnxGraph.read(file);
    assertThat(nodes(excised))
        .flatExtracting(NodeProto::getMetadataPropsList)
        .extracting(StringStringEntryProto::getKey)
        .doesNotContain("tale.split");
    return excised;
  }

  private static LayerMask mask(int layers, int bits) {
    return LayerMask.of(
        layers, IntStream.range(0, layers).filter(i -> (bits >> i & 1) == 1).toArray());
  }

  private static boolean keepsAttention(ResidualStream stream, LayerMask mask) {
    return mask.kept().stream()
        .anyMatch(index -> stream.layers().get(index).part() != Part.FEED_FORWARD);
  }

  private static List<NodeProto> nodes(OnnxGraph graph) {
    return graph.proto().getGraph().getNodeList();
  }

  private static List<String> operators(List<NodeProto> nodes) {
    return nodes.stream().map(NodeProto::getOpType).toList();
  }

  private static NodeProto named(List<NodeProto> nodes, String name) {
    return nodes.stream().filter(node -> node.getName().equals(name)).findFirst().orElseThrow();
  }

  private static Prompts prompts() {
    return Prompts.random(2, 5, 8, 1);
  }

  private static float[] logits(Path file) {
    try (OrtModel model = OrtModel.open(file)) {
      Map<String, Array> feeds = prompts().feeds(model.inputs());
      return model.run(feeds, "logits").get("logits").floats();
    }
  }
}
