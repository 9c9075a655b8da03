package dev.tale.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.Lists;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.LinearPatch;
import dev.tale.model.LinearPatches;
import dev.tale.model.ModelExporter;
import dev.tale.model.ModelOutputException;
import dev.tale.model.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PatchFitTest {
  private static final LayerMask MASK = LayerMask.of(6, 2, 3);

  /** States that are given; of layers 2 and 3 those of {@code ridge.py}. */
  private record GivenStates(List<float[]> before, List<float[]> after) implements LinearPatches {

    @Override
    public int width() {
      return 5;
    }

    @Override
    public void check() {}

    @Override
    public void read(
        List<Request> requests, LayerMask mask, List<Integer> boundaries, StateSink sink) {
      assertThat(boundaries).containsExactly(2, 4);
      assertThat(mask).isEqualTo(LayerMask.none(6));
      IntStream.range(0, requests.size())
          .forEach(text -> sink.accept(text, List.of(before.get(text), after.get(text))));
    }

    @Override
    public ModelExporter exporter(List<LinearPatch> patches) {
      throw new UnsupportedOperationException();
    }

    @Override
    public LayeredModel open(Path directory) {
      throw new UnsupportedOperationException();
    }
  }

  private static CalibrationTexts texts(int count) {
    return new CalibrationTexts(Collections.nCopies(count, "some text"));
  }

  @Test
  void theRidgeIsChosenAsTheGoldenFileHasIt() throws IOException {
    JsonNode golden = MomentsTest.golden();
    PatchFit fit = PatchFit.of(states(golden), MASK, texts(golden.at("/texts").size()));
    SpanFit span = fit.spans().get(0);
    assertThat(fit.tokens()).isEqualTo(31);
    assertThat(fit.heldOutTokens()).isEqualTo(6);
    assertThat(span.first()).isEqualTo(2);
    assertThat(span.last()).isEqualTo(3);
    assertThat(span.before()).isCloseTo(golden.at("/without").asDouble(), within(1e-9));
    JsonNode best = best(golden, span.ridge());
    assertThat(span.after()).isCloseTo(best.at("/reported").asDouble(), within(1e-6));
    assertThat(span.helps()).isTrue();
    float[] expected = MomentsTest.floats(best.at("/matrix"));
    assertThat(fit.patches().get(0).matrix()).containsExactly(expected, within(1e-3f));
    assertThat(fit.toString()).contains("layers 2 to 3: ridge").doesNotContain("helps nothing");
  }

  /** The chosen one, or its neighbour of those that the golden file has. */
  private static JsonNode best(JsonNode golden, double ridge) {
    double least = Double.POSITIVE_INFINITY;
    JsonNode best = golden;
    for (JsonNode fit : golden.at("/fits")) {
      if (fit.at("/choosing").asDouble() < least) {
        least = fit.at("/choosing").asDouble();
        best = fit;
      }
    }
    assertThat(ridge).isEqualTo(best.at("/ridge").asDouble());
    return best;
  }

  private static GivenStates states(JsonNode golden) {
    List<JsonNode> texts = List.copyOf(Lists.newArrayList(golden.at("/texts")));
    return new GivenStates(
        texts.stream().map(text -> MomentsTest.floats(text.at("/before"))).toList(),
        texts.stream().map(text -> MomentsTest.floats(text.at("/after"))).toList());
  }

  /** Where the span does the opposite on the texts that choose, no map is better than any. */
  @Test
  void noMapIsTakenWhereNoneHelps() throws IOException {
    GivenStates states = states(MomentsTest.golden());
    float[] chooses = states.before().get(4);
    float[] after = chooses.clone();
    for (int i = 0; i < after.length; i++) {
      after[i] = 2 * chooses[i] - states.after().get(4)[i];
    }
    List<float[]> changed = new ArrayList<>(states.after());
    changed.set(4, after);
    PatchFit fit = PatchFit.of(new GivenStates(states.before(), changed), MASK, texts(6));
    assertThat(fit.patches()).isEmpty();
    assertThat(fit.helps()).isFalse();
    assertThat(fit.spans().get(0).ridge()).isInfinite();
    assertThat(fit.spans().get(0).after()).isEqualTo(fit.spans().get(0).before());
    assertThat(fit.toString()).contains("layers 2 to 3: no map is better than none");
  }

  @Test
  void tooFewTokensAreRefusedWithNumbers() {
    GivenStates states =
        new GivenStates(
            Collections.nCopies(3, new float[20]), Collections.nCopies(3, new float[20]));
    assertThatThrownBy(() -> PatchFit.of(states, MASK, texts(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 tokens to fit")
        .hasMessageContaining("width of the model, 5");
  }

  @Test
  void statesThatAreNotFiniteAreRefused() {
    float[] broken = new float[50];
    broken[3] = Float.NaN;
    GivenStates states =
        new GivenStates(Collections.nCopies(3, new float[50]), Collections.nCopies(3, broken));
    assertThatThrownBy(() -> PatchFit.of(states, MASK, texts(3)))
        .isInstanceOf(ModelOutputException.class)
        .hasMessageContaining("before layer 2 or after layer 3");
  }

  @Test
  void nothingRemovedIsRefused() {
    GivenStates states = new GivenStates(List.of(), List.of());
    assertThatThrownBy(() -> PatchFit.of(states, LayerMask.none(6), texts(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("removes nothing");
  }

  @Test
  void textsAreChecked() {
    assertThatThrownBy(() -> new CalibrationTexts(List.of("a text", "another")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 calibration texts; give at least 3");
    assertThatThrownBy(() -> new CalibrationTexts(List.of("a text", "x", "another")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Calibration text 1 is \"x\"");
    assertThatThrownBy(() -> new CalibrationTexts(List.of("a text", "another", "  ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Calibration text 2");
  }

  @Test
  void textsAreScoredAfterTheirFirstWord() {
    CalibrationTexts calibration =
        new CalibrationTexts(List.of(" one word", "word", "two\nlines here"));
    assertThat(calibration.requests())
        .containsExactly(
            new Request.LogLikelihood(" one", " word"),
            new Request.LogLikelihood("w", "ord"),
            new Request.LogLikelihood("two", "\nlines here"));
    assertThat(calibration.heldOut()).containsExactly(calibration.requests().get(2));
  }

  @Test
  void oneTextOfTenIsHeldOutAndOneChooses() {
    CalibrationTexts calibration = texts(40);
    for (int text = 0; text < 40; text++) {
      assertThat(calibration.use(text))
          .isEqualTo(
              text % 10 == 9
                  ? CalibrationTexts.Use.REPORT
                  : text % 10 == 8 ? CalibrationTexts.Use.CHOOSE : CalibrationTexts.Use.FIT);
    }
    assertThat(calibration.heldOut()).hasSize(4);
  }
}
