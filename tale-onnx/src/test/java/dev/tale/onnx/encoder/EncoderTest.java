package dev.tale.onnx.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.MoreFiles;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelExporter.Export;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.onnx.Device;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.families.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderTest {
  private static final LayerMask ALL = LayerMask.none(4);
  private static final Request FINE = new Request.Similarity("a cat", "the quick dog");

  @TempDir Path scratch;
  private Path directory;

  @BeforeEach
  void copyModel() throws IOException {
    directory = Files.createDirectory(scratch.resolve("bert"));
    Path original = Fixtures.named("bert-torchscript").directory();
    for (Path file : MoreFiles.listFiles(original)) {
      Files.copy(file, directory.resolve(file.getFileName().toString()));
    }
  }

  private OnnxModel open() throws IOException {
    return OnnxModel.builder(directory).device(Device.cpu(1)).open();
  }

  private static double cosine(OnnxModel model, Request request) {
    List<List<Response>> answers = model.respond(List.of(request), List.of(ALL));
    return ((Response.Similarity) answers.get(0).get(0)).cosine();
  }

  @Test
  void aTextIsAsSimilarToAnotherAsThatIsToIt() throws IOException {
    try (OnnxModel model = open()) {
      double cosine = cosine(model, FINE);
      assertThat(cosine).isBetween(-1.0, 1.0).isNotEqualTo(1);
      assertThat(cosine(model, new Request.Similarity("the quick dog", "a cat"))).isEqualTo(cosine);
      assertThat(cosine(model, new Request.Similarity("a cat", "a cat"))).isEqualTo(1);
      assertThat(cosine(model, new Request.Similarity("", "a cat"))).isBetween(-1.0, 1.0);
    }
  }

  @Test
  void whatOnlyDecodersAnswerIsRefusedBeforeAnythingRuns() throws IOException {
    try (OnnxModel model = open()) {
      for (Request request :
          List.of(
              new Request.LogLikelihood("a", " b"), new Request.Generation("a", List.of(), 3))) {
        assertThatThrownBy(() -> model.respond(List.of(FINE, request), List.of(ALL)))
            .isInstanceOfSatisfying(
                UnanswerableRequestException.class, e -> assertThat(e.position()).isEqualTo(1))
            .hasMessageContainingAll("encoder", "Task.similarity");
        assertThatThrownBy(() -> model.check(List.of(request)))
            .isInstanceOf(UnanswerableRequestException.class);
      }
    }
  }

  @Test
  void aTextThatIsLongerThanTheContextIsRefused() throws IOException {
    try (OnnxModel model = open()) {
      assertThat(model.info().contextLength()).isEqualTo(64);
      Request tooLong = new Request.Similarity("a", "x y ".repeat(64));
      assertThatThrownBy(() -> model.check(List.of(FINE, FINE, tooLong)))
          .isInstanceOfSatisfying(
              UnanswerableRequestException.class, e -> assertThat(e.position()).isEqualTo(2))
          .hasMessageContainingAll("64 tokens", "x y x y", "shorten");
    }
  }

  @Test
  void anExportIsComparedInItsHiddenStates() throws IOException {
    try (OnnxModel model = open()) {
      LayerMask mask = LayerMask.of(4, 1, 2);
      Export export =
          model
              .exporter()
              .orElseThrow()
              .export(mask, scratch.resolve("out"), Map.of(), List.of(FINE, FINE));
      assertThat(export.maxAbsDifference()).isLessThanOrEqualTo(1e-4);
      assertThat(export.verifiedPrompts()).isEqualTo(2);
      try (OnnxModel written = OnnxModel.builder(export.directory()).device(Device.cpu(1)).open()) {
        assertThat(written.respond(List.of(FINE), List.of(LayerMask.none(2))))
            .isEqualTo(model.respond(List.of(FINE), List.of(mask)));
      }
    }
  }

  /** Position 0 of RoBERTa is the one after the padding token's number. */
  @Test
  void positionsThatRobertaDoesNotUseDoNotCount() throws IOException {
    Path file = directory.resolve("config.json");
    String config = Files.readString(file);
    Files.writeString(
        file, config.replace("\"model_type\": \"bert\"", "\"model_type\": \"roberta\""));
    try (OnnxModel model = open()) {
      assertThat(model.info().contextLength()).as("64 - (3 + 1)").isEqualTo(60);
    }
  }
}
