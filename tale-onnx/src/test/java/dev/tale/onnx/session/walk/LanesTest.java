package dev.tale.onnx.session.walk;

import static dev.tale.onnx.session.NanoSession.greedyRound;
import static dev.tale.onnx.session.NanoSession.responder;
import static dev.tale.onnx.session.NanoSession.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import dev.tale.model.ModelOutputException;
import dev.tale.model.Response;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.NanoSession;
import dev.tale.onnx.session.runtime.Native;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Batches of a small model run at once; nothing that is seen outside depends on it. */
@Tag("slow")
class LanesTest {
  private static final long SEED = 5;

  private int openBefore;
  private GatedSession lanes;

  @BeforeEach
  void open() throws IOException {
    openBefore = Native.open();
    lanes =
        GatedSession.open(
            ModelDirectory.open(NanoLlama.directory()).stream(), SessionConfig.cpu(3));
  }

  @AfterEach
  void everyNativeObjectIsClosed() {
    lanes.close();
    assertThat(Native.open()).as("native objects open").isEqualTo(openBefore);
  }

  @Test
  void lanesGiveTheBitsOfOneThread() throws IOException {
    var requests = rows(60, new Random(SEED));
    List<List<Response>> together = responder(lanes).answer(requests, greedyRound()).responses();
    try (GatedSession one = NanoSession.open()) {
      assertThat(responder(one).answer(requests, greedyRound()).responses()).isEqualTo(together);
      assertThat(one.statistics().layerForwards()).isEqualTo(lanes.statistics().layerForwards());
    }
  }

  @Test
  void anAllocationFailureInOneLaneIsMendedThere() {
    var requests = rows(60, new Random(SEED));
    AtomicInteger runs = new AtomicInteger();
    lanes
        .runs()
        .intercept(
            runner ->
                (inputs, outputs) -> {
                  if (runs.incrementAndGet() == 7) {
                    throw new OrtException(OrtException.OrtErrorCode.ORT_FAIL, "std::bad_alloc");
                  }
                  return runner.run(inputs, outputs);
                });
    assertThat(responder(lanes).answer(requests, greedyRound()).responses().get(11)).hasSize(120);
  }

  @Test
  void anotherFailureEndsAllLanes() {
    AtomicInteger runs = new AtomicInteger();
    lanes
        .runs()
        .intercept(
            runner ->
                (inputs, outputs) -> {
                  if (runs.incrementAndGet() == 7) {
                    throw new OrtException(OrtException.OrtErrorCode.ORT_FAIL, "bad shape");
                  }
                  return runner.run(inputs, outputs);
                });
    assertThatThrownBy(
            () -> responder(lanes).answer(rows(90, new Random(SEED)), greedyRound()).responses())
        .isInstanceOf(ModelOutputException.class)
        .hasMessageContaining("bad shape");
  }

  /** Whichever lane fails, the first in order too must not go through all batches before. */
  @Test
  void aFailureOfALaterLaneEndsTheFirstBeforeItsWorkIsDone() {
    AtomicReference<Thread> first = new AtomicReference<>();
    AtomicInteger runs = new AtomicInteger();
    lanes
        .runs()
        .intercept(
            runner ->
                (inputs, outputs) -> {
                  first.compareAndSet(null, Thread.currentThread());
                  runs.incrementAndGet();
                  if (first.get() != Thread.currentThread()) {
                    throw new OrtException(OrtException.OrtErrorCode.ORT_FAIL, "bad shape");
                  }
                  return runner.run(inputs, outputs);
                });
    assertThatThrownBy(
            () -> responder(lanes).answer(rows(500, new Random(SEED)), greedyRound()).responses())
        .isInstanceOf(ModelOutputException.class)
        .hasMessageContaining("bad shape");
    assertThat(runs.get()).as("runs begun, of 22 for each of 63 batches").isLessThan(300);
  }

  @Test
  void theFirstFailureIsThrownAndOthersAreSuppressed() {
    CyclicBarrier together = new CyclicBarrier(3);
    AtomicInteger order = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Lanes.work(
                    3,
                    () -> {
                      await(together);
                      switch (order.getAndIncrement()) {
                        case 0 -> throw new IllegalStateException("first");
                        case 1 -> {
                          sleepUntilInterrupted();
                          throw new UnsupportedOperationException("second");
                        }
                        default -> {
                          sleepUntilInterrupted();
                          throw new CancellationException("only obeys");
                        }
                      }
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("first")
        .satisfies(
            e ->
                assertThat(e.getSuppressed())
                    .singleElement()
                    .isInstanceOf(UnsupportedOperationException.class));
  }

  @Test
  void anErrorOfALaneIsThrownAsItIs() {
    assertThatThrownBy(
            () ->
                Lanes.work(
                    2,
                    () -> {
                      throw new StackOverflowError("deep");
                    }))
        .isInstanceOf(StackOverflowError.class)
        .hasMessage("deep");
  }

  private static void await(CyclicBarrier together) {
    try {
      together.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static void sleepUntilInterrupted() {
    try {
      Thread.sleep(20_000);
      throw new AssertionError("not interrupted");
    } catch (InterruptedException e) {
      // As it must be.
    }
  }

  @Test
  void anInterruptOfTheCallerEndsAllLanesAndStays() {
    Thread caller = Thread.currentThread();
    AtomicInteger runs = new AtomicInteger();
    lanes
        .runs()
        .intercept(
            runner ->
                (inputs, outputs) -> {
                  if (runs.incrementAndGet() == 5) {
                    caller.interrupt();
                  }
                  return runner.run(inputs, outputs);
                });
    assertThatThrownBy(
            () -> responder(lanes).answer(rows(200, new Random(SEED)), greedyRound()).responses())
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
  }
}
