package dev.tale.onnx.session;

import static dev.tale.onnx.session.NanoSession.greedyRound;
import static dev.tale.onnx.session.NanoSession.responder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelOutputException;
import dev.tale.model.Response;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.runtime.Native;
import dev.tale.onnx.session.walk.Traversal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What prompts begin with is run once, together with the masks' tree; whatever fails. */
@Tag("slow")
class GroupRunnerTest extends WithNanoSession {
  private static final int HEADER = 60;
  private static final long SEED = 11;

  @Test
  void aGreedyRoundRunsTheHeaderOnceForEachBranch() throws IOException {
    List<TokenRequest> requests = rows(12, new Random(SEED));
    List<List<Response>> shared = responder(session).answer(requests, greedyRound()).responses();
    long suffixes = requests.stream().mapToLong(r -> r.input().length() - HEADER).sum();
    assertThat(session.statistics().layerForwards()).isEqualTo(77 * (HEADER + suffixes));
    assertThat(session.plan().cost(requests, greedyRound()).layerForwards())
        .isEqualTo(session.statistics().layerForwards());
    try (GatedSession whole = NanoSession.open()) {
      assertClose(
          shared,
          responder(whole, Traversal::oneByOne).answer(requests, greedyRound()).responses());
      assertThat(session.plan().cost(requests, greedyRound()).naiveLayerForwards())
          .isEqualTo(whole.statistics().layerForwards());
    }
  }

  @Test
  void rowsOfManyLengthsAndOneMuchLongerGetTheSame() throws IOException {
    List<TokenRequest> requests = new ArrayList<>(rows(20, new Random(SEED)));
    requests.add(row(150, new Random(SEED)));
    List<LayerMask> masks = List.of(LayerMask.of(12, 3), LayerMask.of(12, 0, 11));
    List<List<Response>> shared = responder(session).answer(requests, masks).responses();
    try (GatedSession whole = NanoSession.open()) {
      assertClose(shared, responder(whole).answer(requests, masks).responses());
    }
  }

  /** Each in a session that has not failed before, since what failed is not asked again. */
  @Test
  void everyAllocationFailureOnTheWayIsMended() throws IOException {
    List<TokenRequest> requests = rows(6, new Random(SEED));
    List<LayerMask> masks = List.of(LayerMask.of(12, 2), LayerMask.of(12, 7));
    List<List<Response>> expected = responder(session).answer(requests, masks).responses();
    long runs = session.runs().count();
    for (int failing = 0; failing < runs; failing++) {
      try (GatedSession fresh = NanoSession.openCaching()) {
        fresh.loadCaches();
        failAt(failing, fresh);
        assertClose(responder(fresh).answer(requests, masks).responses(), expected);
      }
    }
  }

  private static void failAt(int failing, GatedSession session) {
    int[] run = {0};
    session
        .runs()
        .intercept(
            runner ->
                (inputs, outputs) -> {
                  if (run[0]++ == failing) {
                    throw new OrtException(OrtException.OrtErrorCode.ORT_FAIL, "std::bad_alloc");
                  }
                  return runner.run(inputs, outputs);
                });
  }

  @Test
  void anotherFailureAndAnInterruptLeaveNothingOpen() {
    responder(session).answer(rows(6, new Random(SEED)), greedyRound()).responses();
    int open = Native.open();
    int[] run = {0};
    session
        .runs()
        .intercept(
            runner ->
                (inputs, outputs) -> {
                  run[0]++;
                  if (run[0] == 6) {
                    throw new OrtException(OrtException.OrtErrorCode.ORT_FAIL, "bad shape");
                  }
                  if (run[0] == 13) {
                    Thread.currentThread().interrupt();
                  }
                  return runner.run(inputs, outputs);
                });
    assertThatThrownBy(
            () -> responder(session).answer(rows(6, new Random(SEED)), greedyRound()).responses())
        .isInstanceOf(ModelOutputException.class);
    assertThat(Native.open()).isEqualTo(open);
    assertThatThrownBy(
            () -> responder(session).answer(rows(6, new Random(SEED)), greedyRound()).responses())
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Native.open()).isEqualTo(open);
  }

  @Test
  void generationsThatBeginAlikeGiveTheTokensOfEachAlone() {
    Random random = new Random(SEED);
    List<TokenRequest> requests = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      ImmutableLongArray prompt = row(3 + i % 4, random).input();
      requests.add(new TokenRequest.Generate(prompt, List.of(), 4 + i));
    }
    List<LayerMask> masks = List.of(LayerMask.none(12), LayerMask.of(12, 5));
    List<List<Response>> together = responder(session).answer(requests, masks).responses();
    for (int i = 0; i < requests.size(); i++) {
      List<List<Response>> alone =
          responder(session).answer(requests.subList(i, i + 1), masks).responses();
      for (int mask = 0; mask < masks.size(); mask++) {
        assertThat(together.get(mask).get(i)).isEqualTo(alone.get(mask).get(0));
      }
    }
  }

  private static void assertClose(List<List<Response>> given, List<List<Response>> expected) {
    for (int mask = 0; mask < expected.size(); mask++) {
      for (int row = 0; row < expected.get(mask).size(); row++) {
        assertThat(NanoSession.likelihood(given.get(mask).get(row)).sum())
            .as("mask %d row %d", mask, row)
            .isCloseTo(NanoSession.likelihood(expected.get(mask).get(row)).sum(), within(1e-4));
      }
    }
  }

  private static List<TokenRequest> rows(int count, Random random) {
    List<TokenRequest> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(row(4 + random.nextInt(12), random));
    }
    return rows;
  }

  /** A header that all rows have, tokens of the row's own, and one to be scored. */
  private static TokenRequest row(int tokens, Random random) {
    ImmutableLongArray.Builder all = ImmutableLongArray.builder();
    new Random(1).longs(HEADER, 3, 300).forEach(all::add);
    all.add(300 + random.nextInt(20));
    random.longs(tokens, 3, 300).forEach(all::add);
    ImmutableLongArray whole = all.build();
    return new TokenRequest.Score(whole, whole.length() - 1);
  }
}
