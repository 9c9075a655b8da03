package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.LayerMask;
import dev.tale.model.ModelExporter;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.onnx.nano.NanoLlama;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportTest {
  private static final LayerMask MASK = LayerMask.of(12, 3, 7);
  private static final List<Request> REQUESTS =
      List.of(
          new Request.LogLikelihood("not True is", " False"),
          new Request.LogLikelihood("not True is", " True and so on"),
          new Request.Generation("True and False is", List.of(), 4));

  @TempDir Path parent;
  private OnnxModel model;

  @BeforeEach
  void open() throws IOException {
    model = OnnxModel.builder(NanoLlama.directory()).device(Device.cpu(2)).open();
  }

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void theWrittenModelAnswersAsTheOriginalUnderTheMask() throws IOException {
    ModelExporter.Export export = export(MASK, parent.resolve("out"), REQUESTS);
    assertThat(export.directory()).isEqualTo(parent.resolve("out"));
    assertThat(export.mask()).isEqualTo(MASK);
    assertThat(export.verifiedPrompts()).isBetween(1, REQUESTS.size());
    assertThat(export.maxAbsDifference()).isLessThanOrEqualTo(1e-4);
    assertThat(export.bytes())
        .isEqualTo(Files.size(parent.resolve("out/model.onnx")))
        .isLessThan(Files.size(NanoLlama.directory().resolve("model.onnx")));
    try (OnnxModel written = OnnxModel.builder(export.directory()).device(Device.cpu(2)).open()) {
      assertThat(written.info().layerCount()).isEqualTo(10);
      assertThat(written.metadata()).containsEntry("tale.test", "1");
      assertThat(written.info().contentHash()).isNotEqualTo(model.info().contentHash());
      List<Response> expected = model.respond(REQUESTS, List.of(MASK)).get(0);
      List<Response> actual = written.respond(REQUESTS, List.of(LayerMask.none(10))).get(0);
      assertThat(sum(actual.get(1))).isCloseTo(sum(expected.get(1)), within());
      assertThat(actual.get(2)).isEqualTo(expected.get(2));
    }
    assertNothingElseThan("out");
  }

  @Test
  void anOccupiedDirectoryIsLeftAlone() throws IOException {
    Path out = Files.createDirectory(parent.resolve("out"));
    Files.writeString(out.resolve("mine.txt"), "mine");
    assertThatThrownBy(() -> export(MASK, out, REQUESTS))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining(out.toString());
    assertThat(out.resolve("mine.txt")).hasContent("mine");
    assertNothingElseThan("out");
  }

  @Test
  void anExportWithNothingToVerifyIsRefused() throws IOException {
    assertThatThrownBy(() -> export(MASK, parent.resolve("out"), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 verification requests");
    assertNothingElseThan();
  }

  @Test
  void aMaskThatCannotBeWrittenIsRefused() throws IOException {
    LayerMask none = LayerMask.of(12, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    assertThatThrownBy(() -> export(none, parent.resolve("out"), REQUESTS))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> export(LayerMask.none(5), parent.resolve("out"), REQUESTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5 layers");
    assertNothingElseThan();
  }

  private ModelExporter.Export export(LayerMask mask, Path out, List<Request> verification)
      throws IOException {
    return model.exporter().orElseThrow().export(mask, out, Map.of("tale.test", "1"), verification);
  }

  private void assertNothingElseThan(String... names) throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly(names);
    }
  }

  private static double sum(Response response) {
    return ((Response.LogLikelihood) response).sum();
  }

  private static Offset<Double> within() {
    return Offset.offset(1e-4);
  }
}
