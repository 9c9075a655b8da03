package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.MoreFiles;
import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.Timing;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.families.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes that a model fixes for its inputs are kept to, or refused when it is opened. */
@Tag("slow")
class InputSizesTest {
  private static final String DECODER = "llama31-torchscript";
  private static final String ENCODER = "bert-torchscript";
  private static final List<LayerMask> MASKS = List.of(LayerMask.none(4), LayerMask.of(4, 1));

  private static final List<Request> TEXT =
      List.of(
          new Request.LogLikelihood("the quick brown", " fox"),
          new Request.LogLikelihood("the quick brown", " cat"),
          new Request.LogLikelihood("x", " on"),
          new Request.Generation("the fox", List.of(), 3));

  private static final List<Request> PAIRS =
      List.of(
          new Request.Similarity("the quick dog", "a cat"),
          new Request.Similarity("x", "the dog and the fox"));

  @TempDir private Path scratch;

  /** Dimension 0 or 1 of each input at that size, or 0 to leave it open. */
  @ParameterizedTest
  @CsvSource({"1, 0", "0, 24", "1, 24"})
  void decoder(int batch, int length) throws IOException {
    Path fixed = copy(DECODER, Map.of("batch", batch, "sequence", length));
    assertSameAnswers(DECODER, fixed, TEXT);
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "0, 24", "1, 24"})
  void encoder(int batch, int length) throws IOException {
    assertSameAnswers(ENCODER, copy(ENCODER, Map.of("batch", batch, "sequence", length)), PAIRS);
  }

  private void assertSameAnswers(String original, Path fixed, List<Request> requests)
      throws IOException {
    try (OnnxModel open = OnnxModel.open(Fixtures.named(original).directory());
        OnnxModel model = OnnxModel.open(fixed)) {
      List<List<Response>> expected = open.respond(requests, MASKS);
      List<List<Response>> answers = model.respond(requests, MASKS);
      for (int mask = 0; mask < MASKS.size(); mask++) {
        for (int row = 0; row < requests.size(); row++) {
          assertClose(answers.get(mask).get(row), expected.get(mask).get(row));
        }
      }
      assertThat(
              model
                  .exporter()
                  .orElseThrow()
                  .export(MASKS.get(1), scratch.resolve("out"), Map.of(), requests)
                  .maxAbsDifference())
          .isLessThan(1e-3);
      Timing timing = new Timing(1, 1, Timing.MIN_TURNS, Duration.ofSeconds(1));
      assertThat(model.latencyMeter().orElseThrow().measure(MASKS, requests, timing).models())
          .hasSize(2);
    }
  }

  private static void assertClose(Response answer, Response expected) {
    if (expected instanceof Response.LogLikelihood likelihood) {
      assertThat(((Response.LogLikelihood) answer).sum()).isCloseTo(likelihood.sum(), within(1e-3));
    } else if (expected instanceof Response.Similarity similarity) {
      assertThat(((Response.Similarity) answer).cosine())
          .isCloseTo(similarity.cosine(), within(1e-5));
    } else {
      assertThat(answer).isEqualTo(expected);
    }
  }

  @Test
  void aFixedLengthIsTheContext() throws IOException {
    try (OnnxModel model = OnnxModel.open(copy(DECODER, Map.of("sequence", 8)))) {
      assertThat(model.info().contextLength()).isEqualTo(8);
      List<Request> tooLong = List.of(new Request.LogLikelihood("the quick brown fox", " jumps"));
      assertThatThrownBy(() -> model.check(tooLong))
          .isInstanceOf(UnanswerableRequestException.class)
          .hasMessageContaining("context of 8 tokens");
    }
  }

  @Test
  void batchesOfModelsForOneRowAreNotTimed() throws IOException {
    try (OnnxModel model = OnnxModel.open(copy(DECODER, Map.of("batch", 1)))) {
      Timing timing = new Timing(2, 1, Timing.MIN_TURNS, Duration.ofSeconds(1));
      assertThatThrownBy(() -> model.latencyMeter().orElseThrow().measure(MASKS, TEXT, timing))
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContainingAll("one sequence in a run", "batches of 2", "batch size of 1");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "batch, 4, input input_ids, 'dimension 0, the batch, at 4', open or 1",
    "sequence, 1, input input_ids, 'dimension 1, the sequence, at 1', one token at a time",
    "past, 8, input past_key_values.0.key, 'dimension 2, the tokens of a cache, at 8', open",
    "mask, 24, input attention_mask, 'dimension 1, the sequence, at 24', at 16"
  })
  void refused(String dimension, int size, String input, String where, String why)
      throws IOException {
    Path directory =
        copy(
            DECODER,
            dimension.equals("mask")
                ? ImmutableMap.of("sequence", 16, "mask", size)
                : Map.of(dimension, size));
    assertThatThrownBy(() -> OnnxModel.open(directory))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll("model.onnx", input, where, why);
  }

  @Test
  void cachesThatStayEmpty() throws IOException {
    Path directory =
        copy(
            DECODER,
            input -> {
              if (input.getName().startsWith("past")) {
                input
                    .getTypeBuilder()
                    .getTensorTypeBuilder()
                    .getShapeBuilder()
                    .getDimBuilder(2)
                    .setDimValue(0);
              }
            });
    assertThatThrownBy(() -> OnnxModel.open(directory))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll("past_key_values.0.key", "the tokens of a cache, at 0", "open");
  }

  @Test
  void numbersOfAnotherType() throws IOException {
    Path directory =
        copy(
            ENCODER,
            input ->
                input.getTypeBuilder().getTensorTypeBuilder().setElemType(DataType.INT32_VALUE));
    assertThatThrownBy(() -> OnnxModel.open(directory))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll("input input_ids", "element type INT32", "int64");
  }

  private Path copy(String name, Map<String, Integer> sizes) throws IOException {
    return copy(
        name,
        input -> {
          boolean cache = input.getName().startsWith("past");
          boolean mask = input.getName().equals("attention_mask");
          set(input, 0, sizes.getOrDefault("batch", 0));
          if (cache) {
            set(input, 2, sizes.getOrDefault("past", 0));
          } else {
            int length = sizes.getOrDefault("sequence", 0);
            set(input, 1, mask ? sizes.getOrDefault("mask", length) : length);
          }
        });
  }

  private static void set(ValueInfoProto.Builder input, int dimension, int size) {
    if (size > 0) {
      input
          .getTypeBuilder()
          .getTensorTypeBuilder()
          .getShapeBuilder()
          .getDimBuilder(dimension)
          .setDimValue(size);
    }
  }

  /** A copy of a fixture whose inputs are declared otherwise. */
  private Path copy(String name, Consumer<ValueInfoProto.Builder> change) throws IOException {
    Path source = Fixtures.named(name).directory();
    Path directory = Files.createDirectory(scratch.resolve(name));
    for (Path file : MoreFiles.fileTraverser().depthFirstPreOrder(source)) {
      if (Files.isRegularFile(file)) {
        String flat = String.valueOf(file.getFileName());
        Files.copy(file, directory.resolve(flat));
      }
    }
    Path graph = directory.resolve("model.onnx");
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(graph)).toBuilder();
    model.getGraphBuilder().getInputBuilderList().forEach(change);
    model.getGraphBuilder().clearValueInfo();
    Files.write(graph, model.build().toByteArray());
    return directory;
  }
}
