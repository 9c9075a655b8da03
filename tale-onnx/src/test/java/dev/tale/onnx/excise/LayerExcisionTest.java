package dev.tale.onnx.excise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tale.model.Granularity;
import dev.tale.model.LayerInfo;
import dev.tale.model.LayerMask;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.gate.GatedRun;
import dev.tale.onnx.graph.Attributes;
import dev.tale.onnx.graph.Difference;
import dev.tale.onnx.graph.ExternalRange;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.OrtModel;
import dev.tale.onnx.graph.OrtModel.Array;
import dev.tale.onnx.graph.Prompts;
import dev.tale.onnx.graph.TensorSize;
import dev.tale.onnx.graph.TestModels;
import dev.tale.onnx.graph.TinyGraphs;
import dev.tale.onnx.graph.TinyModels;
import dev.tale.onnx.layers.ResidualStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class LayerExcisionTest {
  @TempDir private Path directory;

  static Stream<Arguments> modelsAndMasks() {
    LayerMask nano = LayerMask.none(12);
    LayerMask allButFive =
        LayerMask.of(12, IntStream.range(0, 12).filter(layer -> layer != 5).toArray());
    return Stream.concat(
        Stream.of(
                nano,
                nano.remove(0),
                nano.remove(11),
                LayerMask.of(12, 4, 5, 6, 7),
                LayerMask.of(12, 0, 3, 8, 11),
                allButFive)
            .map(mask -> Arguments.of(TestModels.NANO, mask)),
        Stream.of(TestModels.QWEN2, TestModels.DYNAMO)
            .flatMap(
                model ->
                    Stream.of(LayerMask.of(3, 0), LayerMask.of(3, 1), LayerMask.of(3, 0, 2))
                        .map(mask -> Arguments.of(model, mask))));
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("modelsAndMasks")
  void write_isTheGatedModelUnderTheMask(TestModels test, LayerMask mask) throws IOException {
    OnnxGraph graph = test.graph();
    ResidualStream stream = ResidualStream.find(graph);
    Path file = directory.resolve("model.onnx");
    assertThat(LayerExcision.write(stream, mask, file, Map.of())).containsExactly(file);
    GatedGraph gated = GatedGraph.of(stream, ConditionForm.BOOL);
    Prompts prompts = Prompts.random(3, 14, gated.vocabularySize(), 1);
    try (OrtModel excised = OrtModel.open(file);
        OrtModel model = OrtModel.open(gated)) {
      float[] expected =
          new GatedRun(gated, model).whole(prompts, mask).get(GatedGraph.LOGITS).floats();
      float[] actual = logits(test, excised, prompts);
      assertThat(Difference.max(actual, expected)).isLessThanOrEqualTo(1e-4);
      assertThat(excised.inputs()).containsExactlyElementsOf(inputs(mask.kept().size()));
      assertThat(excised.outputs()).containsExactlyElementsOf(outputs(mask.kept().size()));
    }
  }

  /** Prefill and one step with its cache give what the whole sequence gives. */
  @Tag("slow")
  @ParameterizedTest
  @MethodSource("modelsAndMasks")
  void write_keepsTheCacheWorking(TestModels test, LayerMask mask) throws IOException {
    OnnxGraph graph = test.graph();
    ResidualStream stream = ResidualStream.find(graph);
    Path file = directory.resolve("model.onnx");
    LayerExcision.write(stream, mask, file, Map.of());
    Prompts all = Prompts.random(2, 10, stream.vocabularySize(), 2).columns(0, 10);
    try (OrtModel excised = OrtModel.open(file)) {
      Map<String, Array> prefill =
          excised.run(
              all.columns(0, 7).feedsWithEmptyPast(excised.inputs(), test.heads, test.headSize));
      Map<String, Array> feeds = all.columns(7, 10).feedsAfter(7, excised.inputs());
      prefill.forEach(
          (name, cache) -> {
            if (name.startsWith("present.")) {
              feeds.put(name.replace("present.", "past_key_values."), cache);
            }
          });
      float[] step = excised.run(feeds, "logits").get("logits").floats();
      float[] whole = logits(test, excised, all);
      int vocabulary = stream.vocabularySize();
      for (int row = 0; row < 2; row++) {
        for (int i = 0; i < 3 * vocabulary; i++) {
          assertThat(step[row * 3 * vocabulary + i])
              .isCloseTo(
                  whole[(row * 10 + 7) * vocabulary + i],
                  org.assertj.core.data.Offset.offset(1e-4f));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void write_leavesNothingOfTheRemovedLayers(TestModels test) throws IOException {
    OnnxGraph graph = test.graph();
    ResidualStream stream = ResidualStream.find(graph);
    // Two layers stay at least: what a single one uses is no longer shared.
    LayerMask mask = LayerMask.of(test.layers, IntStream.range(0, test.layers - 2).toArray());
    Path file = directory.resolve("model.onnx");
    LayerExcision.write(stream, mask, file, Map.of());
    OnnxGraph smaller = OnnxGraph.read(file);
    ResidualStream found = ResidualStream.find(smaller);
    assertThat(found.layers())
        .extracting(LayerInfo::label)
        .isEqualTo(stream.layers().stream().map(LayerInfo::label).limit(2).toList());
    assertThat(found.layers())
        .extracting(LayerInfo::parameters)
        .isEqualTo(mask.kept().stream().map(i -> stream.layers().get(i).parameters()).toList());
    GraphProto proto = smaller.proto().getGraph();
    assertThat(weightBytes(graph.proto().getGraph()) - weightBytes(proto))
        .isEqualTo(mask.removed().stream().mapToLong(i -> stream.layers().get(i).bytes()).sum());
    Set<String> read = new java.util.HashSet<>();
    proto.getNodeList().forEach(node -> read.addAll(Attributes.reads(node)));
    proto.getOutputList().forEach(output -> read.add(output.getName()));
    assertThat(proto.getNodeList())
        .allMatch(node -> node.getOutputList().stream().anyMatch(read::contains));
    assertThat(proto.getInitializerList()).allMatch(tensor -> read.contains(tensor.getName()));
  }

  /** 1 becomes 0, and 11 becomes 10: not a matter of replacing digits. */
  @Test
  void write_renumbersNodes() throws IOException {
    OnnxGraph graph = TestModels.NANO.graph();
    Path file = directory.resolve("model.onnx");
    LayerExcision.write(ResidualStream.find(graph), LayerMask.of(12, 0), file, Map.of());
    List<String> names =
        OnnxGraph.read(file).proto().getGraph().getNodeList().stream()
            .map(NodeProto::getName)
            .toList();
    assertThat(names).doesNotHaveDuplicates();
    assertThat(names)
        .contains("/model/layers.0/mlp/down_proj/MatMul", "/model/layers.10/mlp/down_proj/MatMul")
        .noneMatch(name -> name.contains("layers.11"));
  }

  @Test
  void write_excisesAnExcisedModel() throws IOException {
    TestModels test = TestModels.NANO;
    OnnxGraph graph = test.graph();
    ResidualStream stream = ResidualStream.find(graph);
    Path once = Files.createDirectory(directory.resolve("once")).resolve("model.onnx");
    Path twice = Files.createDirectory(directory.resolve("twice")).resolve("model.onnx");
    Path direct = Files.createDirectory(directory.resolve("direct")).resolve("model.onnx");
    LayerExcision.write(stream, LayerMask.of(12, 1, 6), once, Map.of());
    OnnxGraph smaller = OnnxGraph.read(once);
    // Layers 0 and 4 of the ten that stayed are layers 0 and 5 of the twelve.
    LayerExcision.write(ResidualStream.find(smaller), LayerMask.of(10, 0, 4), twice, Map.of());
    LayerExcision.write(stream, LayerMask.of(12, 0, 1, 5, 6), direct, Map.of());
    Prompts prompts = Prompts.random(2, 8, stream.vocabularySize(), 3);
    try (OrtModel one = OrtModel.open(twice);
        OrtModel other = OrtModel.open(direct)) {
      assertThat(one.inputs()).isEqualTo(other.inputs());
      assertThat(logits(test, one, prompts)).isEqualTo(logits(test, other, prompts));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void write_rewritesExternalData(int files, @TempDir Path source) throws IOException {
    TestModels test = TestModels.NANO;
    Path original = TinyGraphs.withExternalData(test.graph().proto(), source, files);
    Map<String, String> before = TestModels.hashes(source);
    OnnxGraph graph = OnnxGraph.read(original);
    ResidualStream stream = ResidualStream.find(graph);
    LayerMask mask = LayerMask.of(12, 2, 3, 9);
    Path target = directory.resolve("model.onnx");
    List<Path> written = LayerExcision.write(stream, mask, target, Map.of());
    assertThat(written)
        .containsExactlyElementsOf(
            Stream.concat(
                    IntStream.range(0, files)
                        .mapToObj(file -> directory.resolve(TinyGraphs.externalName(file))),
                    Stream.of(target))
                .toList());
    assertThat(TestModels.hashes(source)).isEqualTo(before);
    assertSizes(OnnxGraph.read(target), files);
    Prompts prompts = Prompts.random(2, 8, stream.vocabularySize(), 4);
    GatedGraph gated = GatedGraph.of(stream, ConditionForm.LENGTH);
    try (OrtModel excised = OrtModel.open(target);
        OrtModel model = OrtModel.open(gated)) {
      float[] expected =
          new GatedRun(gated, model).whole(prompts, mask).get(GatedGraph.LOGITS).floats();
      assertThat(Difference.max(logits(test, excised, prompts), expected))
          .isLessThanOrEqualTo(1e-4);
    }
  }

  /** The files hold the weights that stay, and padding to pages. */
  private void assertSizes(OnnxGraph excised, int files) throws IOException {
    long weights = excised.external().values().stream().mapToLong(ExternalRange::length).sum();
    long size = 0;
    for (int file = 0; file < files; file++) {
      size += Files.size(directory.resolve(TinyGraphs.externalName(file)));
    }
    assertThat(size).isBetween(weights, weights + 16L * excised.external().size());
    assertThat(Files.size(excised.file())).isLessThan(weights);
  }

  /** The second of three files is no longer needed: the names stay without a gap. */
  @Test
  void write_namesExternalFilesWithoutAGap(@TempDir Path source) throws IOException {
    ModelProto model =
        new TinyGraphs().embedding("x").layer("x", "y").layer("y", "z").head("z").model();
    Path original = TinyGraphs.withExternalData(model, source, 6);
    OnnxGraph graph = OnnxGraph.read(original);
    ResidualStream stream = ResidualStream.find(graph);
    LayerExcision.write(stream, LayerMask.of(2, 0), directory.resolve("small.onnx"), Map.of());
    assertThat(TestModels.hashes(directory))
        .containsOnlyKeys(
            "small.onnx",
            "small.onnx_data",
            "small.onnx_data_1",
            "small.onnx_data_2",
            "small.onnx_data_3");
    assertThat(OnnxGraph.read(directory.resolve("small.onnx")).external()).hasSize(4);
  }

  @Test
  void write_givesTheSameBytesTwice(@TempDir Path source) throws IOException {
    Path original = TinyGraphs.withExternalData(TestModels.QWEN2.graph().proto(), source, 2);
    LayerMask mask = LayerMask.of(3, 1);
    Map<String, String> metadata = Map.of("b", "2", "a", "1", "c", "3");
    for (String run : List.of("one", "two")) {
      OnnxGraph graph = OnnxGraph.read(original);
      Path target = Files.createDirectory(directory.resolve(run)).resolve("model.onnx");
      LayerExcision.write(ResidualStream.find(graph), mask, target, metadata);
    }
    assertThat(TestModels.hashes(directory.resolve("one")))
        .isEqualTo(TestModels.hashes(directory.resolve("two")));
  }

  @Test
  void write_setsMetadata() throws IOException {
    OnnxGraph graph = TestModels.QWEN2.graph();
    Path file = directory.resolve("model.onnx");
    LayerExcision.write(
        ResidualStream.find(graph),
        LayerMask.of(3, 1),
        file,
        Map.of("tale.removed", "[1]", "tale.source", "abc"));
    assertThat(OnnxGraph.read(file).proto().getMetadataPropsList())
        .extracting(StringStringEntryProto::getKey, StringStringEntryProto::getValue)
        .contains(
            org.assertj.core.groups.Tuple.tuple("tale.removed", "[1]"),
            org.assertj.core.groups.Tuple.tuple("tale.source", "abc"));
  }

  @Test
  void write_refusesMasksThatDoNotFit() throws IOException {
    OnnxGraph graph = TestModels.QWEN2.graph();
    ResidualStream stream = ResidualStream.find(graph);
    Path file = directory.resolve("model.onnx");
    assertThatThrownBy(() -> LayerExcision.write(stream, LayerMask.of(4, 1), file, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("4 layers", "the model has 3");
    assertThatThrownBy(() -> LayerExcision.write(stream, LayerMask.of(3, 0, 1, 2), file, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1 layer must stay");
    assertThat(TestModels.hashes(directory)).isEmpty();
  }

  @Test
  void write_overwritesNothing(@TempDir Path source) throws IOException {
    OnnxGraph graph =
        OnnxGraph.read(TinyGraphs.withExternalData(TestModels.QWEN2.graph().proto(), source, 2));
    ResidualStream stream = ResidualStream.find(graph);
    Files.writeString(directory.resolve("model.onnx_data_1"), "mine");
    assertThatThrownBy(
            () ->
                LayerExcision.write(
                    stream, LayerMask.of(3, 1), directory.resolve("model.onnx"), Map.of()))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("model.onnx_data_1");
    assertThat(TestModels.hashes(directory)).containsOnlyKeys("model.onnx_data_1");
    assertThat(directory.resolve("model.onnx_data_1")).hasContent("mine");
  }

  /** A weight file that vanishes half way leaves nothing behind. */
  @Test
  void write_failsWhole(@TempDir Path source) throws IOException {
    OnnxGraph graph =
        OnnxGraph.read(TinyGraphs.withExternalData(TestModels.QWEN2.graph().proto(), source, 2));
    ResidualStream stream = ResidualStream.find(graph);
    Files.delete(source.resolve("model.onnx_data_1"));
    assertThatThrownBy(
            () ->
                LayerExcision.write(
                    stream, LayerMask.of(3, 1), directory.resolve("model.onnx"), Map.of()))
        .isInstanceOf(IOException.class);
    assertThat(TestModels.hashes(directory)).isEmpty();
  }

  /** Whatever came to stand last takes over the name of the result. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void write_encoderWithoutItsLastLayer_makesTheSameOutput(boolean decomposed, @TempDir Path other)
      throws IOException {
    ResidualStream stream = ResidualStream.find(TinyModels.encoder(3, decomposed).read(directory));
    Prompts prompts = Prompts.random(2, 6, 8, 5);
    for (int left = 1; left <= 2; left++) {
      LayerMask mask = LayerMask.of(3, IntStream.range(left, 3).toArray());
      Path file = directory.resolve("excised-" + left + ".onnx");
      LayerExcision.write(stream, mask, file, Map.of());
      Path built = TinyGraphs.write(TinyModels.encoder(left, decomposed).model(), other);
      assertThat(states(file, prompts)).isEqualTo(states(built, prompts));
      assertThat(ResidualStream.find(OnnxGraph.read(file)).layerCount()).isEqualTo(left);
    }
  }

  /** Each mask of an encoder's parts, the last of them included, against the gated graph. */
  @Test
  void write_encoderWithoutParts_isTheGatedOne() throws IOException {
    ResidualStream stream =
        ResidualStream.find(TinyModels.encoder(2, false).read(directory), Granularity.SUBLAYER);
    GatedGraph gated = GatedGraph.of(stream, ConditionForm.BOOL);
    Prompts prompts = Prompts.random(2, 6, 8, 6);
    try (OrtModel model = OrtModel.open(gated)) {
      for (int[] removed : new int[][] {{0}, {1}, {3}, {0, 3}, {1, 2}, {1, 2, 3}, {0, 1, 3}}) {
        LayerMask mask = LayerMask.of(4, removed);
        Path file = directory.resolve(mask.kept() + ".onnx");
        LayerExcision.write(stream, mask, file, Map.of());
        float[] expected =
            new GatedRun(gated, model)
                .segment(prompts, null, mask)
                .get(GatedGraph.HIDDEN_OUT)
                .floats();
        assertThat(Difference.max(states(file, prompts), expected))
            .as("%s", mask)
            .isLessThanOrEqualTo(1e-4);
      }
    }
  }

  @Test
  void write_refusesToRemoveEveryAttentionPart() throws IOException {
    ResidualStream stream = ResidualStream.find(TestModels.QWEN2.graph(), Granularity.SUBLAYER);
    Path file = directory.resolve("model.onnx");
    assertThatThrownBy(
            () -> LayerExcision.write(stream, LayerMask.of(6, 0, 2, 4, 5), file, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("removes attention from every layer", "at least 1 must keep it");
    assertThatThrownBy(() -> LayerExcision.write(stream, LayerMask.of(3, 0), file, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the model has 6");
    assertThat(TestModels.hashes(directory)).isEmpty();
  }

  /**
   * Layer 0 loses its attention and layer 1 its feed-forward network; all of layer 2 goes. Caches
   * count the attention parts that stay, names the layers that something stays of.
   */
  @Test
  void write_numbersCachesByAttentionAndNamesByLayer() throws IOException {
    ResidualStream stream = ResidualStream.find(TestModels.NANO.graph(), Granularity.SUBLAYER);
    Path file = directory.resolve("model.onnx");
    LayerExcision.write(stream, LayerMask.of(24, 0, 3, 4, 5), file, Map.of());
    GraphProto smaller = OnnxGraph.read(file).proto().getGraph();
    assertThat(smaller.getInputList().stream().map(ValueInfoProto::getName))
        .containsExactlyElementsOf(inputs(10));
    assertThat(smaller.getOutputList().stream().map(ValueInfoProto::getName))
        .containsExactlyElementsOf(outputs(10));
    List<String> names = smaller.getNodeList().stream().map(NodeProto::getName).toList();
    assertThat(names)
        .doesNotHaveDuplicates()
        .contains(
            "/model/layers.0/mlp/down_proj/MatMul",
            "/model/layers.1/self_attn/o_proj/MatMul",
            "/model/layers.2/self_attn/o_proj/MatMul",
            "/model/layers.10/mlp/down_proj/MatMul")
        .doesNotContain(
            "/model/layers.0/self_attn/o_proj/MatMul", "/model/layers.1/mlp/down_proj/MatMul")
        .noneMatch(name -> name.contains("layers.11"));
  }

  private static float[] states(Path file, Prompts prompts) {
    try (OrtModel model = OrtModel.open(file)) {
      return model.run(prompts.feeds(model.inputs())).get("last_hidden_state").floats();
    }
  }

  private static float[] logits(TestModels test, OrtModel model, Prompts prompts) {
    return model
        .run(prompts.feedsWithEmptyPast(model.inputs(), test.heads, test.headSize), "logits")
        .get("logits")
        .floats();
  }

  private static List<String> inputs(int layers) {
    return Stream.concat(
            Stream.of("input_ids", "attention_mask", "position_ids"),
            caches("past_key_values", layers))
        .toList();
  }

  private static List<String> outputs(int layers) {
    return Stream.concat(Stream.of("logits"), caches("present", layers)).toList();
  }

  private static Stream<String> caches(String prefix, int layers) {
    return IntStream.range(0, layers)
        .boxed()
        .flatMap(i -> Stream.of(prefix + "." + i + ".key", prefix + "." + i + ".value"));
  }

  private static long weightBytes(GraphProto graph) {
    return graph.getInitializerList().stream()
        .filter(tensor -> tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE)
        .mapToLong(tensor -> TensorSize.bytes(tensor).orElseThrow())
        .sum();
  }
}
