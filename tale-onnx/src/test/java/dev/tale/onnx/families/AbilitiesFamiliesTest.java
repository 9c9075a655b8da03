package dev.tale.onnx.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.onnx.Device;
import dev.tale.onnx.OnnxModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Scaled layers and hidden states of every family, with beginnings shared and whole. */
@Tag("slow")
class AbilitiesFamiliesTest {
  private static final String BEGINNING = "the quick brown fox jumps over ";

  static Stream<Fixture> decoders() {
    return Fixtures.all().stream().filter(Fixture::isDecoder);
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void scaledLayers(Fixture fixture) throws IOException {
    int layers = fixture.layers();
    List<LayerMask> masks =
        List.of(LayerMask.none(layers), LayerMask.of(layers, 0), LayerMask.of(layers, layers - 1));
    List<double[]> gates = new ArrayList<>();
    masks.forEach(mask -> gates.add(gates(mask)));
    gates.add(IntStream.range(0, layers).mapToDouble(i -> 0.9 + 0.2 * (i % 2)).toArray());
    gates.add(IntStream.range(0, layers).mapToDouble(i -> i == 1 ? 0.5 : 1).toArray());
    try (OnnxModel shared = OnnxModel.open(fixture.directory());
        OnnxModel whole =
            OnnxModel.builder(fixture.directory()).device(Device.cpu().sharingNothing()).open()) {
      List<List<Response>> given = shared.scaledLayers().orElseThrow().respond(requests(), gates);
      assertThat(given.subList(0, masks.size())).isEqualTo(shared.respond(requests(), masks));
      List<List<Response>> expected = whole.scaledLayers().orElseThrow().respond(requests(), gates);
      for (int vector = 0; vector < gates.size(); vector++) {
        for (int row = 0; row < requests().size(); row++) {
          assertThat(sum(given.get(vector).get(row)))
              .as("vector %d, row %d", vector, row)
              .isCloseTo(sum(expected.get(vector).get(row)), within(tolerance(fixture)));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void hiddenStates(Fixture fixture) throws IOException {
    LayerMask mask = LayerMask.of(fixture.layers(), 1);
    try (OnnxModel shared = OnnxModel.open(fixture.directory());
        OnnxModel whole =
            OnnxModel.builder(fixture.directory()).device(Device.cpu().sharingNothing()).open()) {
      List<float[][]> given =
          shared.hiddenStates().orElseThrow().atLastPromptToken(requests(), mask);
      List<float[][]> expected =
          whole.hiddenStates().orElseThrow().atLastPromptToken(requests(), mask);
      for (int row = 0; row < given.size(); row++) {
        for (int boundary = 0; boundary <= fixture.layers(); boundary++) {
          float[] state = expected.get(row)[boundary];
          assertThat(given.get(row)[boundary])
              .as("row %d, boundary %d", row, boundary)
              .containsExactly(state, within((float) tolerance(fixture) / 2 * largest(state)));
        }
        assertThat(given.get(row)[2]).isEqualTo(given.get(row)[1]);
      }
    }
  }

  /** Sums are some 40; at 16 bits a blend is rounded once more than a layer that is kept. */
  private static double tolerance(Fixture fixture) {
    return fixture.format().equals("fp16") ? 1e-1 : 1e-4;
  }

  private static List<Request> requests() {
    List<Request> requests = new ArrayList<>();
    for (String end : List.of("a", "a b c", "x", "dog", "fox and fox", "one two", "jumps", "y z")) {
      requests.add(new Request.LogLikelihood(BEGINNING + end, " over the"));
    }
    requests.add(new Request.LogLikelihood("x", " y"));
    return requests;
  }

  private static double[] gates(LayerMask mask) {
    return IntStream.range(0, mask.layers()).mapToDouble(i -> mask.removes(i) ? 0 : 1).toArray();
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static double sum(Response response) {
    return ((Response.LogLikelihood) response).sum();
  }
}
