package dev.tale.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tale.information.InformationEstimator;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelOutputException;
import dev.tale.stats.Tango;
import dev.tale.task.Task;
import dev.tale.testing.ResidualModel;
import dev.tale.testing.ScriptedModel;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LayerScorerTest {
  private static final long SEED = 1;
  private static final Offset<Double> ROUNDING = within(1e-6);
  private static final Task TASK = Streams.task(40);
  private static final Task REFERENCE = Streams.task("reference", 30, row -> row % 2);
  private static final LayerScorer INFORMATION =
      LayerScorer.mutualInformation(InformationEstimator.crossValidatedProbe(4, 1), SEED);

  static List<LayerScorer> onHiddenStates() {
    return List.of(
        INFORMATION,
        LayerScorer.blockInfluence(SEED),
        LayerScorer.geometry(GeometryMeasure.NORM, REFERENCE, SEED));
  }

  static List<LayerScorer> all() {
    return List.of(
        INFORMATION,
        LayerScorer.blockInfluence(SEED),
        LayerScorer.geometry(GeometryMeasure.NORM, REFERENCE, SEED),
        LayerScorer.geometry(GeometryMeasure.PAIRWISE_DISTANCE, REFERENCE, SEED),
        LayerScorer.geometry(GeometryMeasure.PAIRWISE_COSINE, REFERENCE, SEED),
        LayerScorer.leaveOneOutLoss(SEED),
        LayerScorer.leaveOneOutAccuracy(),
        LayerScorer.gradient(0.01, SEED),
        LayerScorer.joint(List.of(INFORMATION, LayerScorer.gradient(SEED))));
  }

  private static ResidualModel noisy() {
    return new ResidualModel(
        4,
        (row, layer) -> {
          float[] noise = Streams.noise(3, 3, row, layer);
          noise[0] += 0.1f * layer;
          return noise;
        },
        TASK,
        REFERENCE);
  }

  @ParameterizedTest
  @MethodSource("all")
  void scoresEveryLayer_theSameEachTime(LayerScorer scorer) {
    LayerScores scores = scorer.score(noisy(), TASK);
    assertThat(scores.layers()).hasSize(4);
    assertThat(scores.measure()).isEqualTo(scorer.toString());
    assertThat(scores.layers())
        .allSatisfy(layer -> assertThat(layer.interval().contains(layer.value())).isTrue())
        .anySatisfy(
            layer ->
                assertThat(layer.interval().high()).isGreaterThan(layer.interval().low() + 1e-4));
    assertThat(scorer.score(noisy(), TASK)).isEqualTo(scores);
  }

  @ParameterizedTest
  @MethodSource("onHiddenStates")
  void modelWithoutHiddenStates_isNamed(LayerScorer scorer) {
    try (LayeredModel model = Streams.plain(4)) {
      assertThatThrownBy(() -> scorer.score(model, TASK))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Model residual (script) offers no hidden states, which ");
    }
  }

  @Test
  void modelWithoutScaledLayers_isNamed() {
    try (LayeredModel model = Streams.plain(4)) {
      assertThatThrownBy(() -> LayerScorer.gradient(0.01, SEED).score(model, TASK))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("offers no scaled layers, which gate gradient")
          .hasMessageContaining("step 0.01");
    }
  }

  @ParameterizedTest
  @MethodSource("onHiddenStates")
  void nanInAHiddenState_namesRowAndLayer(LayerScorer scorer) {
    ResidualModel model =
        new ResidualModel(
            4,
            (row, layer) ->
                Streams.vector(1, row == 17 && layer == 2 ? Double.NaN : row % 5, layer + 2),
            TASK,
            REFERENCE);
    assertThatThrownBy(() -> scorer.score(model, TASK))
        .isInstanceOf(ModelOutputException.class)
        .hasMessageContaining(
            "task turns, row 17: the hidden state after layer 2 is NaN in component 1");
  }

  @ParameterizedTest
  @MethodSource("all")
  void rowThatTheModelCannotAnswer_isNamed(LayerScorer scorer) {
    Task longer = Streams.task(41);
    assertThatThrownBy(() -> scorer.score(noisy(), longer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Task turns, row 40: not asked by any task");
  }

  /** Embedding (1, 0); layer 0 turns it by 45 degrees, layer 1 by none, layer 2 by 135. */
  private static ResidualModel turning(Task task) {
    return new ResidualModel(
        3,
        (row, layer) ->
            switch (layer) {
              case -1 -> Streams.vector(1 + row, 0);
              case 0 -> Streams.vector(0, 1 + row);
              case 1 -> Streams.vector(2 + 2 * row, 2 + 2 * row);
              default -> Streams.vector(-4 - 4 * row, -3 - 3 * row);
            },
        task);
  }

  @Test
  void blockInfluence_isOneMinusCosine() {
    LayerScores scores = LayerScorer.blockInfluence(SEED).score(turning(TASK), TASK);
    assertThat(scores.values())
        .containsExactly(new double[] {1 - Math.sqrt(0.5), 0, 1 + Math.sqrt(0.5)}, within(1e-6));
    assertThat(scores.leastFirst()).containsExactly(1, 0, 2);
  }

  @Test
  void angularDistance_isTheAngleAcrossASpan() {
    SpanScores pairs = SpanScores.angularDistance(turning(TASK), TASK, 2, SEED);
    assertThat(pairs.spans()).extracting(SpanScores.SpanScore::first).containsExactly(0, 1);
    assertThat(pairs.spans().get(0).value()).isCloseTo(0.25, ROUNDING);
    assertThat(pairs.spans().get(1).value()).isCloseTo(0.75, ROUNDING);
    assertThat(pairs.least().first()).isEqualTo(0);
    SpanScores whole = SpanScores.angularDistance(turning(TASK), TASK, 3, SEED);
    assertThat(whole.spans()).singleElement().satisfies(s -> assertThat(s.value()).isOne());
  }

  @Test
  void spansThatDoNotFit_areRefused() {
    for (int layers : new int[] {0, 4}) {
      assertThatThrownBy(() -> SpanScores.angularDistance(turning(TASK), TASK, layers, SEED))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("A span of " + layers + " layers")
          .hasMessageContaining("1 to 3");
    }
  }

  @Test
  void zeroHiddenState_hasNoAngle() {
    ResidualModel model =
        new ResidualModel(
            2, (row, layer) -> Streams.vector(layer == 0 && row == 3 ? -1 : 1), TASK, REFERENCE);
    assertThatThrownBy(() -> LayerScorer.blockInfluence(SEED).score(model, TASK))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("row 3: the hidden state after layer 0 is zero");
  }

  /** The logit of the right answer is 0.5 + 0.2 + 0 - 0.4. */
  private static ResidualModel logits() {
    return new ResidualModel(
        3, (row, layer) -> Streams.vector(new double[] {0.5, 0.2, 0, -0.4}[layer + 1]), TASK);
  }

  private static double loss(double logit) {
    return Math.log1p(Math.exp(-logit));
  }

  @Test
  void leaveOneOutLoss_isTheIncrease() {
    double whole = loss(0.3);
    assertThat(LayerScorer.leaveOneOutLoss(SEED).score(logits(), TASK).values())
        .containsExactly(new double[] {loss(0.1) - whole, 0, loss(0.7) - whole}, within(1e-6));
  }

  /** dL/dg = -c / (1 + exp(z)) for a layer that adds c to the logit z. */
  @Test
  void gradient_isTheClosedForm() {
    double slope = 1 / (1 + Math.exp(0.3));
    assertThat(LayerScorer.gradient(0.01, SEED).score(logits(), TASK).values())
        .containsExactly(new double[] {0.2 * slope, 0, 0.4 * slope}, within(1e-6));
  }

  /** The mean over rows comes before the absolute value. */
  @Test
  void gradientsOfBothSigns_cancel() {
    ResidualModel model =
        new ResidualModel(
            1,
            (row, layer) -> Streams.vector(layer < 0 ? -Streams.sign(row) : Streams.sign(row)),
            TASK);
    LayerScore score = LayerScorer.gradient(0.01, SEED).score(model, TASK).layers().get(0);
    assertThat(score.value()).isLessThan(0.01);
    assertThat(score.interval().low()).isEqualTo(0);
    assertThat(score.interval().high()).isBetween(0.05, 0.5);
  }

  @Test
  void badStep_isRefused() {
    for (double step : new double[] {0, -0.1, 1.5, Double.NaN}) {
      assertThatThrownBy(() -> LayerScorer.gradient(step, SEED))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("The step is " + step);
    }
  }

  @Test
  void lossThatIsNotANumber_namesRowAndLayer() {
    ResidualModel model =
        new ResidualModel(
            3, (row, layer) -> Streams.vector(layer == 1 && row == 5 ? Double.NaN : 1), TASK);
    assertThatThrownBy(() -> LayerScorer.leaveOneOutLoss(SEED).score(model, TASK))
        .isInstanceOf(ModelOutputException.class)
        .hasMessageContaining("row 5: the loss is NaN with every layer");
  }

  @Test
  void leaveOneOutAccuracy_isTheDrop() {
    ScriptedModel model =
        ScriptedModel.of(3, (mask, row) -> row < 30 - 10 * weight(mask.removed()), TASK);
    assertThat(LayerScorer.leaveOneOutAccuracy().score(model, TASK).values())
        .containsExactly(new double[] {0.25, 0, -0.25}, within(1e-12));
  }

  /** Tango's of 10 of 40 rows lost, of none, and of 10 gained. */
  @Test
  void leaveOneOutAccuracy_hasTheIntervalOfAPairedDifference() {
    ScriptedModel model =
        ScriptedModel.of(3, (mask, row) -> row < 30 - 10 * weight(mask.removed()), TASK);
    assertThat(LayerScorer.leaveOneOutAccuracy().score(model, TASK).layers())
        .extracting(LayerScore::interval)
        .containsExactly(
            Tango.interval(10, 0, 40, 0.95),
            Tango.interval(0, 0, 40, 0.95),
            Tango.interval(0, 10, 40, 0.95));
  }

  static List<LayerScorer> onTwoRowsAtLeast() {
    return all().stream().filter(scorer -> !scorer.toString().contains("accuracy")).toList();
  }

  /** One row has a mean and no error of it: an interval without width would look certain. */
  @ParameterizedTest
  @MethodSource("onTwoRowsAtLeast")
  void oneRow_isRefused(LayerScorer scorer) {
    Task one = Streams.task("one", 1, row -> row);
    ResidualModel model =
        new ResidualModel(4, (row, layer) -> Streams.vector(1, row, layer + 2), one, REFERENCE);
    assertThatThrownBy(() -> scorer.score(model, one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Task one")
        .hasMessageContaining("1 row")
        .hasMessageContaining("give");
  }

  @Test
  void oneRow_hasNoSpanOfAnAngle() {
    Task one = Streams.task("one", 1, row -> row);
    assertThatThrownBy(() -> SpanScores.angularDistance(turning(one), one, 2, SEED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Task one has 1 row; angular distance of 2 layers needs at least 2");
  }

  /** Accuracy is bounded, and has an interval of one row: nearly all that there is. */
  @Test
  void oneRow_leavesAccuracyNearlyUnknown() {
    Task one = Streams.task("one", 1, row -> row);
    ScriptedModel model = ScriptedModel.of(2, (mask, row) -> !mask.removes(0), one);
    List<LayerScore> scores = LayerScorer.leaveOneOutAccuracy().score(model, one).layers();
    assertThat(scores).extracting(LayerScore::value).containsExactly(1.0, 0.0);
    assertThat(scores)
        .allSatisfy(
            score -> assertThat(score.interval().high() - score.interval().low()).isGreaterThan(1));
  }

  /** Measures without labels can be taken where there is one answer only. */
  @Test
  void oneLabelOnly_leavesTheOtherMeasures() {
    Task ones = Streams.task("ones", 20, row -> 1);
    ResidualModel model =
        new ResidualModel(3, (row, layer) -> Streams.vector(1, row, layer + 2), ones, REFERENCE);
    List<LayerScorer> others =
        List.of(
            LayerScorer.blockInfluence(SEED),
            LayerScorer.leaveOneOutLoss(SEED),
            LayerScorer.leaveOneOutAccuracy(),
            LayerScorer.gradient(SEED),
            LayerScorer.geometry(GeometryMeasure.NORM, REFERENCE, SEED));
    assertThat(others)
        .allSatisfy(scorer -> assertThat(scorer.score(model, ones).layers()).hasSize(3));
    LayerScorer joint = LayerScorer.joint(List.of(LayerScorer.gradient(SEED), INFORMATION));
    assertThatThrownBy(() -> joint.score(model, ones))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Task ones", "\"option 1\"", "take a measure without labels");
  }

  @Test
  void gradientWithoutAStep_hasTheDefaultStep() {
    assertThat(LayerScorer.gradient(SEED))
        .isEqualTo(LayerScorer.gradient(LayerScorer.GATE_STEP, SEED));
  }

  /** Layer 0 is needed, 1 is not, 2 harms. */
  private static int weight(List<Integer> removed) {
    return removed.stream().mapToInt(layer -> 1 - layer).sum();
  }

  @Test
  void leaveOneOutAccuracy_ofGeneration() {
    Task sums = Streams.freeText(10);
    ScriptedModel model = ScriptedModel.of(2, (mask, row) -> !mask.removes(0), sums);
    assertThat(LayerScorer.leaveOneOutAccuracy().score(model, sums).values()).containsExactly(1, 0);
  }

  @Test
  void mutualInformation_isWhatALayerAdds() {
    Task task = Streams.task(300);
    LayerScores scores = INFORMATION.score(Streams.bottleneck(task), task);
    double known = ScriptedRows.information(3);
    double[] gains = scores.values();
    assertThat(gains[1]).isCloseTo(known, within(0.1));
    assertThat(gains[3]).isCloseTo(-known, within(0.15));
    assertThat(gains[4]).isEqualTo(0);
    assertThat(scores.unit()).isEqualTo("bit");
    assertThat(scores.leastFirst()).startsWith(3).endsWith(1);
    assertThat(scores.layers().get(3).interval().high()).isNegative();
  }

  @Test
  void oneLabelOnly_namesTheTask() {
    Task one = Streams.task("ones", 20, row -> 1);
    ResidualModel model = new ResidualModel(2, (row, layer) -> new float[2], one);
    assertThatThrownBy(() -> INFORMATION.score(model, one))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "Task ones: All 20 rows have the label \"option 1\", about which nothing can be known;"
                + " give rows of at least 2 labels, or take a measure without labels");
  }

  @Test
  void interruptedEstimate_isCancelled() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> INFORMATION.score(noisy(), TASK))
          .isInstanceOf(CancellationException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void freeText_hasNoLabels() {
    Task sums = Streams.freeText(20);
    ResidualModel model = new ResidualModel(2, (row, layer) -> new float[2], sums);
    assertThatThrownBy(() -> INFORMATION.score(model, sums))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Task sums: Label \"It is 0\" has 1 of the 20 rows")
        .hasMessageContaining("free text");
  }

  @Test
  void constantStates_tieEveryLayer() {
    ResidualModel model =
        new ResidualModel(3, (row, layer) -> Streams.vector(layer < 0 ? 2 : 0, 0), TASK);
    LayerScores scores = INFORMATION.score(model, TASK);
    assertThat(scores.values()).containsExactly(0, 0, 0);
    assertThat(scores.leastFirst()).containsExactly(0, 1, 2);
    assertThat(scores.agreement(scores)).isEmpty();
  }

  @Test
  void agreement_isThatOfTheValues() {
    LayerScores one = LayerScorer.blockInfluence(SEED).score(noisy(), TASK);
    assertThat(one.agreement(one)).hasValueSatisfying(tau -> assertThat(tau.value()).isOne());
    LayerScores other = LayerScorer.blockInfluence(SEED).score(turning(TASK), TASK);
    assertThatThrownBy(() -> one.agreement(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("scores 4 layers or parts, block influence scores 3");
  }

  @Test
  void rowsAreReadInParts() {
    Task many = Streams.task(150);
    ResidualModel model =
        new ResidualModel(1, (row, layer) -> Streams.vector(1 + row, layer), many);
    States states = States.read("test", model, many, LayerMask.none(1));
    assertThat(IntStream.range(0, 150).mapToObj(row -> states.at(row, 0)[0]))
        .containsExactlyElementsOf(IntStream.range(0, 150).mapToObj(row -> 1f + row).toList());
  }
}
