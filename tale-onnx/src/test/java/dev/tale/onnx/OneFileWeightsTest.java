package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.LayerMask;
import dev.tale.model.ModelExporter;
import dev.tale.model.ModelFormatException;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.nano.NanoLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large model in one file, whose weights never come into the heap, gives the same answers. */
@Tag("slow")
class OneFileWeightsTest {
  private static final List<LayerMask> MASKS = List.of(LayerMask.none(12), LayerMask.of(12, 2, 8));
  private static final List<Request> REQUESTS =
      List.of(
          new Request.LogLikelihood("not True is", " False"),
          new Request.Generation("True and False is", List.of(), 4));

  @TempDir Path parent;
  private Path directory;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    directory = OneFileNano.in(parent);
    file = directory.resolve("model.onnx");
  }

  @Test
  void answersAndExportsAreThoseOfTheSmallFile() throws IOException {
    Path out = parent.resolve("out");
    Path expected = parent.resolve("expected");
    List<List<Response>> answers;
    try (OnnxModel model = OnnxModel.open(NanoLlama.directory())) {
      answers = model.respond(REQUESTS, MASKS);
      model.exporter().orElseThrow().export(MASKS.get(1), expected, Map.of(), REQUESTS);
    }
    try (OnnxModel model = OnnxModel.open(directory)) {
      assertThat(model.respond(REQUESTS, MASKS)).isEqualTo(answers);
      ModelExporter.Export export =
          model.exporter().orElseThrow().export(MASKS.get(1), out, Map.of(), REQUESTS);
      assertThat(export.bytes()).isEqualTo(Files.size(out.resolve("model.onnx")));
    }
    // The weight that nothing reads is gone, so the files are equal but for the order of fields.
    assertThat(Files.size(out.resolve("model.onnx")))
        .isEqualTo(Files.size(expected.resolve("model.onnx")));
    try (OnnxModel written = OnnxModel.open(out)) {
      assertThat(written.respond(REQUESTS, List.of(LayerMask.none(10))).get(0))
          .isEqualTo(answers.get(1));
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
  void aFileThatChangesIsRefused() throws IOException {
    try (OnnxModel model = OnnxModel.open(directory)) {
      model.respond(REQUESTS, MASKS);
      Path other = Files.write(file.resolveSibling("other"), changed());
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
      assertThatThrownBy(() -> model.respond(REQUESTS, MASKS))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContainingAll(file.toString(), "changed or gone", "open it again");
      assertThatThrownBy(
              () ->
                  model
                      .exporter()
                      .orElseThrow()
                      .export(MASKS.get(1), parent.resolve("out"), Map.of(), REQUESTS))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining(file.toString());
    }
  }

  private byte[] changed() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2]++;
    return bytes;
  }

  /** Its own file is not weights from elsewhere, whatever other names it has. */
  @Test
  void hardAndSymbolicLinksAreOpened() throws IOException {
    Path hard = Files.createDirectory(parent.resolve("hard")).resolve("model.onnx");
    Files.createLink(hard, file);
    for (String name : List.of("tokenizer.json", "config.json")) {
      Files.copy(directory.resolve(name), hard.resolveSibling(name));
    }
    Path linked = Files.createDirectory(parent.resolve("linked")).resolve("model.onnx");
    Files.createSymbolicLink(linked, file);
    for (String name : List.of("tokenizer.json", "config.json")) {
      Files.copy(directory.resolve(name), linked.resolveSibling(name));
    }
    try (OnnxModel original = OnnxModel.open(directory);
        OnnxModel one = OnnxModel.open(hard.getParent());
        OnnxModel other = OnnxModel.open(linked.getParent())) {
      List<List<Response>> answers = original.respond(REQUESTS, MASKS);
      assertThat(one.respond(REQUESTS, MASKS)).isEqualTo(answers);
      assertThat(other.respond(REQUESTS, MASKS)).isEqualTo(answers);
    }
  }
}
