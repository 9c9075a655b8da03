package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.Granularity;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelDescription;
import dev.tale.model.ModelFormatException;
import dev.tale.model.Request;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.families.Fixtures;
import dev.tale.onnx.nano.NanoLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class OnnxDescriptionTest {
  private static final Request SCORE = new Request.LogLikelihood("not True is", " False");
  private static final Request SIMILARITY = new Request.Similarity("a b c", "d");

  @Test
  void aDecoderIsDescribedAsItIsOpen() throws IOException {
    String shared = "not ( True and False ) and not ( True or False ) is";
    List<Request> requests =
        List.of(
            SCORE,
            new Request.Generation("not True is", List.of("\n"), 3),
            new Request.LogLikelihood(shared, " True"),
            new Request.LogLikelihood(shared, " False"));
    Request tooLong = new Request.LogLikelihood("True and ".repeat(200), "True");
    assertSame(OnnxModel.builder(NanoLlama.directory()), requests, List.of(SIMILARITY, tooLong));
  }

  @Test
  void anEncoderIsDescribedAsItIsOpen() throws IOException {
    List<Request> requests =
        List.of(SIMILARITY, new Request.Similarity("the quick brown fox", "d"), SIMILARITY);
    Request tooLong = new Request.Similarity("a", "b ".repeat(4000));
    assertSame(
        OnnxModel.builder(Fixtures.named("bert-torchscript").directory())
            .granularity(Granularity.SUBLAYER),
        requests,
        List.of(SCORE, tooLong));
  }

  private static void assertSame(
      OnnxModel.Builder builder, List<Request> requests, List<Request> unanswerable)
      throws IOException {
    builder.device(Device.cpu(2));
    try (ModelDescription described = builder.describe();
        OnnxModel open = builder.open()) {
      assertThat(described.info()).isEqualTo(open.info());
      int layers = described.info().layerCount();
      List<LayerMask> masks = new ArrayList<>(List.of(LayerMask.none(layers)));
      IntStream.range(0, layers).forEach(layer -> masks.add(LayerMask.of(layers, layer)));
      Batch batch = Batch.of(requests, masks);
      assertThat(described.cost(batch)).isEqualTo(open.cost(batch)).isEqualTo(costOf(open, batch));
      assertThat(described.cost(batch).layerForwards()).isPositive();
      described.check(requests);
      for (Request request : unanswerable) {
        assertSameRefusal(described, open, List.of(requests.get(0), request));
      }
      Batch other = Batch.of(requests, List.of(LayerMask.none(layers + 1)));
      assertThatThrownBy(() -> described.cost(other)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Object costOf(OnnxModel open, Batch batch) {
    List<Answer> answers = new ArrayList<>();
    open.answer(List.of(batch), answers::add);
    return answers.get(0).cost();
  }

  private static void assertSameRefusal(
      ModelDescription described, ModelDescription open, List<Request> requests) {
    UnanswerableRequestException of = refusal(described, requests);
    assertThat(of.position()).isEqualTo(1);
    assertThat(of).hasMessage(refusal(open, requests).getMessage());
    Batch batch = Batch.of(requests, List.of(LayerMask.none(described.info().layerCount())));
    assertThatThrownBy(() -> described.cost(batch)).hasMessage(of.getMessage());
  }

  private static UnanswerableRequestException refusal(
      ModelDescription model, List<Request> requests) {
    return catchThrowableOfType(UnanswerableRequestException.class, () -> model.check(requests));
  }

  @Test
  void closed_saysSo() throws IOException {
    ModelDescription closed = OnnxModel.describe(NanoLlama.directory());
    Batch batch = Batch.of(List.of(SCORE), List.of(LayerMask.none(12)));
    assertThat(closed.cost(batch).layerForwards()).isPositive();
    closed.close();
    closed.close();
    assertThat(closed.info().layerCount()).isEqualTo(12);
    assertThatThrownBy(() -> closed.check(List.of(SCORE)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
    assertThatThrownBy(() -> closed.cost(batch))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
  }

  /** A session would need the device. */
  @Test
  void nothingIsLoaded() throws IOException {
    OnnxModel.Builder absent = OnnxModel.builder(NanoLlama.directory()).device(Device.cuda(7));
    assertThatThrownBy(absent::open).isInstanceOf(UnsupportedModelException.class);
    try (ModelDescription described = absent.describe()) {
      assertThat(described.info().runtime()).endsWith("CUDA device 7");
      described.check(List.of(SCORE));
      assertThat(
              described.cost(Batch.of(List.of(SCORE), List.of(LayerMask.none(12)))).layerForwards())
          .isPositive();
    }
  }

  @Test
  void badFiles_areRefusedAsByOpen(@TempDir Path directory) throws IOException {
    NanoLlama.copyTo(directory);
    Files.writeString(directory.resolve("tokenizer.json"), "{");
    assertThatThrownBy(() -> OnnxModel.describe(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(
            catchThrowableOfType(ModelFormatException.class, () -> OnnxModel.open(directory))
                .getMessage());
  }

  @Test
  void theDateOfTheTemplateIsPartOfTheContent(@TempDir Path directory) throws IOException {
    NanoLlama.copyTo(directory);
    Files.writeString(directory.resolve("chat_template.jinja"), "{{ strftime_now('%d') }}");
    String usual = hash(OnnxModel.builder(directory));
    assertThat(hash(OnnxModel.builder(directory).date(LocalDate.of(2024, 7, 26)))).isEqualTo(usual);
    assertThat(hash(OnnxModel.builder(directory).date(LocalDate.of(2031, 1, 2))))
        .isNotEqualTo(usual);
  }

  private static String hash(OnnxModel.Builder builder) throws IOException {
    try (ModelDescription described = builder.describe()) {
      return described.info().contentHash();
    }
  }
}
