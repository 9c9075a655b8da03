package dev.tale.onnx.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxJavaType;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatch;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.folder.Staged;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.batch.PaddedBatch;
import dev.tale.onnx.session.batch.Probe;
import dev.tale.onnx.session.batch.RequestPlan;
import dev.tale.onnx.session.batch.Rows;
import dev.tale.onnx.session.batch.Sequence;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.runtime.KeyValues;
import dev.tale.onnx.session.runtime.Padding;
import dev.tale.onnx.session.runtime.PlainSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import dev.tale.onnx.session.runtime.Tensors;
import dev.tale.onnx.session.walk.BatchRunner;
import dev.tale.onnx.session.walk.Boundary;
import dev.tale.onnx.session.walk.Hidden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Written models with maps, the gated session with maps, and a calculation by hand. */
@Tag("slow")
class PatchedOutputTest extends WithNanoSession {
  private static final int LAYERS = NanoSession.LAYERS;
  private static final int WIDTH = 128;
  private static final long SEED = 53;
  private static final float TOLERANCE = 1e-3f;

  @TempDir private Path directory;

  static Stream<LayerMask> masks() {
    return Stream.of(
        LayerMask.of(LAYERS, 5, 6, 7),
        LayerMask.of(LAYERS, 0, 1),
        LayerMask.of(LAYERS, 9, 10, 11),
        LayerMask.of(LAYERS, 0, 3, 4, 8, 11));
  }

  @ParameterizedTest
  @MethodSource("masks")
  void writtenAndGatedOutputIsThatByHand(LayerMask mask) throws IOException {
    Random random = new Random(SEED);
    List<LinearPatch> patches =
        LinearPatch.spans(mask).stream()
            .map(span -> LinearPatch.of(span[0], span[1], matrix(random)))
            .toList();
    try (Staged staged =
            ModelDirectory.open(NanoLlama.directory())
                .excise(mask, patches, directory.resolve("patched"), Map.of());
        PlainSession written = plain(staged)) {
      for (int length : new int[] {1, 2, 17, 60}) {
        ImmutableLongArray tokens =
            ImmutableLongArray.copyOf(random.longs(length, 3, 300).toArray());
        List<Integer> all = IntStream.range(0, length).boxed().toList();
        List<float[]> expected = byHand(tokens, mask, patches);
        assertClose(written.output(tokens, all), expected, TOLERANCE);
        assertClose(session.output(tokens, all, mask, patches), expected, TOLERANCE);
        assertThat(expected.get(0))
            .as("the maps change something")
            .isNotEqualTo(session.output(tokens, all, mask).get(0));
      }
    }
  }

  @Test
  void mapsOfZerosWriteTheModelWithoutMaps() throws IOException {
    LayerMask mask = LayerMask.of(LAYERS, 4, 5, 9);
    List<LinearPatch> zeros =
        List.of(
            LinearPatch.of(4, 5, new float[WIDTH * WIDTH]),
            LinearPatch.of(9, 9, new float[WIDTH * WIDTH]));
    ModelDirectory model = ModelDirectory.open(NanoLlama.directory());
    try (Staged plain = model.excise(mask, directory.resolve("plain"), Map.of());
        Staged patched = model.excise(mask, zeros, directory.resolve("patched"), Map.of())) {
      assertThat(patched.modelFiles().get(0)).hasSameBinaryContentAs(plain.modelFiles().get(0));
    }
  }

  /** Those of every token are those of the sequence alone. */
  @Test
  void statesEverywhereAreThoseOfEachSequenceAlone() {
    Random random = new Random(SEED);
    List<TokenRequest> requests = new ArrayList<>(NanoSession.rows(9, random));
    LayerMask mask = LayerMask.of(LAYERS, 3, 7);
    List<Integer> boundaries = List.of(0, 3, 4, 9, 12);
    boolean[] seen = new boolean[requests.size()];
    new StateReader(session)
        .everyState(
            requests,
            mask,
            boundaries,
            (request, states) -> {
              assertThat(seen[request]).as("once").isFalse();
              seen[request] = true;
              for (int i = 0; i < boundaries.size(); i++) {
                assertThat(states.get(i))
                    .as("seed %s, request %s, boundary %s", SEED, request, boundaries.get(i))
                    .containsExactly(
                        alone(requests.get(request).input(), mask, boundaries.get(i)),
                        within(1e-4f));
              }
            });
    assertThat(seen).doesNotContain(false);
  }

  private float[] alone(ImmutableLongArray tokens, LayerMask mask, int boundary) {
    try (BatchRunner runner = runner(tokens)) {
      List<Integer> before = mask.kept().stream().filter(layer -> layer < boundary).toList();
      return runner.hidden(Hidden.START, before, KeyValues.none());
    }
  }

  private static float[] matrix(Random random) {
    float[] matrix = new float[WIDTH * WIDTH];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = (float) (0.03 * random.nextGaussian());
    }
    return matrix;
  }

  private static PlainSession plain(Staged staged) {
    return PlainSession.open(staged.modelFiles().get(0), "logits", SessionConfig.cpu(1));
  }

  private BatchRunner runner(ImmutableLongArray tokens) {
    List<Probe> probes =
        IntStream.range(0, tokens.length())
            .mapToObj(at -> new Probe(at, RequestPlan.ANY_TOKEN))
            .toList();
    PaddedBatch batch = PaddedBatch.whole(List.of(new Sequence(tokens, probes)), List.of(0));
    return BatchRunner.of(session.loaded(), batch, Padding.RIGHT);
  }

  /** One layer at a time, states in Java arrays between them. */
  private List<float[]> byHand(
      ImmutableLongArray tokens, LayerMask mask, List<LinearPatch> patches) {
    try (BatchRunner runner = runner(tokens)) {
      float[] states = runner.hidden(Hidden.START, List.of(), KeyValues.none());
      for (int layer = 0; layer < LAYERS; layer++) {
        int now = layer;
        for (LinearPatch patch : patches.stream().filter(p -> p.first() == now).toList()) {
          states = mapped(states, patch.matrix());
        }
        if (!mask.removes(layer)) {
          try (Boundary entry = entry(states)) {
            states = runner.hidden(entry, List.of(layer), KeyValues.none());
          }
        }
      }
      try (Boundary last = entry(states)) {
        return new Rows(runner.logits(last, List.of()), session.vocabularySize()).all();
      }
    }
  }

  private static Boundary entry(float[] states) {
    return new Boundary(
        Tensors.floats(OnnxJavaType.FLOAT, states, 1, states.length / WIDTH, WIDTH));
  }

  private static float[] mapped(float[] states, float[] matrix) {
    float[] mapped = new float[states.length];
    for (int i = 0; i < states.length; i++) {
      double sum = states[i];
      for (int k = 0; k < WIDTH; k++) {
        sum += (double) states[i / WIDTH * WIDTH + k] * matrix[k * WIDTH + i % WIDTH];
      }
      mapped[i] = (float) sum;
    }
    return mapped;
  }

  private static void assertClose(List<float[]> actual, List<float[]> expected, float tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int row = 0; row < expected.size(); row++) {
      assertThat(actual.get(row))
          .as("seed %s, position %s", SEED, row)
          .containsExactly(expected.get(row), within(tolerance));
    }
  }
}
