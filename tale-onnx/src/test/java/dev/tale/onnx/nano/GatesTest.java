package dev.tale.onnx.nano;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableDoubleArray;
import dev.tale.importance.LayerScorer;
import dev.tale.model.Granularity;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.Responder;
import dev.tale.onnx.session.StateReader;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hidden states and scaled layers against PyTorch, by {@code dump_gates.py}. */
@Tag("slow")
class GatesTest {
  private static final int LAYERS = 12;

  private ExpectedGates expected;
  private GatedSession layers;
  private GatedSession parts;

  @BeforeEach
  void open() throws IOException {
    expected = ExpectedGates.read(LAYERS);
    layers = session(Granularity.LAYER);
    parts = session(Granularity.SUBLAYER);
  }

  private static GatedSession session(Granularity granularity) throws IOException {
    return GatedSession.open(
        ModelDirectory.open(NanoLlama.directory(), granularity).stream(), SessionConfig.cpu(2));
  }

  @AfterEach
  void close() {
    layers.close();
    parts.close();
  }

  private GatedSession of(Granularity granularity) {
    return granularity == Granularity.LAYER ? layers : parts;
  }

  private static Responder responder(GatedSession session) {
    return new Responder(session, (tokens, skip) -> "", ImmutableSet.of());
  }

  /** Components grow with depth, to some 400 after the last layer: 1e-5 of the largest. */
  @ParameterizedTest
  @EnumSource
  void hiddenStatesAreThoseOfPyTorch(Granularity granularity) {
    int parted = granularity == Granularity.LAYER ? 1 : 2;
    double largest = 0;
    for (int mask = 0; mask < expected.masks().size(); mask++) {
      List<float[][]> states =
          new StateReader(of(granularity))
              .atLastPromptToken(
                  List.<TokenRequest>copyOf(expected.rows()),
                  inParts(expected.masks().get(mask), parted));
      for (int row = 0; row < states.size(); row++) {
        assertThat(states.get(row)).hasDimensions(LAYERS * parted + 1, expected.width());
        for (int boundary = 0; boundary <= LAYERS * parted; boundary++) {
          float[] state = expected.state(mask, row, boundary * 2 / parted);
          largest = Math.max(largest, relative(states.get(row)[boundary], state));
        }
      }
    }
    assertThat(largest).as("largest difference").isPositive().isLessThan(1e-5);
  }

  private static LayerMask inParts(LayerMask mask, int parted) {
    int[] removed =
        mask.removed().stream()
            .flatMapToInt(layer -> IntStream.range(layer * parted, (layer + 1) * parted))
            .toArray();
    return LayerMask.of(LAYERS * parted, removed);
  }

  private static double relative(float[] actual, float[] expected) {
    double difference = 0;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    return difference / largest;
  }

  @ParameterizedTest
  @EnumSource
  void likelihoodsUnderRandomFactorsAreThoseOfPyTorch(Granularity granularity) {
    List<ImmutableDoubleArray> vectors = expected.vectors(granularity);
    List<List<Response>> answers =
        responder(of(granularity)).respondScaled(expected.rows(), vectors);
    double largest = 0;
    for (int vector = 0; vector < vectors.size(); vector++) {
      double[] sums = expected.logLikelihoods(granularity, vector);
      for (int row = 0; row < sums.length; row++) {
        largest = Math.max(largest, Math.abs(sum(answers.get(vector).get(row)) - sums[row]));
      }
    }
    assertThat(largest).as("largest difference").isPositive().isLessThan(1e-4);
  }

  /**
   * The error of a central difference falls with the square of the step. It is largest at the first
   * two layers, where the residual stream is short: with a step of 1e-2, up to 2.5 % of the largest
   * derivative, with a quarter of the step a sixteenth of that and the rounding of 32-bit sums.
   */
  @ParameterizedTest
  @EnumSource
  void centralDifferencesAreTheGradientOfPyTorch(Granularity granularity) {
    double step = expected.step();
    double[] differences = centralDifferences(granularity, step);
    double[] gradient = expected.gradient(granularity);
    double scale = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
    assertThat(scale).as("a gradient").isGreaterThan(0.1);
    assertThat(differences)
        .as("differences of PyTorch, of the largest derivative")
        .containsExactly(expected.centralDifferences(granularity), within(1e-3 * scale));
    assertThat(differences)
        .as("derivatives of PyTorch, of the largest derivative")
        .containsExactly(gradient, within(3e-2 * scale));
    assertThat(centralDifferences(granularity, step / 4))
        .as("derivatives of PyTorch, of the largest derivative, with a smaller step")
        .containsExactly(gradient, within(4e-3 * scale));
  }

  /**
   * The error summed over layers, as a share of the gradient: with a smaller step rounding is more,
   * by 1 / step, with a larger one what the loss is curved, by its square. Whole layers, and parts:
   * 0.0042 and 0.0082 at 0.0005, 0.0030 and 0.0035 at 0.001, 0.0015 and 0.0016 at 0.0025, 0.0018
   * and 0.0022 at 0.005, 0.0047 and 0.0055 at 0.01, 0.018 and 0.018 at 0.02, 0.076 and 0.062 at
   * 0.05.
   */
  @ParameterizedTest
  @EnumSource
  void theDefaultStepIsTheBestForTheGradient(Granularity granularity) {
    double error = error(granularity, LayerScorer.GATE_STEP);
    assertThat(error).isLessThan(0.003);
    for (double step : new double[] {0.0005, 0.01, 0.02, 0.05}) {
      assertThat(error(granularity, step)).as("error at %s", step).isGreaterThan(1.5 * error);
    }
  }

  private double error(Granularity granularity, double step) {
    double[] gradient = expected.gradient(granularity);
    double[] differences = centralDifferences(granularity, step);
    double error = 0;
    double size = 0;
    for (int i = 0; i < gradient.length; i++) {
      error += Math.abs(differences[i] - gradient[i]);
      size += Math.abs(gradient[i]);
    }
    return error / size;
  }

  private double[] centralDifferences(Granularity granularity, double step) {
    int count = of(granularity).layerCount();
    List<ImmutableDoubleArray> vectors = new ArrayList<>();
    for (int scaled = 0; scaled < count; scaled++) {
      vectors.add(onesBut(count, scaled, 1 + step));
      vectors.add(onesBut(count, scaled, 1 - step));
    }
    List<List<Response>> answers =
        responder(of(granularity)).respondScaled(expected.rows(), vectors);
    return IntStream.range(0, count)
        .mapToDouble(i -> (loss(answers.get(2 * i)) - loss(answers.get(2 * i + 1))) / (2 * step))
        .toArray();
  }

  private static ImmutableDoubleArray onesBut(int count, int scaled, double factor) {
    return ImmutableDoubleArray.copyOf(
        IntStream.range(0, count).mapToDouble(i -> i == scaled ? factor : 1));
  }

  private static double loss(List<Response> answers) {
    return -answers.stream().mapToDouble(GatesTest::sum).average().orElseThrow();
  }

  private static double sum(Response response) {
    return ((Response.LogLikelihood) response).sum();
  }
}
