package dev.tale.onnx.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.graph.ExternalRange;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.Relocation;
import dev.tale.onnx.graph.TestModels;
import dev.tale.onnx.graph.TinyGraphs;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDirectoryTest {
  private static final LayerMask MASK = LayerMask.of(3, 1);

  @TempDir private Path scratch;
  private Path source;
  private Path target;

  @BeforeEach
  void directories() throws IOException {
    source = Files.createDirectory(scratch.resolve("qwen"));
    target = scratch.resolve("out").resolve("qwen-small");
    config("{\"num_hidden_layers\": 3}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "onnx/model.onnx", "decoder.onnx", "onnx/model_q4.onnx"})
  void open_findsTheGraph(String name) throws IOException {
    Path file = graph(name);
    ModelDirectory model = ModelDirectory.open(source);
    assertThat(model.graph().file()).isEqualTo(file);
    assertThat(model.path()).isEqualTo(source);
    assertThat(model.name()).isEqualTo("qwen");
    assertThat(model.stream().layerCount()).isEqualTo(3);
    assertThat(model.find("config.json")).contains(source.resolve("config.json"));
    assertThat(model.find("tokenizer.json")).isEmpty();
    assertThat(ModelDirectory.open(file).path()).isEqualTo(source);
  }

  @Test
  void open_prefersTheUsualName() throws IOException {
    Path usual = graph("model.onnx");
    graph("model_fp16.onnx");
    assertThat(ModelDirectory.open(source).graph().file()).isEqualTo(usual);
  }

  @Test
  void open_prefersTheTop() throws IOException {
    graph("onnx/model_fp16.onnx");
    Path top = graph("decoder.onnx");
    assertThat(ModelDirectory.open(source).graph().file()).isEqualTo(top);
  }

  /** What was written of one graph of several is a model by itself. */
  @Test
  void excise_ofAGivenGraphIsOpenable() throws IOException {
    Path given = graph("onnx/model_q4.onnx");
    graph("onnx/model_fp16.onnx");
    try (Staged staged = ModelDirectory.open(given).excise(MASK, target, Map.of())) {
      staged.commit();
    }
    assertThat(ModelDirectory.open(target).graph().file())
        .isEqualTo(target.resolve("onnx/model_q4.onnx"));
  }

  @Test
  void open_refusesSeveralGraphsInTheFolder() throws IOException {
    graph("onnx/a.onnx");
    graph("onnx/b.onnx");
    assertThatThrownBy(() -> ModelDirectory.open(source))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll(
            "2 other *.onnx files [onnx/a.onnx, onnx/b.onnx]", "give the path");
  }

  @Test
  void open_tellsAGitLfsPointer() throws IOException {
    Path file = Files.writeString(source.resolve("model.onnx"), TinyGraphs.GIT_LFS_POINTER);
    assertThatThrownBy(() -> ModelDirectory.open(source))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll(file.toString(), "Git LFS pointer of 133 bytes", "git lfs pull");
  }

  /** The cache of Hugging Face: names in a snapshot are links to blobs. */
  @Test
  void excise_copiesWhatLinksLeadTo() throws IOException {
    Path blobs = Files.createDirectories(scratch.resolve("models--a--b").resolve("blobs"));
    Path snapshot = Files.createDirectories(blobs.resolveSibling("snapshots").resolve("607a"));
    Files.copy(TestModels.QWEN2.file(), blobs.resolve("1"));
    Files.writeString(blobs.resolve("2"), "{\"num_hidden_layers\": 3}");
    Files.writeString(blobs.resolve("3"), "a b");
    Files.createSymbolicLink(snapshot.resolve("model.onnx"), Path.of("../../blobs/1"));
    Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/2"));
    Files.createSymbolicLink(snapshot.resolve("merges.txt"), Path.of("../../blobs/3"));
    ModelDirectory model = ModelDirectory.open(snapshot);
    try (Staged staged = model.excise(MASK, target, Map.of())) {
      staged.commit();
    }
    assertThat(model.name()).isEqualTo("a/b");
    assertThat(target.resolve("merges.txt")).hasContent("a b");
    assertThat(Files.isSymbolicLink(target.resolve("merges.txt"))).isFalse();
    assertThat(target.resolve("mergekit.yaml")).content().contains("model: \"a/b\"");
  }

  @Test
  void open_refusesSeveralGraphsAndNone() throws IOException {
    assertThatThrownBy(() -> ModelDirectory.open(source))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll(source.toString(), "0 other *.onnx files");
    graph("a.onnx");
    graph("b.onnx");
    assertThatThrownBy(() -> ModelDirectory.open(source))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll("2 other *.onnx files [a.onnx, b.onnx]", "give the path");
    assertThatThrownBy(() -> ModelDirectory.open(scratch.resolve("nowhere")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("does not exist");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "onnx/model.onnx"})
  void excise_writesAWholeDirectory(String name) throws IOException {
    graph(name);
    Files.writeString(source.resolve("tokenizer.json"), "{ \"kept\": 1e-05 }");
    Files.writeString(source.resolve("merges.txt"), "a b");
    Files.writeString(source.resolve("model.safetensors"), "every layer");
    graph(name.replace("model", "model_fp16"));
    Map<String, String> before = TestModels.hashes(source);
    try (Staged staged = ModelDirectory.open(source).excise(MASK, target, Map.of("k", "v"))) {
      assertThat(target).doesNotExist();
      assertThat(staged.commit()).isEqualTo(target);
    }
    assertThat(TestModels.hashes(source)).isEqualTo(before);
    assertThat(TestModels.hashes(target))
        .containsOnlyKeys(
            name,
            "config.json",
            "layers_to_keep.json",
            "mergekit.yaml",
            "merges.txt",
            "tokenizer.json")
        .containsEntry("tokenizer.json", before.getOrDefault("tokenizer.json", ""));
    assertThat(names(target.getParent())).containsExactly("qwen-small");
    assertThat(ModelDirectory.open(target).stream().layerCount()).isEqualTo(2);
    assertThat(json("config.json").get("num_hidden_layers").asInt()).isEqualTo(2);
  }

  @Test
  void excise_keepsWhatFollowsAnEncoder() throws IOException {
    graph("model.onnx");
    modules("", "1_Pooling", "2_Normalize");
    Files.createDirectory(source.resolve("1_Pooling"));
    Files.writeString(
        source.resolve("1_Pooling/config.json"), "{\"pooling_mode_cls_token\": true}");
    Files.writeString(source.resolve("1_Pooling/model.safetensors"), "weights");
    Files.createDirectory(source.resolve("elsewhere"));
    Files.writeString(source.resolve("elsewhere/config.json"), "{}");
    Map<String, String> before = TestModels.hashes(source);
    excise();
    assertThat(TestModels.hashes(target))
        .containsOnlyKeys(
            "1_Pooling/config.json",
            "config.json",
            "layers_to_keep.json",
            "mergekit.yaml",
            "model.onnx",
            "modules.json")
        .containsEntry("1_Pooling/config.json", before.getOrDefault("1_Pooling/config.json", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../1_Pooling", "/etc", ".", "..", "a/b", "a\\\\b", "config.json", "link"})
  void open_refusesModulesElsewhere(String path) throws IOException {
    graph("model.onnx");
    modules(path);
    Files.createSymbolicLink(source.resolve("link"), Files.createDirectory(scratch.resolve("dir")));
    assertThatThrownBy(() -> ModelDirectory.open(source))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll(
            "modules.json", "path \"" + path.replace("\\\\", "\\") + "\"", "folder");
  }

  /** A module that is the transformer would be the original one. */
  @Test
  void excise_copiesNothingThatSpeaksOfTheWeightsLeftOut() throws IOException {
    graph("model.onnx");
    for (String name :
        List.of(
            "model.safetensors.index.json",
            "pytorch_model.bin.index.json",
            "openvino_model.xml",
            "openvino_model.bin",
            "notes.xml")) {
      Files.writeString(source.resolve(name), "{}");
    }
    Files.writeString(
        source.resolve("modules.json"),
        "[{\"path\": \"0_Transformer\", \"type\": \"sentence_transformers.models.Transformer\"}]");
    Files.createDirectory(source.resolve("0_Transformer"));
    Files.writeString(source.resolve("0_Transformer/config.json"), "{\"num_hidden_layers\": 3}");
    excise();
    assertThat(names(target))
        .containsExactly(
            "config.json",
            "layers_to_keep.json",
            "mergekit.yaml",
            "model.onnx",
            "modules.json",
            "notes.xml");
  }

  private void modules(String... paths) throws IOException {
    String modules =
        Stream.of(paths)
            .map(path -> "{\"path\": \"" + path + "\", \"type\": \"a.Pooling\"}")
            .collect(Collectors.joining(", ", "[", "]"));
    Files.writeString(source.resolve("modules.json"), modules);
  }

  private void excise() throws IOException {
    try (Staged staged = ModelDirectory.open(source).excise(MASK, target, Map.of())) {
      staged.commit();
    }
  }

  @Test
  void excise_copiesNoExternalDataTwice() throws IOException {
    TinyGraphs.withExternalData(TestModels.QWEN2.graph().proto(), source, 2);
    config(
        "{\"num_hidden_layers\": 3, \"transformers.js_config\": {\"use_external_data_format\": 2}}");
    try (Staged staged = ModelDirectory.open(source).excise(MASK, target, Map.of())) {
      staged.commit();
    }
    assertThat(names(target))
        .containsExactly(
            "config.json",
            "layers_to_keep.json",
            "mergekit.yaml",
            "model.onnx",
            "model.onnx_data",
            "model.onnx_data_1");
    assertThat(json("config.json").at("/transformers.js_config/use_external_data_format").asInt())
        .isEqualTo(2);
    assertThat(OnnxGraph.read(target.resolve("model.onnx")).external()).isNotEmpty();
  }

  /** Files of which nothing stays are not written; the others are numbered without a gap. */
  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "onnx/model.onnx"})
  void excise_keepsSeveralFilesOfWeights(String name) throws IOException {
    Path folder = Files.createDirectories(source.resolve(name).getParent());
    TinyGraphs.withExternalData(TestModels.QWEN2.graph().proto(), folder, 40);
    config(
        """
        {"num_hidden_layers": 3, "transformers.js_config": {
          "use_external_data_format": {"model.onnx": 40, "model_fp16.onnx": 7}}}
        """);
    ModelDirectory original = ModelDirectory.open(source);
    List<Path> files;
    try (Staged staged = original.excise(MASK, target, Map.of())) {
      files = staged.modelFiles().stream().map(staged.directory()::relativize).toList();
      staged.commit();
    }
    int weightFiles = files.size() - 1;
    assertThat(weightFiles).isBetween(10, 30);
    List<String> expected =
        IntStream.range(0, weightFiles).mapToObj(TinyGraphs::externalName).toList();
    Path written = target.resolve(name);
    assertThat(names(written.getParent())).containsAll(expected);
    assertThat(names(written.getParent()).stream().filter(file -> file.contains("_data")))
        .hasSameSizeAs(expected);
    assertThat(files).contains(target.relativize(written));
    assertThat(json("config.json").at("/transformers.js_config/use_external_data_format"))
        .isEqualTo(new ObjectMapper().createObjectNode().put("model.onnx", weightFiles));
    assertSameWeights(original, ModelDirectory.open(target));
  }

  private static void assertSameWeights(ModelDirectory original, ModelDirectory pruned)
      throws IOException {
    for (int layer = 0; layer < 2; layer++) {
      List<String> stays = pruned.stream().layer(layer).weights();
      List<String> was = original.stream().layer(2 * layer).weights();
      assertThat(stays).hasSameSizeAs(was).hasSizeGreaterThan(5);
      for (int weight = 0; weight < was.size(); weight++) {
        ExternalRange range = pruned.graph().external().get(stays.get(weight));
        if (range != null) {
          assertThat(range.read())
              .isEqualTo(original.graph().external().get(was.get(weight)).read());
        }
      }
    }
  }

  /** Two contents cannot have one name; otherwise an export would fail after the search. */
  @ParameterizedTest
  @CsvSource({
    "config.json, model.onnx",
    "genai_config.json, model.onnx",
    "layers_to_keep.json, model.onnx",
    "mergekit.yaml, model.onnx",
    "./mergekit.yaml, model.onnx",
    "model.onnx, model.onnx",
    "model.onnx, onnx/model.onnx"
  })
  void open_refusesWeightsInAFileThatIsWritten(String location, String name) throws IOException {
    Path file = source.resolve(name);
    Files.createDirectories(file.getParent());
    withWeightsIn(location, file);
    assertThatThrownBy(() -> ModelDirectory.open(source))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(
            file.toString(),
            "tensor ",
            Path.of(name).resolveSibling(location).normalize().toString(),
            "model.onnx_data");
  }

  /** In the graph's own folder these names are free, and so are others at the top. */
  @ParameterizedTest
  @CsvSource({
    "mergekit.yaml, onnx/model.onnx",
    "weights.json, model.onnx",
    "1_Pooling/config.json, model.onnx"
  })
  void excise_writesWeightsUnderAnyOtherName(String location, String name) throws IOException {
    Path file = source.resolve(name);
    modules("1_Pooling");
    Files.createDirectories(file.resolveSibling(location).getParent());
    withWeightsIn(location, file);
    excise();
    assertThat(ModelDirectory.open(target).graph().external().values())
        .isNotEmpty()
        .allMatch(range -> range.file().endsWith(location));
  }

  /** Moves the bytes of one weight to a file. */
  private static void withWeightsIn(String location, Path model) throws IOException {
    ModelProto.Builder proto = TestModels.QWEN2.graph().proto().toBuilder();
    TensorProto.Builder weight = proto.getGraphBuilder().getInitializerBuilder(0);
    byte[] bytes = weight.getRawData().toByteArray();
    TensorProto moved = Relocation.at(weight.clearRawData().build(), location, 0, bytes.length);
    proto.getGraphBuilder().setInitializer(0, moved);
    Files.write(model.resolveSibling(location).normalize(), bytes);
    // A model that is its own weights is long enough for them, whatever its bytes mean.
    Files.write(model, proto.build().toByteArray());
  }

  @Test
  void close_leavesNothing() throws IOException {
    graph("model.onnx");
    try (Staged staged = ModelDirectory.open(source).excise(MASK, target, Map.of())) {
      assertThat(staged.directory()).isDirectoryContaining("glob:**/model.onnx");
    }
    assertThat(names(target.getParent())).isEmpty();
  }

  /** Not even where memory runs out. */
  @Test
  void excise_leavesNothingAfterAnError() throws IOException {
    graph("model.onnx");
    ModelDirectory model = ModelDirectory.open(source);
    Map<String, String> metadata =
        new AbstractMap<>() {
          @Override
          public Set<Map.Entry<String, String>> entrySet() {
            throw new OutOfMemoryError("as expected");
          }
        };
    assertThatThrownBy(() -> model.excise(MASK, target, metadata))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(names(target.getParent())).isEmpty();
  }

  @Test
  void excise_takesAnEmptyDirectoryButNoOther() throws IOException {
    graph("model.onnx");
    Files.createDirectories(target);
    ModelDirectory model = ModelDirectory.open(source);
    try (Staged staged = model.excise(MASK, target, Map.of())) {
      staged.commit();
    }
    Map<String, String> before = TestModels.hashes(target);
    assertThatThrownBy(() -> model.excise(MASK, target, Map.of()))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContainingAll(target.toString(), "not empty", "new or empty directory");
    assertThat(TestModels.hashes(target)).isEqualTo(before);
  }

  @Test
  void excise_refusesATargetInsideTheModel() throws IOException {
    graph("model.onnx");
    Map<String, String> before = TestModels.hashes(source);
    ModelDirectory model = ModelDirectory.open(source);
    assertThatThrownBy(() -> model.excise(MASK, source.resolve("small"), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("inside the model's own directory");
    assertThat(TestModels.hashes(source)).isEqualTo(before);
  }

  @Test
  void commit_refusesWhatHasAppearedSince() throws IOException {
    graph("model.onnx");
    try (Staged staged = ModelDirectory.open(source).excise(MASK, target, Map.of())) {
      Files.createDirectories(target);
      Files.writeString(target.resolve("mine"), "mine");
      assertThatThrownBy(staged::commit).isInstanceOf(FileAlreadyExistsException.class);
    }
    assertThat(names(target.getParent())).containsExactly("qwen-small");
    assertThat(target.resolve("mine")).hasContent("mine");
  }

  @Test
  void excise_adjustsSettings() throws IOException {
    graph("model.onnx");
    config(
        """
        {"model_type": "qwen2", "num_hidden_layers": 3, "rope_theta": 10000.0,
         "rms_norm_eps": 1e-06, "use_sliding_window": false, "max_window_layers": 28,
         "layer_types": ["full_attention", "sliding_attention", "linear_attention"],
         "mlp_only_layers": []}
        """);
    Files.writeString(
        source.resolve("genai_config.json"),
        """
        {"model": {"type": "qwen2", "decoder": {"num_hidden_layers": 3, "head_size": 8,
         "sliding_window": {"window_size": 4, "layers": [0, 1, 2]}}}, "search": {"top_p": 0.8}}
        """);
    try (Staged staged = ModelDirectory.open(source).excise(MASK, target, Map.of())) {
      staged.commit();
    }
    assertThat(Files.readString(target.resolve("config.json")))
        .isEqualTo(
            """
            {
              "model_type": "qwen2",
              "num_hidden_layers": 2,
              "rope_theta": 10000.0,
              "rms_norm_eps": 0.000001,
              "use_sliding_window": false,
              "max_window_layers": 28,
              "layer_types": [
                "full_attention",
                "linear_attention"
              ],
              "mlp_only_layers": []
            }
            """);
    JsonNode decoder = json("genai_config.json").at("/model/decoder");
    assertThat(decoder.get("num_hidden_layers").asInt()).isEqualTo(2);
    assertThat(decoder.at("/sliding_window/layers").toString()).isEqualTo("[0,1]");
    assertThat(decoder.get("head_size").asInt()).isEqualTo(8);
  }

  /** Before a search, not after it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"num_hidden_layers\": 4}",
        "{\"n_layer\": 3, \"exit_layers\": [1]}",
        "{\"num_hidden_layers\": 3, \"decoder_sparse_step\": 2}"
      })
  void open_refusesSettingsThatCannotBeAdjusted(String config) throws IOException {
    graph("model.onnx");
    config(config);
    assertThatThrownBy(() -> ModelDirectory.open(source))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining(source.resolve("config.json").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "{\"num_hidden_layers\": 3", ""})
  void open_refusesMalformedSettings(String config) throws IOException {
    graph("model.onnx");
    config(config);
    assertThatThrownBy(() -> ModelDirectory.open(source))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("config.json");
  }

  private Path graph(String name) throws IOException {
    Path file = source.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.copy(TestModels.QWEN2.file(), file);
  }

  private void config(String json) throws IOException {
    Files.writeString(source.resolve("config.json"), json);
  }

  private JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(Files.readString(target.resolve(name)));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
