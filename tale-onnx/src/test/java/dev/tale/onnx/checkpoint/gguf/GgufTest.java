package dev.tale.onnx.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.io.BaseEncoding;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.evaluate.Progress;
import dev.tale.model.Granularity;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelExporter.Export;
import dev.tale.model.ModelFormatException;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.onnx.Device;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.checkpoint.Golden;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.folder.Staged;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import dev.tale.onnx.text.TextTokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * GGUF files beside the gguf package, transformers and llama.cpp; {@code make_gguf.py} asks them.
 */
@Tag("slow")
class GgufTest {
  static final Path FIXTURES = Path.of("src/test/resources/models/gguf");
  private static final SessionConfig CPU = SessionConfig.cpu(1);

  @TempDir Path directory;

  static List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(FIXTURES)) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(".gguf"))
          .map(name -> name.substring(0, name.length() - 5))
          .sorted()
          .toList();
    }
  }

  private static Path file(String name) {
    return FIXTURES.resolve(name + ".gguf");
  }

  private static Golden golden(String name) throws IOException {
    return Golden.read(FIXTURES.resolve(name + ".json"));
  }

  @ParameterizedTest
  @EnumSource
  void blocksAreDequantizedBitForBit(GgmlType type) throws IOException {
    JsonNode fixture =
        new ObjectMapper().readTree(FIXTURES.resolve("blocks.json").toFile()).get(type.name());
    byte[] bytes = hex(fixture.get("bytes"));
    FloatBuffer expected =
        ByteBuffer.wrap(hex(fixture.get("floats"))).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] actual = type.dequantize(bytes);
    assertThat(actual).hasSize(expected.remaining());
    for (int i = 0; i < actual.length; i++) {
      int bits = Float.floatToRawIntBits(actual[i]);
      boolean notNumbers = Float.isNaN(actual[i]) && Float.isNaN(expected.get(i));
      assertThat(notNumbers || bits == Float.floatToRawIntBits(expected.get(i)))
          .as("%s %d: %s for %s", type, i, actual[i], expected.get(i))
          .isTrue();
    }
  }

  private static byte[] hex(JsonNode text) {
    return BaseEncoding.base16().lowerCase().decode(text.asText());
  }

  @ParameterizedTest
  @MethodSource("names")
  void gatedIsTransformersWithLayersDeleted(String name) throws IOException {
    Golden golden = golden(name);
    try (ModelDirectory model = ModelDirectory.open(file(name));
        GatedSession session = GatedSession.open(model.stream(), CPU)) {
      assertThat(model.name()).isEqualTo(name);
      for (int number = 0; number < golden.masks().size(); number++) {
        golden.require(session, number, golden.masks().get(number));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void tokensAreThoseOfLlamaCpp(String name) throws IOException {
    Path folder = directory.resolve(name);
    GgufFolder.make(GgufFile.read(file(name)), folder);
    try (TextTokenizer tokenizer = TextTokenizer.open(folder.resolve("tokenizer.json"))) {
      for (JsonNode text : golden(name).root().get("texts")) {
        ImmutableLongArray.Builder expected = ImmutableLongArray.builder();
        text.get(1).forEach(token -> expected.add(token.asLong()));
        assertThat(tokenizer.encode(text.get(0).asText(), true))
            .as("%s: %s", name, text.get(0))
            .isEqualTo(expected.build());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void writtenIsTheFileWithoutThoseBlocks(String name) throws IOException {
    Golden golden = golden(name);
    try (ModelDirectory model = ModelDirectory.open(file(name))) {
      for (int number = 0; number < golden.masks().size(); number++) {
        LayerMask mask = golden.masks().get(number);
        Path target = directory.resolve(name + number);
        try (Staged staged = model.write(mask, target, Map.of("tale.note", "kept"))) {
          staged.commit();
        }
        assertThat(files(target)).containsExactly(name + ".gguf");
        requireSame(GgufFile.read(target.resolve(name + ".gguf")), file(name), mask);
        try (ModelDirectory again = ModelDirectory.open(target);
            GatedSession session = GatedSession.open(again.stream(), CPU)) {
          golden.require(session, number, LayerMask.none(mask.kept().size()));
          assertThat(again.graph().proto().getMetadataPropsList())
              .anySatisfy(entry -> assertThat(entry.getValue()).isEqualTo("kept"));
        }
      }
    }
  }

  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /**
   * Every tensor that stays byte for byte, and all metadata but for that which speaks of blocks.
   */
  private static void requireSame(GgufFile written, Path original, LayerMask mask)
      throws IOException {
    GgufFile before = GgufFile.read(original);
    Map<String, GgufTensor> expected = new LinkedHashMap<>();
    before
        .tensors()
        .forEach(
            (name, tensor) -> {
              String[] parts = name.split("\\.", 3);
              if (!parts[0].equals("blk")) {
                expected.put(name, tensor);
              } else if (mask.kept().contains(Integer.parseInt(parts[1]))) {
                int place = mask.kept().indexOf(Integer.parseInt(parts[1]));
                expected.put("blk." + place + "." + parts[2], tensor);
              }
            });
    assertThat(written.tensors().keySet()).containsExactlyElementsOf(expected.keySet());
    for (Map.Entry<String, GgufTensor> entry : expected.entrySet()) {
      GgufTensor tensor = written.tensors().get(entry.getKey());
      assertThat(tensor.type()).isEqualTo(entry.getValue().type());
      assertThat(tensor.shape()).isEqualTo(entry.getValue().shape());
      assertThat(tensor.offset() % written.alignment()).isZero();
      assertThat(written.range(tensor).read()).isEqualTo(before.range(entry.getValue()).read());
    }
    requireSameMetadata(written, before, mask);
  }

  private static void requireSameMetadata(GgufFile written, GgufFile before, LayerMask mask) {
    String architecture = String.valueOf(before.metadata().get("general.architecture").value());
    Map<String, Object> expected = values(before);
    expected.put(architecture + ".block_count", (long) mask.kept().size());
    expected.put(
        architecture + ".tale_test_per_layer",
        mask.kept().stream().map(layer -> 10L * (layer + 1)).toList());
    expected.put("tale.note", "kept");
    assertThat(values(written)).isEqualTo(expected);
    before
        .metadata()
        .forEach(
            (key, entry) ->
                assertThat(written.metadata().get(key).type()).as(key).isEqualTo(entry.type()));
  }

  private static Map<String, Object> values(GgufFile file) {
    Map<String, Object> values = new LinkedHashMap<>();
    file.metadata().forEach((key, entry) -> values.put(key, entry.value()));
    return values;
  }

  @Test
  void anOnnxModelIsWrittenOnRequest() throws IOException {
    Golden golden = golden("llama");
    LayerMask mask = golden.masks().get(2);
    Path target = directory.resolve("onnx");
    try (ModelDirectory model = ModelDirectory.open(file("llama"));
        Staged staged = model.excise(mask, target, Map.of())) {
      staged.commit();
    }
    assertThat(target.resolve("model.onnx")).exists();
    assertThat(target.resolve("tokenizer.json")).exists();
    assertThat(target.resolve(".gguf.json")).doesNotExist();
    try (ModelDirectory again = ModelDirectory.open(target);
        GatedSession session = GatedSession.open(again.stream(), CPU)) {
      golden.require(session, 2, LayerMask.none(2));
    }
  }

  /** Opened, asked, written and opened again as a user does. */
  @Test
  void aModelIsOpenedAskedAndWritten() throws IOException {
    Path weights = directory.resolve("weights");
    LayerMask mask = LayerMask.of(3, 1);
    List<Request> requests =
        List.of(
            new Request.LogLikelihood("what is the capital", " of France"),
            new Request.Generation("hello", List.of(), 5));
    List<Response> answers;
    Path out = directory.resolve("out");
    try (OnnxModel model =
        OnnxModel.builder(file("qwen2")).device(Device.cpu(1)).weightsFolder(weights).open()) {
      assertThat(model.info().name()).isEqualTo("qwen2");
      model.check(requests);
      answers = model.respond(requests, List.of(mask)).get(0);
      Export export = model.exporter().orElseThrow().export(mask, out, Map.of(), requests);
      assertThat(export.maxAbsDifference()).isLessThan(1e-4);
      assertThat(export.bytes()).isEqualTo(Files.size(out.resolve("qwen2.gguf")));
    }
    try (OnnxModel model = OnnxModel.builder(out).device(Device.cpu(1)).open()) {
      assertThat(model.respond(requests, List.of(LayerMask.none(2))).get(0)).isEqualTo(answers);
    }
    assertThat(weights.resolve("model.safetensors")).exists();
  }

  @Test
  void weightsServeTheSameFileAgainAndNoOther() throws IOException {
    Path weights = directory.resolve("weights");
    GgufFolder.make(GgufFile.read(file("qwen2")), weights);
    Object time = Files.getLastModifiedTime(weights.resolve("model.safetensors"));
    GgufFolder.make(GgufFile.read(file("qwen2")), weights);
    assertThat(Files.getLastModifiedTime(weights.resolve("model.safetensors"))).isEqualTo(time);
    GgufFile other = GgufFile.read(file("llama"));
    assertThatThrownBy(() -> GgufFolder.make(other, weights))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContainingAll(weights.toString(), "another file", "qwen2.gguf");
  }

  @Test
  void temporaryWeightsAreDeleted() throws IOException {
    Path weights;
    try (ModelDirectory model = ModelDirectory.open(file("qwen2"))) {
      weights = model.path();
      assertThat(weights.resolve("model.safetensors")).exists();
    }
    assertThat(weights).doesNotExist();
  }

  @Test
  void aFileThatChangesIsNotWritten() throws IOException {
    Path copy = Files.copy(file("qwen2"), directory.resolve("copy.gguf"));
    GgufFile read = GgufFile.read(copy);
    String hash = read.sha256();
    byte[] bytes = Files.readAllBytes(copy);
    bytes[bytes.length - 1]++;
    Files.write(copy, bytes);
    PrunedGguf pruned = new PrunedGguf(read, hash, ImmutableList.of(0, 2));
    Path target = directory.resolve("pruned.gguf");
    assertThatThrownBy(() -> pruned.write(target, Map.of()))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll(copy.toString(), "changed or gone");
    assertThat(target).doesNotExist();
    bytes[bytes.length - 1]--;
    Files.write(copy, bytes); // touched, and the same again
    pruned.write(target, Map.of());
    assertThat(GgufFile.read(target).tensors()).isNotEmpty();
  }

  /** Weights that are kept between runs are those that were made. */
  @Test
  void weightsThatChangeInTheirFolderAreRefused() throws IOException {
    Path weights = directory.resolve("weights");
    GgufFile file = GgufFile.read(file("qwen2"));
    for (String name : List.of("model.safetensors", "tokenizer.json", "config.json")) {
      GgufFolder.make(file, weights);
      byte[] bytes = Files.readAllBytes(weights.resolve(name));
      bytes[bytes.length - 2]++;
      Files.write(weights.resolve(name), bytes);
      assertThatThrownBy(() -> GgufFolder.make(file, weights))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContainingAll(weights.toString(), "have changed", "delete the folder");
      bytes[bytes.length - 2]--;
      Files.write(weights.resolve(name), bytes);
    }
    GgufFolder.make(file, weights);
    Files.delete(weights.resolve("generation_config.json"));
    assertThatThrownBy(() -> GgufFolder.make(file, weights))
        .isInstanceOf(ModelFormatException.class);
  }

  @Test
  void directoriesWithOneFileAreOpened() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("folder"));
    Files.copy(file("qwen2"), folder.resolve("a.gguf"));
    try (ModelDirectory model = ModelDirectory.open(folder)) {
      assertThat(model.name()).isEqualTo("a");
    }
    Files.copy(file("llama"), folder.resolve("b.gguf"));
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll("2 GGUF files [a.gguf, b.gguf]", "path of one");
  }

  @Test
  void aFolderForTheWeightsIsNotMixedWithOtherFiles() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("full"));
    Files.writeString(folder.resolve("note.txt"), "mine");
    assertThatThrownBy(
            () ->
                ModelDirectory.open(
                    file("qwen2"), Granularity.LAYER, Optional.of(folder), Progress.none()))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(files(folder)).containsExactly("note.txt");
  }
}
