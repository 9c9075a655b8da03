package dev.tale.onnx.session;

import static dev.tale.onnx.session.NanoSession.LAYERS;
import static dev.tale.onnx.session.NanoSession.greedyRound;
import static dev.tale.onnx.session.NanoSession.responder;
import static dev.tale.onnx.session.NanoSession.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelOutputException;
import dev.tale.model.Response;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.runtime.PlainSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import dev.tale.onnx.session.walk.Traversal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class GatedSessionTest extends WithNanoSession {
  private static final long SEED = 20;
  private static final String NO_MEMORY =
      "Non-zero status code returned while running MatMul node: Failed to allocate memory for"
          + " requested buffer of size 268435456";

  @Override
  GatedSession openSession() throws IOException {
    return NanoSession.open();
  }

  @Test
  void aGreedyRoundRuns77LayersInsteadOf132() {
    List<TokenRequest> batch = NanoSession.equalRows(8, new Random(SEED));
    List<List<Response>> shared = responder(session).answer(batch, greedyRound()).responses();
    assertThat(session.runs().layers()).isEqualTo(77);
    assertThat(session.runs().count()).as("10 steps forth, 12 to the head").isEqualTo(22);
    List<List<Response>> naive =
        responder(session, Traversal::oneByOne).answer(batch, greedyRound()).responses();
    assertThat(session.runs().layers()).isEqualTo(77 + 132);
    assertThat(shared).isEqualTo(naive);
  }

  @Test
  void sharingGivesTheSameBitsUnderRandomMasks() {
    Random random = new Random(SEED);
    for (int round = 0; round < 3; round++) {
      List<TokenRequest> requests = new ArrayList<>(rows(20, random));
      requests.add(NanoSession.generation(9, 4, random));
      List<LayerMask> masks = Stream.generate(() -> mask(random)).limit(7).toList();
      List<List<Response>> shared = responder(session).answer(requests, masks).responses();
      assertThat(shared)
          .as("seed %s, round %s", SEED, round)
          .isEqualTo(responder(session, Traversal::oneByOne).answer(requests, masks).responses())
          .isEqualTo(responder(session).answer(requests, masks).responses());
    }
  }

  @Test
  void aMaskMayRemoveEveryLayer() {
    LayerMask none = LayerMask.of(LAYERS, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    Response answer =
        responder(session)
            .answer(rows(1, new Random(SEED)), List.of(none))
            .responses()
            .get(0)
            .get(0);
    assertThat(NanoSession.likelihood(answer).sum()).isNegative();
    assertThat(session.runs().layers()).isZero();
  }

  @Test
  void likelihoodsAreThoseOfTheLogits() {
    List<TokenRequest> requests = rows(8, new Random(SEED));
    LayerMask mask = LayerMask.of(LAYERS, 2, 9);
    List<Response> answers = responder(session).answer(requests, List.of(mask)).responses().get(0);
    for (int i = 0; i < requests.size(); i++) {
      TokenRequest.Score score = (TokenRequest.Score) requests.get(i);
      Response.LogLikelihood answer = NanoSession.likelihood(answers.get(i));
      Naive naive = Naive.of(session, score, mask);
      assertThat(answer.sum()).as("request %s", i).isCloseTo(naive.sum, within(1e-4));
      assertThat(answer.greedy()).as("request %s", i).isEqualTo(naive.greedy);
      assertThat(answer.tokens()).isEqualTo(score.tokens().length() - score.from());
    }
  }

  @Test
  void nothingToAskIsAnsweredWithNothing() {
    assertThat(responder(session).answer(List.of(), greedyRound()).responses())
        .hasSize(12)
        .containsOnly(List.of());
    assertThat(responder(session).answer(rows(1, new Random(SEED)), List.of()).responses())
        .isEmpty();
    assertThat(session.runs().count()).isZero();
  }

  @Test
  void aBatchThatDoesNotFitIsHalved() {
    List<TokenRequest> requests = NanoSession.equalRows(24, new Random(SEED));
    List<List<Response>> expected = responder(session).answer(requests, greedyRound()).responses();
    List<Long> refused = new ArrayList<>();
    session
        .runs()
        .intercept(
            runner ->
                (inputs, outputs) -> {
                  long sequences = inputs.get("input_ids").getInfo().getShape()[0];
                  if (sequences > 5) {
                    refused.add(sequences);
                    throw new OrtException(
                        OrtException.OrtErrorCode.ORT_RUNTIME_EXCEPTION, NO_MEMORY);
                  }
                  return runner.run(inputs, outputs);
                });
    List<List<Response>> halved = responder(session).answer(requests, greedyRound()).responses();
    assertThat(refused).as("later calls start with what fitted").contains(16L, 8L);
    for (int mask = 0; mask < expected.size(); mask++) {
      for (int i = 0; i < requests.size(); i++) {
        assertThat(NanoSession.likelihood(halved.get(mask).get(i)).sum())
            .isCloseTo(NanoSession.likelihood(expected.get(mask).get(i)).sum(), within(1e-4));
      }
    }
    refused.clear();
    responder(session).answer(requests, greedyRound()).responses();
    assertThat(refused).isEmpty();
  }

  @Test
  void aFailureInTheMiddleOfAWalkIsRepeatedFromItsBeginning() {
    List<TokenRequest> requests = rows(16, new Random(SEED));
    List<List<Response>> expected = responder(session).answer(requests, greedyRound()).responses();
    int[] runs = {0};
    session
        .runs()
        .intercept(
            runner ->
                (inputs, outputs) -> {
                  if (runs[0]++ == 9) {
                    throw new OrtException(OrtException.OrtErrorCode.ORT_FAIL, "std::bad_alloc");
                  }
                  return runner.run(inputs, outputs);
                });
    List<List<Response>> repeated = responder(session).answer(requests, greedyRound()).responses();
    assertThat(NanoSession.likelihood(repeated.get(11).get(31)).sum())
        .isCloseTo(NanoSession.likelihood(expected.get(11).get(31)).sum(), within(1e-4));
  }

  @Test
  void oneSequenceThatDoesNotFitIsAnError() {
    session
        .runs()
        .intercept(
            runner ->
                (inputs, outputs) -> {
                  throw new OrtException(OrtException.OrtErrorCode.ORT_FAIL, NO_MEMORY);
                });
    assertThatThrownBy(
            () -> responder(session).answer(rows(5, new Random(SEED)), greedyRound()).responses())
        .isInstanceOf(ModelOutputException.class)
        .hasMessageContaining("1 sequences")
        .hasMessageContaining("Failed to allocate memory")
        .hasMessageContaining("shorter prompts")
        .hasRootCauseInstanceOf(OrtException.class);
  }

  @Test
  void anotherFailureIsNotRepeated() {
    int[] runs = {0};
    session
        .runs()
        .intercept(
            runner ->
                (inputs, outputs) -> {
                  runs[0]++;
                  throw new OrtException(
                      OrtException.OrtErrorCode.ORT_INVALID_ARGUMENT, "bad shape");
                });
    assertThatThrownBy(
            () -> responder(session).answer(rows(5, new Random(SEED)), greedyRound()).responses())
        .isInstanceOf(ModelOutputException.class)
        .hasMessageContaining("bad shape");
    assertThat(runs[0]).isEqualTo(1);
  }

  @Test
  void anInterruptCancelsBetweenRunsAndStays() {
    int[] runs = {0};
    session
        .runs()
        .intercept(
            runner ->
                (inputs, outputs) -> {
                  if (++runs[0] == 5) {
                    Thread.currentThread().interrupt();
                  }
                  return runner.run(inputs, outputs);
                });
    assertThatThrownBy(
            () -> responder(session).answer(rows(30, new Random(SEED)), greedyRound()).responses())
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    assertThat(runs[0]).isEqualTo(5);
  }

  @Test
  void aClosedSessionSaysSo() {
    session.close();
    assertThatThrownBy(
            () -> responder(session).answer(rows(1, new Random(SEED)), greedyRound()).responses())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(
            () -> session.output(ImmutableLongArray.of(5), List.of(0), LayerMask.none(LAYERS)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aModelThatTheRuntimeRefusesLeavesNothingOpen(@TempDir Path directory) throws IOException {
    Path broken = Files.write(directory.resolve("model.onnx"), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> PlainSession.open(broken, "logits", SessionConfig.cpu(1)))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining(broken.toString());
  }

  @Test
  void aDeviceThatIsNotThereIsNamed() {
    assertThatThrownBy(
            () ->
                PlainSession.open(
                    NanoLlama.directory().resolve("model.onnx"), "logits", SessionConfig.cuda(3)))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll("CUDA device 3", "onnxruntime_gpu", "cuDNN", "Device.cpu()");
  }

  @Test
  void aGraphForAnotherDeviceIsRefused() throws IOException {
    var graph = NanoSession.graph(NanoLlama.directory().resolve("model.onnx"));
    assertThatThrownBy(() -> GatedSession.open(graph, SessionConfig.cuda(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("BOOL", "LENGTH");
  }

  private static LayerMask mask(Random random) {
    return LayerMask.of(
        LAYERS, random.ints(0, LAYERS).distinct().limit(random.nextInt(7)).toArray());
  }

  private static Offset<Double> within(double tolerance) {
    return Offset.offset(tolerance);
  }

  /** Log-likelihood from all logits, in double precision. */
  private record Naive(double sum, boolean greedy) {
    static Naive of(GatedSession session, TokenRequest.Score score, LayerMask mask) {
      double sum = 0;
      boolean greedy = true;
      for (int i = score.from(); i < score.tokens().length(); i++) {
        ImmutableLongArray before = score.tokens().subArray(0, i);
        float[] logits = session.output(before, List.of(i - 1), mask).get(0);
        int token = (int) score.tokens().get(i);
        double total = 0;
        for (float logit : logits) {
          total += Math.exp(logit);
          greedy &= logit <= logits[token];
        }
        sum += logits[token] - Math.log(total);
      }
      return new Naive(sum, greedy);
    }
  }
}
