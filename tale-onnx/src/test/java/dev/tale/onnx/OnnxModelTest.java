package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tale.Tale;
import dev.tale.model.Batch;
import dev.tale.model.HiddenStates;
import dev.tale.model.LayerInfo;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.RunStatistics;
import dev.tale.model.ScaledLayers;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.onnx.families.Fixtures;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.task.Task;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class OnnxModelTest {
  private static final List<LayerMask> ALL = List.of(LayerMask.none(12));
  private static final Request FINE = new Request.LogLikelihood("not True is", " False");

  private static final Task TASK = BooleanExpressions.task(3, 20, 7);

  private static OnnxModel model;

  @BeforeAll
  static void open() throws IOException {
    model = OnnxModel.builder(NanoLlama.directory()).device(Device.cpu(2)).open();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void tellsWhatItIs() {
    ModelInfo info = model.info();
    assertThat(info.name()).isEqualTo("nano-llama");
    assertThat(info.contextLength()).isEqualTo(256);
    assertThat(info.runtime()).matches("ONNX Runtime \\d+\\.\\d+\\.\\d+, CPU");
    assertThat(info.contentHash()).matches("[0-9a-f]{64}");
    assertThat(info.layers().stream().map(LayerInfo::index))
        .containsExactlyElementsOf(IntStream.range(0, 12).boxed().toList());
    assertThat(info.layers())
        .allSatisfy(
            layer -> assertThat(layer.bytes()).isEqualTo(4 * layer.parameters()).isPositive());
  }

  @Test
  void answersEveryKindOfRequestInOrder() {
    Request generation = new Request.Generation("not True is", List.of("\n"), 3);
    List<LayerMask> masks = List.of(LayerMask.none(12), LayerMask.of(12, 3));
    List<List<Response>> answers = model.respond(List.of(generation, FINE, generation), masks);
    assertThat(answers).hasSize(2);
    for (List<Response> answer : answers) {
      assertThat(answer.get(0)).isInstanceOf(Response.Generation.class).isEqualTo(answer.get(2));
      assertThat(answer.get(1)).isInstanceOf(Response.LogLikelihood.class);
    }
    assertThat(model.respond(List.of(generation, FINE, generation), masks)).isEqualTo(answers);
  }

  @Test
  void twoSearchesFromTwoThreadsFindWhatOneFinds() throws Exception {
    Callable<String> search = () -> Tale.prune(model, TASK).report().toJson();
    String alone = search.call();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (Future<String> together : threads.invokeAll(List.of(search, search))) {
        assertThat(together.get()).isEqualTo(alone);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Not what another search had the same model run meanwhile. */
  @Test
  void eachOfTwoSearchesIsToldWhatItRanItself() throws Exception {
    Callable<List<Long>> search =
        () -> {
          RunStatistics run = Tale.prune(model, TASK).runStatistics().orElseThrow();
          return List.of(run.layerForwards(), run.tokens());
        };
    List<Long> alone = search.call();
    assertThat(alone).allMatch(count -> count > 0);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (Future<List<Long>> together : threads.invokeAll(List.of(search, search, search))) {
        assertThat(together.get()).isEqualTo(alone);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void countsWorkAsItIsShared() {
    List<LayerMask> round = IntStream.range(0, 12).mapToObj(i -> LayerMask.of(12, i)).toList();
    long one = model.cost(Batch.of(List.of(FINE), ALL)).layerForwards();
    assertThat(one).isPositive();
    assertThat(model.cost(Batch.of(List.of(FINE, FINE), ALL)).layerForwards()).isEqualTo(one);
    assertThat(model.cost(Batch.of(List.of(FINE), round)).layerForwards()).isEqualTo(one / 12 * 77);
  }

  @Test
  void aContinuationThatFillsTheContextIsAnswered() {
    String prompt = "a ".repeat(127);
    Request request = new Request.LogLikelihood(prompt, longest(prompt));
    model.check(List.of(request));
    assertThat(model.respond(List.of(request), ALL).get(0).get(0))
        .isInstanceOfSatisfying(
            Response.LogLikelihood.class, answer -> assertThat(answer.sum()).isNegative());
  }

  /** The longest continuation that is accepted. */
  private static String longest(String prompt) {
    String continuation = " b";
    while (isAccepted(prompt, continuation + " b")) {
      continuation += " b";
    }
    return continuation;
  }

  private static boolean isAccepted(String prompt, String continuation) {
    try {
      model.check(List.of(new Request.LogLikelihood(prompt, continuation)));
      return true;
    } catch (UnanswerableRequestException e) {
      assertThat(e.reason()).contains("the context of 256 tokens");
      return false;
    }
  }

  @Test
  void aPromptLongerThanTheContextIsRefusedWithItsPosition() {
    Request tooLong = new Request.LogLikelihood("True and ".repeat(200), "True");
    assertThatThrownBy(() -> model.check(List.of(FINE, FINE, tooLong)))
        .isInstanceOfSatisfying(
            UnanswerableRequestException.class,
            e -> {
              assertThat(e.position()).isEqualTo(2);
              assertThat(e.reason())
                  .contains("context of 256 tokens")
                  .contains("shorten the prompt");
            });
    assertThatThrownBy(() -> model.respond(List.of(tooLong), ALL))
        .isInstanceOf(UnanswerableRequestException.class);
  }

  @Test
  void nothingIsGeneratedWithScaledLayers() {
    Request generation = new Request.Generation("not True is", List.of("\n"), 3);
    double[] gates = new double[12];
    assertThatThrownBy(
            () ->
                model
                    .scaledLayers()
                    .orElseThrow()
                    .respond(List.of(FINE, generation), List.of(gates)))
        .isInstanceOfSatisfying(
            UnanswerableRequestException.class,
            e -> {
              assertThat(e.position()).isEqualTo(1);
              assertThat(e.reason()).contains("ask for log-likelihoods");
            });
  }

  @Test
  void hiddenStatesOf16BitsAreThoseOf32Rounded() throws IOException {
    List<Request> requests = List.of(new Request.LogLikelihood("the quick brown fox", " jumps"));
    try (OnnxModel single = OnnxModel.open(Fixtures.named("qwen25-torchscript").directory());
        OnnxModel half = OnnxModel.open(Fixtures.named("qwen25-torchscript-fp16").directory())) {
      LayerMask mask = LayerMask.none(single.info().layerCount());
      float[][] expected =
          single.hiddenStates().orElseThrow().atLastPromptToken(requests, mask).get(0);
      float[][] states = half.hiddenStates().orElseThrow().atLastPromptToken(requests, mask).get(0);
      for (int boundary = 0; boundary < expected.length; boundary++) {
        float largest = 0;
        for (float value : expected[boundary]) {
          largest = Math.max(largest, Math.abs(value));
        }
        assertThat(states[boundary])
            .as("boundary %d", boundary)
            .isNotEqualTo(expected[boundary])
            .containsExactly(expected[boundary], within(1e-2f * largest));
      }
    }
  }

  @Test
  void anEncoderHasNoPromptToReadAfter() throws IOException {
    try (OnnxModel encoder = OnnxModel.open(Fixtures.named("bert-torchscript").directory())) {
      assertThat(encoder.hiddenStates()).isEmpty();
      assertThat(encoder.scaledLayers()).isPresent();
    }
  }

  @Test
  void abilitiesEndWithTheModel() throws IOException {
    OnnxModel closed = OnnxModel.open(Fixtures.named("qwen25-torchscript").directory());
    HiddenStates hidden = closed.hiddenStates().orElseThrow();
    ScaledLayers scaled = closed.scaledLayers().orElseThrow();
    LayerMask mask = LayerMask.none(closed.info().layerCount());
    double[] gates = new double[closed.info().layerCount()];
    closed.close();
    assertThatThrownBy(() -> hidden.atLastPromptToken(List.of(FINE), mask))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> scaled.respond(List.of(FINE), List.of(gates)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aGenerationMustFitWithAllItsTokens() {
    Request request = new Request.Generation("not True is", List.of(), 256);
    assertThatThrownBy(() -> model.check(List.of(request)))
        .isInstanceOf(UnanswerableRequestException.class)
        .hasMessageContainingAll("256 new tokens", "lower maxNewTokens");
  }

  @Test
  void anEmptyPromptBeginsWithTheBeginningOfText() {
    Request request = new Request.LogLikelihood("", "True");
    assertThat(model.respond(List.of(request), ALL).get(0).get(0))
        .isInstanceOfSatisfying(
            Response.LogLikelihood.class, answer -> assertThat(answer.tokens()).isPositive());
  }

  @Test
  void aDecoderIsNotAskedForSimilarity() {
    Request similarity = new Request.Similarity("a", "b");
    assertThatThrownBy(() -> model.respond(List.of(FINE, similarity), ALL))
        .isInstanceOfSatisfying(
            UnanswerableRequestException.class, e -> assertThat(e.position()).isEqualTo(1))
        .hasMessageContaining("a decoder has no embeddings");
  }

  @Test
  void aMaskForAnotherModelIsRefused() {
    assertThatThrownBy(() -> model.respond(List.of(FINE), List.of(LayerMask.none(24))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("24 layers or parts", "the model has 12");
    assertThatThrownBy(
            () -> model.cost(Batch.of(List.of(FINE), List.of(LayerMask.none(11)))).layerForwards())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void aDeviceNeedsAThread(int threads) {
    assertThatThrownBy(() -> Device.cpu(threads))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("threads is " + threads);
  }

  @Test
  void devicesTellWhatTheyAre() {
    assertThat(Device.cpu(3)).hasToString("CPU, 3 threads");
    assertThat(Device.cuda(1)).hasToString("CUDA device 1");
    assertThatThrownBy(() -> Device.cuda(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
