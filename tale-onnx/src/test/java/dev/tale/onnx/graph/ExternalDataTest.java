package dev.tale.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.tale.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks by way of external data, after the vulnerabilities of ONNX that are known: CVE-2022-25882
 * and CVE-2024-27318 (a path that leads out), CVE-2026-27489 and CVE-2026-34447 (symbolic links),
 * CVE-2026-34446 (hard links), CVE-2026-34445 (keys, sizes). All are refused while the graph is
 * read, before a byte of the data is, and before there is a session.
 */
class ExternalDataTest {

  @TempDir private Path directory;
  @TempDir private Path elsewhere;
  private Path data;

  @BeforeEach
  void writeModel() throws IOException {
    ModelProto model = new TinyGraphs().embedding("x").layer("x", "y").head("y").model();
    TinyGraphs.withExternalData(model, directory, 1);
    data = directory.resolve("model.onnx_data");
  }

  @Test
  void theModelItselfIsFine() throws IOException {
    assertThat(OnnxGraph.read(directory.resolve("model.onnx")).external()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret",
        "a/../../secret",
        "./../secret",
        "weights/..",
        "..",
        "/etc/passwd",
        "//host/share",
        "C:/weights",
        "C:weights",
        "\\\\host\\share",
        "..\\secret",
        "weights\\model",
        "file:///etc/passwd",
        "model.onnx_data\u0000.txt",
        ""
      })
  void paths(String location) throws IOException {
    Files.writeString(directory.resolveSibling("secret"), "x".repeat(1024));
    set("location", location);
    assertRefused().hasMessageContaining("relative path inside the model's directory");
  }

  @Test
  void symbolicLink() throws IOException {
    Files.createSymbolicLink(data, Files.move(data, elsewhere.resolve("secret")));
    assertRefused().hasMessageContaining("outside the model's directory");
  }

  @Test
  void symbolicLinkToADirectory() throws IOException {
    Files.move(data, elsewhere.resolve("model.onnx_data"));
    Files.createSymbolicLink(directory.resolve("weights"), elsewhere);
    set("location", "weights/model.onnx_data");
    assertRefused().hasMessageContaining("outside the model's directory");
  }

  @Test
  void symbolicLinkThatLeadsNowhere() throws IOException {
    Files.delete(data);
    Files.createSymbolicLink(data, elsewhere.resolve("nothing"));
    assertRefused().hasMessageContaining("does not exist");
  }

  @Test
  void symbolicLinkInsideTheModelIsFine() throws IOException {
    Path inside = Files.createDirectory(directory.resolve("blobs")).resolve("blob");
    Files.createSymbolicLink(data, Files.move(data, inside));
    assertThat(OnnxGraph.read(directory.resolve("model.onnx")).external()).hasSize(4);
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void hardLink() throws IOException {
    Files.createLink(data, Files.move(data, elsewhere.resolve("secret")));
    assertRefused().hasMessageContainingAll("2 hard links", "copy of itself");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void namedPipe() throws Exception {
    Files.delete(data);
    Process made = new ProcessBuilder("mkfifo", data.toString()).start();
    assumeTrue(made.waitFor() == 0, "mkfifo is not there");
    assertRefused().hasMessageContaining("not a regular file");
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void device() throws IOException {
    Files.delete(data);
    Files.createSymbolicLink(data, Path.of("/dev/zero"));
    assertRefused().hasMessageContaining("not a regular file");
  }

  @Test
  void directoryInPlaceOfTheFile() throws IOException {
    Files.delete(data);
    Files.createDirectory(data);
    assertRefused().hasMessageContaining("not a regular file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "offset | 1025               | which has only 1024",
        "offset | 1000               | which has only 1024",
        "offset | 9223372036854775807| which has only 1024",
        "offset | 9223372036854775808| at most 2^63 - 1",
        "offset | -1                 | at least 0",
        "offset | +1                 | not a number",
        "offset | 0x10               | not a number",
        "offset | 1e3                | not a number",
        "offset | \u0661             | not a number",
        "offset | ''                 | not a number",
        "length | 9223372036854775807| need 256",
        "length | 18446744073709551872 | at most 2^63 - 1",
        "length | -256               | at least 0",
        "length | 255                | need 256",
        "length | 257                | need 256",
        "length | 256 bytes          | not a number",
        "colour | blue               | known are location",
        "__class__ | x               | known are location",
        "basepath | /etc             | known are location",
        "location | nothing          | does not exist",
        "offset | 128                | overlap"
      })
  void entries(String key, String value, String reason) throws IOException {
    set(key, value);
    assertRefused().hasMessageContaining(reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"location", "offset", "length"})
  void keysGivenTwice(String key) throws IOException {
    change(
        model ->
            model
                .getGraphBuilder()
                .getInitializerBuilder(0)
                .addExternalData(Nodes.entry(key, "0")));
    assertRefused().hasMessageContainingAll("two external", key);
  }

  /** A clone without Git LFS has these in place of the weights. */
  @Test
  void gitLfsPointer() throws IOException {
    Files.writeString(data, TinyGraphs.GIT_LFS_POINTER);
    assertRefused().hasMessageContainingAll("Git LFS pointer of 133 bytes", "git lfs pull");
  }

  /** Otherwise one file would be written twice. */
  @Test
  void spellingsOfOneFile() throws IOException {
    set("location", "././/model.onnx_data");
    OnnxGraph graph = OnnxGraph.read(directory.resolve("model.onnx"));
    assertThat(graph.external().values())
        .hasSize(4)
        .allMatch(range -> range.location().equals("model.onnx_data"));
  }

  @Test
  void overlappingRanges() throws IOException {
    set("offset", "300");
    assertRefused()
        .hasMessageContainingAll("overlap in model.onnx_data", "bytes 300 to", "of both");
  }

  /** A weight inside another one, of which it is neither the beginning nor the end. */
  @Test
  void nestedRanges() throws IOException {
    change(
        model ->
            model
                .getGraphBuilder()
                .addInitializer(
                    Relocation.at(
                        TensorProto.newBuilder()
                            .setName("inner")
                            .setDataType(DataType.FLOAT_VALUE)
                            .addDims(8)
                            .build(),
                        "model.onnx_data",
                        64,
                        32)));
    assertRefused().hasMessageContainingAll("inner", "overlap", "bytes 64 to 96");
  }

  @Test
  void tiedWeightsAreFine() throws IOException {
    set("offset", "256");
    OnnxGraph graph = OnnxGraph.read(directory.resolve("model.onnx"));
    Set<ExternalRange> ranges = Set.copyOf(graph.external().values());
    assertThat(ranges).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 9, 1L << 62, Long.MAX_VALUE})
  void dimensionsThatTheRangeDoesNotHold(long dim) throws IOException {
    change(model -> model.getGraphBuilder().getInitializerBuilder(0).setDims(0, dim));
    assertRefused();
  }

  @Test
  void dataInsideANodeOrAnUnknownType() throws IOException {
    change(model -> model.getGraphBuilder().getInitializerBuilder(0).setDataType(99));
    assertRefused().hasMessageContaining("no fixed size");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused() throws IOException {
    Set<Path> before = contents();
    AbstractThrowableAssert<?, ? extends Throwable> refused =
        assertThatThrownBy(() -> OnnxGraph.read(directory.resolve("model.onnx")))
            .isInstanceOf(ModelFormatException.class)
            .hasMessageContainingAll(directory.resolve("model.onnx").toString(), "embedding");
    assertThat(contents()).isEqualTo(before);
    return refused;
  }

  private Set<Path> contents() throws IOException {
    try (var files = Files.walk(directory)) {
      return new TreeSet<>(files.toList());
    }
  }

  /** Sets one entry of the first weight's external data, and adds it if there is none. */
  private void set(String key, String value) throws IOException {
    change(
        model -> {
          TensorProto.Builder tensor = model.getGraphBuilder().getInitializerBuilder(0);
          for (int i = tensor.getExternalDataCount() - 1; i >= 0; i--) {
            if (tensor.getExternalData(i).getKey().equals(key)) {
              tensor.removeExternalData(i);
            }
          }
          tensor.addExternalData(Nodes.entry(key, value));
        });
  }

  private void change(Consumer<ModelProto.Builder> change) throws IOException {
    Path file = directory.resolve("model.onnx");
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    change.accept(model);
    TinyGraphs.write(model.build(), directory);
  }
}
