package dev.tale.onnx.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatch;
import dev.tale.onnx.families.Fixture;
import dev.tale.onnx.families.Fixtures;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.folder.Staged;
import dev.tale.onnx.layers.HiddenType;
import dev.tale.onnx.layers.ResidualStream;
import dev.tale.onnx.session.runtime.PlainSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Maps in the place of a layer of every family, exporter and format. */
@Tag("slow")
class PatchedFamiliesTest {
  private static final long SEED = 5;

  @TempDir private Path scratch;

  static Stream<String> fixtures() {
    return Fixtures.all().stream().map(Fixture::name);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void aWrittenMapIsThatOfTheGatedModelAndFoundAgain(String name) throws IOException {
    ModelDirectory model = ModelDirectory.open(Fixtures.named(name).directory());
    int layers = model.stream().layerCount();
    try (GatedSession gated = GatedSession.open(model.stream(), SessionConfig.cpu(1))) {
      for (int layer : new int[] {0, 1, layers - 1}) {
        compare(model, gated, LayerMask.of(layers, layer), layer);
      }
    }
  }

  private void compare(ModelDirectory model, GatedSession gated, LayerMask mask, int layer)
      throws IOException {
    Random random = new Random(SEED);
    List<LinearPatch> patches =
        List.of(LinearPatch.of(layer, layer, matrix(random, model.stream().hiddenSize())));
    ImmutableLongArray tokens = ImmutableLongArray.copyOf(random.longs(6, 3, 60).toArray());
    List<Integer> all = IntStream.range(0, tokens.length()).boxed().toList();
    List<float[]> expected = gated.output(tokens, all, mask, patches);
    try (Staged staged = model.excise(mask, patches, scratch.resolve("patched"), Map.of())) {
      Path file = staged.modelFiles().get(staged.modelFiles().size() - 1);
      try (PlainSession written =
          PlainSession.open(
              file, model.stream().result(), SessionConfig.cpu(1), model.cacheFormats())) {
        double difference = difference(written.output(tokens, all), expected);
        assertThat(difference)
            .as("seed %s, %s", SEED, mask)
            .isLessThanOrEqualTo(tolerance(model.stream()) * Math.max(1, largest(expected)));
      }
      ResidualStream found = ModelDirectory.open(staged.directory()).stream();
      assertThat(found.layerCount()).isEqualTo(mask.kept().size());
      assertThat(found.layers().stream().mapToLong(each -> each.parameters()).sum())
          .as("parameters of layers, the map's among them unless it is the embedding's")
          .isGreaterThan(0);
    }
    assertThat(difference(expected, gated.output(tokens, all, mask))).isGreaterThan(0);
  }

  /** As exports are verified. */
  private static double tolerance(ResidualStream stream) {
    double ofType =
        stream.shortestType() == HiddenType.FLOAT
            ? 1e-4
            : stream.shortestType() == HiddenType.FLOAT16 ? 2e-2 : 2e-1;
    return stream.quantizesActivations() ? Math.max(ofType, 5e-2) : ofType;
  }

  private static float[] matrix(Random random, int width) {
    float[] matrix = new float[width * width];
    for (int i = 0; i < matrix.length; i++) {
      matrix[i] = (float) (0.1 * random.nextGaussian());
    }
    return matrix;
  }

  private static double largest(List<float[]> rows) {
    return difference(rows, rows.stream().map(row -> new float[row.length]).toList());
  }

  private static double difference(List<float[]> one, List<float[]> other) {
    double largest = 0;
    for (int row = 0; row < one.size(); row++) {
      for (int i = 0; i < one.get(row).length; i++) {
        largest = Math.max(largest, Math.abs((double) one.get(row)[i] - other.get(row)[i]));
      }
    }
    return largest;
  }
}
