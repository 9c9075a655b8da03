package dev.tale.onnx.session;

import static dev.tale.onnx.session.NanoSession.LAYERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.onnx.session.batch.PaddedBatch;
import dev.tale.onnx.session.batch.Probe;
import dev.tale.onnx.session.batch.RequestPlan;
import dev.tale.onnx.session.batch.Rows;
import dev.tale.onnx.session.batch.Sequence;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.runtime.KeyValues;
import dev.tale.onnx.session.runtime.Native;
import dev.tale.onnx.session.runtime.Padding;
import dev.tale.onnx.session.walk.BatchRunner;
import dev.tale.onnx.session.walk.Hidden;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class StateReaderTest extends WithNanoSession {
  private static final long SEED = 37;
  private static final double TOLERANCE = 1e-4;

  @Test
  void statesAreThoseOfEachPromptAlone() throws IOException {
    Random random = new Random(SEED);
    List<TokenRequest> requests = new ArrayList<>(NanoSession.rows(12, random));
    requests.add(NanoSession.generation(9, 4, random));
    requests.addAll(promptsThatBeginAlike(9, random));
    LayerMask mask = LayerMask.of(LAYERS, 0, 4, 11);
    List<float[][]> states = new StateReader(session).atLastPromptToken(requests, mask);
    assertThat(states).hasSameSizeAs(requests);
    try (GatedSession whole = NanoSession.open()) {
      for (int i = 0; i < requests.size(); i++) {
        assertThat(states.get(i)).hasDimensions(LAYERS + 1, 128);
        for (int boundary = 0; boundary <= LAYERS; boundary++) {
          assertThat(states.get(i)[boundary])
              .as("seed %s, request %s, boundary %s", SEED, i, boundary)
              .containsExactly(
                  naive(whole, requests.get(i).prompt(), mask, boundary),
                  within((float) TOLERANCE));
        }
      }
    }
  }

  /** One prompt, unpadded, the layers before the boundary in one run. */
  private static float[] naive(
      GatedSession whole, ImmutableLongArray prompt, LayerMask mask, int boundary) {
    int last = prompt.length() - 1;
    Sequence sequence = new Sequence(prompt, List.of(new Probe(last, RequestPlan.ANY_TOKEN)));
    PaddedBatch batch = PaddedBatch.whole(List.of(sequence), List.of(0));
    List<Integer> layers = mask.kept().stream().filter(layer -> layer < boundary).toList();
    try (BatchRunner runner = BatchRunner.of(whole.loaded(), batch, Padding.RIGHT)) {
      float[] hidden = runner.hidden(Hidden.START, layers, KeyValues.none());
      return new Rows(hidden, hidden.length / prompt.length()).at(List.of(last)).get(0);
    }
  }

  @Test
  void removedLayersPassOnWhatTheyGet() {
    List<TokenRequest> requests = NanoSession.rows(3, new Random(SEED));
    LayerMask mask = LayerMask.of(LAYERS, 3, 4);
    for (float[][] states : new StateReader(session).atLastPromptToken(requests, mask)) {
      assertThat(states[4]).isEqualTo(states[3]);
      assertThat(states[5]).isEqualTo(states[3]);
      assertThat(states[6]).isNotEqualTo(states[5]);
      states[4][0] = Float.NaN;
      assertThat(states[3]).as("its own array").doesNotContain(Float.NaN);
    }
  }

  @Test
  void choicesOfOnePromptCostOneRun() {
    List<TokenRequest> requests = NanoSession.equalRows(4, new Random(SEED));
    new StateReader(session).atLastPromptToken(requests, LayerMask.of(LAYERS, 2));
    assertThat(session.statistics().layerForwards()).isEqualTo(4 * 30 * 11);
  }

  @Test
  void nothingIsAskedOfNothing() {
    assertThat(new StateReader(session).atLastPromptToken(List.of(), LayerMask.none(LAYERS)))
        .isEmpty();
  }

  @Test
  void anInterruptCancels() {
    List<TokenRequest> requests = NanoSession.rows(3, new Random(SEED));
    int open = Native.open();
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
            () -> new StateReader(session).atLastPromptToken(requests, LayerMask.none(LAYERS)))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    assertThat(Native.open()).isEqualTo(open);
  }

  private static List<TokenRequest> promptsThatBeginAlike(int count, Random random) {
    List<TokenRequest> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ImmutableLongArray.Builder tokens = ImmutableLongArray.builder();
      new Random(1).longs(40, 3, 300).forEach(tokens::add);
      random.longs(1 + random.nextInt(12), 3, 300).forEach(tokens::add);
      ImmutableLongArray whole = tokens.add(10).build();
      prompts.add(new TokenRequest.Score(whole, whole.length() - 1));
    }
    return prompts;
  }
}
