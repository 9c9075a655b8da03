package dev.tale.onnx.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tale.model.Batch;
import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.onnx.Device;
import dev.tale.onnx.OnnxModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Prompts whose beginning is run once for all get the answers of prompts that are run whole. */
@Tag("slow")
class SharedBeginningsFamiliesTest {
  /** Some 25 tokens of the 64 that the smallest contexts have. */
  private static final String BEGINNING = "the quick brown fox jumps over ";

  static Stream<Fixture> decoders() {
    return Fixtures.all().stream().filter(Fixture::isDecoder);
  }

  @ParameterizedTest
  @MethodSource("decoders")
  void respond_toPromptsThatBeginAlike(Fixture fixture) throws IOException {
    double tolerance = fixture.format().equals("fp16") ? 5e-2 : 1e-4;
    List<LayerMask> masks =
        List.of(
            LayerMask.none(fixture.layers()),
            LayerMask.of(fixture.layers(), 0),
            LayerMask.of(fixture.layers(), 1, fixture.layers() - 1));
    try (OnnxModel shared = OnnxModel.open(fixture.directory());
        OnnxModel alone =
            OnnxModel.builder(fixture.directory()).device(Device.cpu().sharingNothing()).open()) {
      List<Request> requests = likelihoods();
      List<List<Response>> expected = alone.respond(requests, masks);
      List<List<Response>> given = shared.respond(requests, masks);
      for (int mask = 0; mask < masks.size(); mask++) {
        for (int row = 0; row < requests.size(); row++) {
          assertThat(sum(given.get(mask).get(row)))
              .as("%s row %d", masks.get(mask), row)
              .isCloseTo(sum(expected.get(mask).get(row)), within(tolerance));
        }
      }
      if (fixture.format().equals("fp32")) {
        assertThat(shared.cost(Batch.of(requests, masks.subList(0, 1))).layerForwards())
            .as("the beginning is run once, or once a row")
            .isLessThan(alone.cost(Batch.of(requests, masks.subList(0, 1))).layerForwards());
        assertThat(shared.respond(generations(), masks))
            .isEqualTo(alone.respond(generations(), masks));
      }
    }
  }

  private static List<Request> likelihoods() {
    List<Request> requests = new ArrayList<>();
    for (String end : List.of("a", "a b c", "x", "dog", "fox and fox", "one two", "jumps", "y z")) {
      requests.add(new Request.LogLikelihood(BEGINNING + end, " over the"));
    }
    return requests;
  }

  private static List<Request> generations() {
    List<Request> requests = new ArrayList<>();
    for (String end : List.of("a", "a b c", "x", "dog", "fox and fox", "one two", "jumps", "y z")) {
      requests.add(new Request.Generation(BEGINNING + end, List.of(), 3 + end.length()));
    }
    return requests;
  }

  private static double sum(Response response) {
    return ((Response.LogLikelihood) response).sum();
  }
}
