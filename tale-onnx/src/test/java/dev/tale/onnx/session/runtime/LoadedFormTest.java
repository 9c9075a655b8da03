package dev.tale.onnx.session.runtime;

import static dev.tale.onnx.session.NanoSession.LAYERS;
import static dev.tale.onnx.session.NanoSession.greedyRound;
import static dev.tale.onnx.session.NanoSession.responder;
import static dev.tale.onnx.session.NanoSession.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.NanoSession;
import dev.tale.onnx.session.batch.TokenRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One form of the graph takes the place of the other, and a failure on the way is no end. */
@Tag("slow")
class LoadedFormTest {
  private static final long SEED = 3;
  private static final List<LayerMask> WHOLE = List.of(LayerMask.none(LAYERS));
  private static final String NO_MEMORY = "Failed to allocate memory for requested buffer of size";

  private int openBefore;

  /** Native objects that are open whenever a form is about to be loaded. */
  private final List<Integer> openAtLoads = new ArrayList<>();

  @BeforeEach
  void count() {
    openBefore = Native.open();
  }

  @AfterEach
  void everyNativeObjectIsClosed() {
    assertThat(Native.open()).as("native objects open").isEqualTo(openBefore);
  }

  private GatedSession open(IntPredicate failingLoads) throws IOException {
    return GatedSession.open(
        ModelDirectory.open(NanoLlama.directory()).stream(),
        SessionConfig.cpu(1),
        (graph, options) -> load(graph, options, failingLoads));
  }

  private void load(GatedGraph graph, SessionOptions options, IntPredicate failing)
      throws OrtException {
    openAtLoads.add(Native.open());
    assertThat(options).isNotNull();
    if (failing.test(openAtLoads.size())) {
      String form = graph.cacheLayout().isPresent() ? "caching" : "plain";
      throw new OrtException(OrtErrorCode.ORT_FAIL, NO_MEMORY + " (" + form + " form)");
    }
  }

  private static List<TokenRequest> generation() {
    return List.of(NanoSession.generation(9, 4, new Random(SEED)));
  }

  /** The options of the session that is being made are open, and no session. */
  @Test
  void theWeightsAreNeverHeldTwice() throws IOException {
    try (GatedSession session = open(load -> false)) {
      responder(session).answer(rows(2, new Random(SEED)), greedyRound()).responses();
      responder(session).answer(generation(), WHOLE).responses();
      responder(session).answer(generation(), WHOLE).responses();
    }
    assertThat(openAtLoads).containsExactly(openBefore + 1, openBefore + 1);
  }

  @Test
  void aFormThatCannotBeLoadedIsToldAndTheOtherServesOn() throws IOException {
    List<TokenRequest> reads = rows(4, new Random(SEED));
    try (GatedSession session = open(load -> load == 2)) {
      List<List<Response>> expected = responder(session).answer(reads, greedyRound()).responses();
      assertThatThrownBy(() -> responder(session).answer(generation(), WHOLE).responses())
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContainingAll(
              "with key-value caches on CPU", NO_MEMORY, "caching form", "free memory");
      assertThat(Native.open()).as("nothing is loaded").isEqualTo(openBefore);
      assertThat(responder(session).answer(reads, greedyRound()).responses()).isEqualTo(expected);
      assertThat(responder(session).answer(generation(), WHOLE).responses().get(0)).hasSize(1);
    }
    assertThat(openAtLoads).as("plain, caching (failed), plain, caching").hasSize(4);
  }

  @Test
  void everyCallSaysWhatFailedAsLongAsNothingCanBeLoaded() throws IOException {
    List<TokenRequest> reads = rows(4, new Random(SEED));
    try (GatedSession session = open(load -> load == 2 || load == 3)) {
      List<List<Response>> expected = responder(session).answer(reads, greedyRound()).responses();
      assertThatThrownBy(() -> responder(session).answer(generation(), WHOLE).responses())
          .isInstanceOf(UnsupportedModelException.class);
      assertThatThrownBy(() -> responder(session).answer(reads, greedyRound()).responses())
          .isInstanceOf(UnsupportedModelException.class)
          .hasMessageContainingAll("on CPU", NO_MEMORY, "plain form");
      assertThat(responder(session).answer(reads, greedyRound()).responses()).isEqualTo(expected);
    }
  }

  @Test
  void whatIsClosedAfterAFailureIsClosed() throws IOException {
    GatedSession session = open(load -> load == 2);
    assertThatThrownBy(() -> responder(session).answer(generation(), WHOLE).responses())
        .isInstanceOf(UnsupportedModelException.class);
    session.close();
    assertThatThrownBy(
            () -> responder(session).answer(rows(1, new Random(SEED)), WHOLE).responses())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThat(openAtLoads).hasSize(2);
  }
}
