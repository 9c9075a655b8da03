package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.LayerMask;
import dev.tale.model.ModelExporter;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.onnx.nano.NanoLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose weights lie in a file of their own gives the same answers. */
@Tag("slow")
class ExternalWeightsTest {
  private static final List<LayerMask> MASKS = List.of(LayerMask.none(12), LayerMask.of(12, 2, 8));
  private static final List<Request> REQUESTS =
      List.of(
          new Request.LogLikelihood("not True is", " False"),
          new Request.Generation("True and False is", List.of(), 4));

  @TempDir Path parent;
  private Path directory;
  private List<List<Response>> expected;

  @BeforeEach
  void moveWeights() throws IOException {
    try (OnnxModel model = OnnxModel.builder(NanoLlama.directory()).device(Device.cpu(2)).open()) {
      expected = model.respond(REQUESTS, MASKS);
    }
    directory = ExternalNano.in(parent);
  }

  @Test
  void answersAndExportsAreTheSame() throws IOException {
    assertThat(Files.size(directory.resolve("model.onnx"))).isLessThan(1 << 20);
    Path out = parent.resolve("out");
    try (OnnxModel model = OnnxModel.builder(directory).device(Device.cpu(2)).open()) {
      assertThat(model.respond(REQUESTS, MASKS)).isEqualTo(expected);
      ModelExporter.Export export =
          model.exporter().orElseThrow().export(MASKS.get(1), out, Map.of(), REQUESTS);
      assertThat(export.bytes())
          .isEqualTo(
              Files.size(out.resolve("model.onnx"))
                  + Files.size(out.resolve(ExternalNano.WEIGHTS)));
    }
    try (OnnxModel written = OnnxModel.builder(out).device(Device.cpu(2)).open()) {
      assertThat(written.respond(REQUESTS, List.of(LayerMask.none(10))).get(0))
          .isEqualTo(expected.get(1));
    }
  }

  @Test
  void anInterruptedExportLeavesNothing() throws IOException {
    Path out = parent.resolve("out");
    try (OnnxModel model = OnnxModel.open(directory)) {
      ModelExporter exporter = model.exporter().orElseThrow();
      Thread.currentThread().interrupt();
      try {
        assertThatThrownBy(() -> exporter.export(MASKS.get(1), out, Map.of(), REQUESTS))
            .isInstanceOf(CancellationException.class);
      } finally {
        assertThat(Thread.interrupted()).as("interrupt flag").isTrue();
      }
      assertThat(out).doesNotExist();
      exporter.export(MASKS.get(1), out, Map.of(), REQUESTS);
    }
    assertThat(out).exists();
  }

  @Test
  void aRelativePathIsAsGood() throws IOException {
    Path relative = Path.of("").toAbsolutePath().relativize(directory.toAbsolutePath());
    try (OnnxModel model = OnnxModel.builder(relative).device(Device.cpu(1)).open()) {
      assertThat(model.info().layerCount()).isEqualTo(12);
    }
  }
}
