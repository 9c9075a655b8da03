package dev.tale.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.ResidualStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxGraphTest {
  @TempDir private Path directory;

  private static ModelProto decoder() {
    return new TinyGraphs().embedding("x").layer("x", "y").head("y").model();
  }

  @Test
  void read_missingFile() {
    Path missing = directory.resolve("model.onnx");
    assertThatThrownBy(() -> OnnxGraph.read(missing))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll(missing.toString(), "does not exist", "export the model again");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.001, 0.5, 0.9, 0.999})
  void read_truncatedFile(double kept) throws IOException {
    byte[] bytes = Files.readAllBytes(TestModels.QWEN2.file());
    Path file = directory.resolve("model.onnx");
    Files.write(file, Arrays.copyOf(bytes, (int) (bytes.length * kept)));
    assertThatThrownBy(() -> OnnxGraph.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void read_notOnnx() throws IOException {
    Path file = Files.writeString(directory.resolve("model.onnx"), "<html>404 not found</html>");
    assertThatThrownBy(() -> OnnxGraph.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("not an ONNX file");
  }

  @Test
  void read_refusesCustomOperators() throws IOException {
    Path file =
        changed(model -> model.getGraphBuilder().getNodeBuilder(1).setDomain("com.example"));
    assertThatThrownBy(() -> OnnxGraph.read(file))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll("y.mid.q (MatMul)", "com.example");
  }

  @Test
  void read_undefinedValue() throws IOException {
    Path file = changed(model -> model.getGraphBuilder().getNodeBuilder(1).setInput(0, "nowhere"));
    assertThatThrownBy(() -> OnnxGraph.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll("y.mid.q (MatMul)", "nowhere");
  }

  @Test
  void read_valueDefinedTwice() throws IOException {
    Path file = changed(model -> model.getGraphBuilder().getNodeBuilder(1).setOutput(0, "x"));
    assertThatThrownBy(() -> OnnxGraph.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll("x", "defined twice");
  }

  /** As the float16 converter of ONNX Runtime leaves them. */
  @Test
  void read_unsortedNodes() throws IOException {
    Path file =
        changed(
            model -> {
              var first = model.getGraph().getNode(0);
              model.getGraphBuilder().removeNode(0).addNode(first);
            });
    OnnxGraph graph = OnnxGraph.read(file);
    assertThat(graph.proto()).isEqualTo(decoder());
    assertThat(ResidualStream.find(graph).layerCount()).isEqualTo(1);
  }

  @Test
  void read_weightOfWrongSize() throws IOException {
    Path file = changed(model -> model.getGraphBuilder().getInitializerBuilder(0).setDims(0, 5));
    assertThatThrownBy(() -> OnnxGraph.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll("tensor embedding", "[5, 8]", "256 bytes");
  }

  @Test
  void read_weightOfAbsurdSize() throws IOException {
    Path file =
        changed(
            model ->
                model.getGraphBuilder().getInitializerBuilder(0).setDims(0, Long.MAX_VALUE / 2));
    assertThatThrownBy(() -> OnnxGraph.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tensor embedding");
  }

  @Test
  void read_unknownVersion() throws IOException {
    Path file = changed(model -> model.setIrVersion(99));
    assertThatThrownBy(() -> OnnxGraph.read(file))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll("IR version 99", "3 to 13");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void read_externalData(int files) throws IOException {
    Path file = TinyGraphs.withExternalData(decoder(), directory, files);
    OnnxGraph graph = OnnxGraph.read(file);
    assertThat(graph.external()).hasSize(4);
    assertThat(graph.external().values())
        .allSatisfy(range -> assertThat(range.length()).isEqualTo(256));
    GatedGraph gated = GatedGraph.of(ResidualStream.find(graph), ConditionForm.BOOL);
    assertThat(gated.externalDataFolder()).contains(directory.toRealPath());
  }

  @Test
  void read_missingExternalFile() throws IOException {
    Path file = TinyGraphs.withExternalData(decoder(), directory, 1);
    Files.delete(directory.resolve("model.onnx_data"));
    assertThatThrownBy(() -> OnnxGraph.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll(
            file.toString(), "tensor embedding", "model.onnx_data", "does not exist");
  }

  @Test
  void read_truncatedExternalFile() throws IOException {
    Path file = TinyGraphs.withExternalData(decoder(), directory, 1);
    Files.write(directory.resolve("model.onnx_data"), new byte[300]);
    assertThatThrownBy(() -> OnnxGraph.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll("bytes 256 to 512 of model.onnx_data", "only 300");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../model.onnx_data",
        "a/../../model.onnx_data",
        "..",
        "/etc/passwd",
        "C:/weights",
        "\\\\host\\share",
        ""
      })
  void read_externalPathThatLeadsOut(String location) throws IOException {
    Path file = external("location", location);
    assertThatThrownBy(() -> OnnxGraph.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll("tensor embedding", location, "relative path inside");
  }

  @ParameterizedTest
  @CsvSource({
    "offset, -1, at least 0",
    "offset, many, not a number",
    "offset, 9223372036854775807, which has only",
    "length, 255, need 256",
    "length, -64, at least 0",
    "colour, blue, known are location"
  })
  void read_externalEntryOutOfRange(String key, String value, String reason) throws IOException {
    Path file = external(key, value);
    assertThatThrownBy(() -> OnnxGraph.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll("tensor embedding", reason);
  }

  @Test
  void read_externalFileThatIsALinkOut(@TempDir Path elsewhere) throws IOException {
    Path file = TinyGraphs.withExternalData(decoder(), directory, 1);
    Path data = directory.resolve("model.onnx_data");
    Path moved = Files.move(data, elsewhere.resolve("weights"));
    Files.createSymbolicLink(data, moved);
    assertThatThrownBy(() -> OnnxGraph.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll("outside the model's directory", "copy the file there");
  }

  /** Graph and weights are links into one directory of blobs with other names. */
  @Test
  void read_huggingFaceCache(@TempDir Path cache) throws IOException {
    Path blobs = Files.createDirectory(cache.resolve("blobs"));
    Path snapshot = Files.createDirectories(cache.resolve("snapshots").resolve("1"));
    TinyGraphs.withExternalData(decoder(), directory, 1);
    for (String name : new String[] {"model.onnx", "model.onnx_data"}) {
      Path blob = Files.move(directory.resolve(name), blobs.resolve("sha-" + name.length()));
      Files.createSymbolicLink(snapshot.resolve(name), blob);
    }
    OnnxGraph graph = OnnxGraph.read(snapshot.resolve("model.onnx"));
    GatedGraph gated = GatedGraph.of(ResidualStream.find(graph), ConditionForm.BOOL);
    assertThat(gated.externalDataFolder()).contains(blobs.toRealPath());
    TensorProto weight = gated.proto().getGraph().getInitializer(0);
    assertThat(weight.getExternalData(0).getValue()).isEqualTo("sha-15");
  }

  @Test
  void contentHash_dependsOnGraphAndWeights() throws IOException {
    Path file = TinyGraphs.withExternalData(decoder(), directory, 2);
    OnnxGraph graph = OnnxGraph.read(file);
    String hash = graph.contentHash();
    assertThat(hash).matches("[0-9a-f]{64}").isEqualTo(OnnxGraph.read(file).contentHash());
    Path data = directory.resolve("model.onnx_data_1");
    byte[] bytes = Files.readAllBytes(data);
    bytes[70] ^= 1;
    Files.write(data, bytes);
    assertThat(OnnxGraph.read(file).contentHash()).isNotEqualTo(hash);
  }

  @Test
  void contentHash_noticesAShrunkenFile() throws IOException {
    Path file = TinyGraphs.withExternalData(decoder(), directory, 1);
    OnnxGraph graph = OnnxGraph.read(file);
    Files.write(directory.resolve("model.onnx_data"), new byte[10]);
    assertThatThrownBy(graph::contentHash)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("shrunk");
  }

  private Path changed(Consumer<ModelProto.Builder> change) throws IOException {
    ModelProto.Builder model = decoder().toBuilder();
    change.accept(model);
    return TinyGraphs.write(model.build(), directory);
  }

  /** Sets one entry of the first weight's external data, and adds it if there is none. */
  private Path external(String key, String value) throws IOException {
    Path file = TinyGraphs.withExternalData(decoder(), directory, 1);
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    TensorProto.Builder tensor = model.getGraphBuilder().getInitializerBuilder(0);
    for (int i = tensor.getExternalDataCount() - 1; i >= 0; i--) {
      if (tensor.getExternalData(i).getKey().equals(key)) {
        tensor.removeExternalData(i);
      }
    }
    tensor.addExternalData(Nodes.entry(key, value));
    return TinyGraphs.write(model.build(), directory);
  }
}
