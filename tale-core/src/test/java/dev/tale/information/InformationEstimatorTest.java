package dev.tale.information;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import de.bwaldvogel.liblinear.Model;
import dev.tale.importance.ScriptedRows;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InformationEstimatorTest {
  private static final InformationEstimator PROBE = InformationEstimator.crossValidatedProbe(5, 1);
  private static final InformationEstimator IN_SAMPLE = InformationEstimator.inSampleProbe();
  private static final InformationEstimator KSG = InformationEstimator.nearestNeighbours(3);

  static List<InformationEstimator> all() {
    return List.of(PROBE, IN_SAMPLE, KSG);
  }

  private static double mean(double[] values) {
    return DoubleStream.of(values).average().orElseThrow();
  }

  private static double waves(InformationEstimator estimator, int classes) {
    return mean(estimator.byRow(ScriptedRows.waves(90, classes), ScriptedRows.turns(90, classes)));
  }

  /** Figures of scikit-learn's LogisticRegression, one against the rest, see importance.py. */
  @Test
  void inSample_agreesWithScikitLearn() {
    assertThat(waves(IN_SAMPLE, 2)).isCloseTo(0.1148220407402687, within(1e-4));
    assertThat(waves(IN_SAMPLE, 3)).isCloseTo(0.24551189418117625, within(1e-4));
  }

  /** Figures of SciPy's digamma and k-d tree, see importance.py. */
  @Test
  void nearestNeighbours_agreesWithScipy() {
    assertThat(waves(KSG, 2)).isCloseTo(-0.19408459265337846, within(1e-6));
    assertThat(waves(KSG, 3)).isCloseTo(-0.4079407583018154, within(1e-6));
  }

  @Test
  void nearestNeighbours_inOneDimension_isNearTheTruth() {
    float[][] states = ScriptedRows.gaussians(1000, 1, 2, 7);
    assertThat(mean(KSG.byRow(states, ScriptedRows.turns(1000, 2))))
        .isCloseTo(ScriptedRows.information(2), within(0.05));
  }

  @Test
  void crossValidated_isNearTheTruth_whereInSampleIsFarAbove() {
    double truth = ScriptedRows.information(2);
    float[][] states = ScriptedRows.gaussians(500, 64, 2, 3);
    List<String> labels = ScriptedRows.turns(500, 2);
    assertThat(truth).isBetween(0.48, 0.5);
    assertThat(mean(PROBE.byRow(states, labels))).isBetween(truth - 0.12, truth + 0.05);
    assertThat(mean(IN_SAMPLE.byRow(states, labels))).isGreaterThan(truth + 0.05);
  }

  /** Nothing to know: the in-sample estimate claims half a bit all the same. */
  @Test
  void withoutSignal_crossValidatedIsNearZero_inSampleIsNot() {
    float[][] states = ScriptedRows.gaussians(100, 64, 0, 5);
    List<String> labels = ScriptedRows.turns(100, 2);
    assertThat(mean(PROBE.byRow(states, labels))).isBetween(-0.1, 0.05);
    assertThat(mean(IN_SAMPLE.byRow(states, labels))).isGreaterThan(0.5);
  }

  /** Each fold of its own, no probe shared. */
  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void crossValidated_isNestedCrossValidation(int folds) {
    float[][] states = ScriptedRows.waves(60, 3);
    Labels labels = Labels.of(ScriptedRows.turns(60, 3));
    Folds dealt = Folds.stratified(labels, folds, 11);
    double[] expected = new double[60];
    for (int fold = 0; fold < folds; fold++) {
      int held = fold;
      double best = 0;
      double most = Double.NEGATIVE_INFINITY;
      for (double c : new double[] {1e-4, 1e-3, 1e-2, 1e-1, 1}) {
        double sum =
            IntStream.range(0, folds)
                .filter(inner -> inner != held)
                .mapToObj(inner -> logs(states, labels, dealt, held, inner, c))
                .flatMapToDouble(Arrays::stream)
                .sum();
        best = sum > most ? c : best;
        most = Math.max(sum, most);
      }
      double[] logs = logs(states, labels, dealt, fold, fold, best);
      int[] rows = dealt.rows(fold);
      for (int i = 0; i < rows.length; i++) {
        expected[rows[i]] = labels.surprise(rows[i]) + logs[i];
      }
    }
    assertThat(
            InformationEstimator.crossValidatedProbe(folds, 11)
                .byRow(states, ScriptedRows.turns(60, 3)))
        .containsExactly(expected, within(1e-12));
  }

  private static double[] logs(
      float[][] states, Labels labels, Folds folds, int held, int judged, double c) {
    ProbeTraining training = new ProbeTraining(states, labels, folds.rowsWithout(held, judged));
    Model probe = training.fit(c);
    int[] rows = folds.rows(judged);
    return training.log2Likelihoods(probe, training.features(rows), rows);
  }

  @Test
  void folds_areStratified() {
    List<String> texts =
        IntStream.range(0, 103).mapToObj(i -> i % 7 == 0 ? "rare" : "common").toList();
    Folds folds = Folds.stratified(Labels.of(texts), 5, 3);
    for (int fold = 0; fold < 5; fold++) {
      int[] rows = folds.rows(fold);
      assertThat(rows.length).isBetween(20, 21);
      assertThat(Arrays.stream(rows).filter(row -> texts.get(row).equals("rare")).count())
          .isEqualTo(3);
    }
    assertThat(Folds.stratified(Labels.of(texts), 5, 3)).isEqualTo(folds);
    assertThat(Folds.stratified(Labels.of(texts), 5, 4)).isNotEqualTo(folds);
  }

  @Test
  void entropyIsInBits() {
    assertThat(Labels.of(List.of("a", "b", "a", "b")).entropy()).isCloseTo(1, within(1e-15));
    assertThat(Labels.of(List.of("a", "b", "a", "c")).entropy()).isCloseTo(1.5, within(1e-15));
  }

  @ParameterizedTest
  @MethodSource("all")
  void constantStates_holdNothing(InformationEstimator estimator) {
    float[][] states = new float[40][8];
    for (float[] state : states) {
      Arrays.fill(state, 0.1f);
    }
    assertThat(mean(estimator.byRow(states, ScriptedRows.turns(40, 2)))).isBetween(-0.05, 1e-9);
  }

  @ParameterizedTest
  @MethodSource("all")
  void oneLabelOnly_isRefused(InformationEstimator estimator) {
    assertThatThrownBy(() -> estimator.byRow(new float[4][2], List.of("x", "x", "x", "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "All 4 rows have the label \"x\", about which nothing can be known; give rows of at"
                + " least 2 labels, or take a measure without labels");
  }

  private static void refused(
      InformationEstimator estimator, float[][] states, List<String> labels, String... message) {
    assertThatThrownBy(() -> estimator.byRow(states, labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(message);
  }

  @ParameterizedTest
  @MethodSource("all")
  void statesThatAreNoNumbers_areRefused(InformationEstimator estimator) {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[][] states = ScriptedRows.waves(40, 2);
      states[17][4] = bad;
      String message = "The state of row 17 is " + bad + " in component 4; give finite numbers";
      refused(estimator, states, ScriptedRows.turns(40, 2), message);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void otherThanOneLabelForEachRow_isRefused(InformationEstimator estimator) {
    for (int labels : new int[] {0, 39, 41}) {
      String message =
          "There are states of 40 rows and labels of " + labels + "; give one label for each row";
      refused(estimator, ScriptedRows.waves(40, 2), ScriptedRows.turns(labels, 2), message);
    }
    refused(estimator, new float[0][], List.of(), "There are no rows", "at least 2 labels");
  }

  @ParameterizedTest
  @MethodSource("all")
  void raggedStates_areRefused(InformationEstimator estimator) {
    float[][] states = ScriptedRows.waves(40, 2);
    states[23] = new float[5];
    List<String> labels = ScriptedRows.turns(40, 2);
    refused(estimator, states, labels, "row 23 has 5 components", "row 0 has 6");
    refused(estimator, new float[40][0], labels, "row 0 has 0 components", "at least 1");
  }

  /** As many labels as rows, and fewer rows of one than folds, neighbours or a repetition need. */
  @ParameterizedTest
  @MethodSource("all")
  void asManyLabelsAsRows_isRefused(InformationEstimator estimator) {
    refused(estimator, ScriptedRows.waves(7, 2), ScriptedRows.turns(7, 7), "7 rows", "more rows");
  }

  /** Refused in one pass: fitting these rows would take minutes. */
  @ParameterizedTest
  @MethodSource("all")
  void badStates_areRefusedAtOnce(InformationEstimator estimator) {
    float[][] states = ScriptedRows.gaussians(4000, 256, 0, 1);
    states[3999][255] = Float.NaN;
    assertTimeoutPreemptively(
        Duration.ofSeconds(2),
        () -> refused(estimator, states, ScriptedRows.turns(4000, 2), "row 3999", "component 255"));
  }

  /** A component that tells nothing changes nothing. */
  @ParameterizedTest
  @MethodSource("all")
  void constantComponent_isNoInformation(InformationEstimator estimator) {
    float[][] states = ScriptedRows.waves(60, 2);
    float[][] wider = new float[60][];
    for (int row = 0; row < 60; row++) {
      wider[row] = Arrays.copyOf(states[row], 7);
      wider[row][6] = 1e30f;
    }
    List<String> labels = ScriptedRows.turns(60, 2);
    assertThat(mean(estimator.byRow(wider, labels)))
        .isCloseTo(mean(estimator.byRow(states, labels)), within(1e-6));
  }

  @Test
  void tooFewRowsOfALabel_areNamed() {
    List<String> labels = List.of("a", "a", "a", "a", "a", "b", "b", "b");
    assertThatThrownBy(() -> PROBE.byRow(new float[8][2], labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Label \"b\" has 3 of the 8 rows, and there are 2 labels")
        .hasMessageContaining("5-fold cross-validated logistic probe (seed 1) needs at least 5");
    assertThatThrownBy(() -> KSG.byRow(new float[8][2], labels))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs at least 4 rows of each");
  }

  @Test
  void badSettings_areRefused() {
    assertThatThrownBy(() -> InformationEstimator.crossValidatedProbe(2, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("folds is 2");
    assertThatThrownBy(() -> InformationEstimator.nearestNeighbours(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("neighbours is 0");
  }

  @ParameterizedTest
  @MethodSource("all")
  void sameRows_sameEstimate_andNothingIsPrinted(InformationEstimator estimator) {
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      assertThat(waves(estimator, 3)).isEqualTo(waves(estimator, 3));
    } finally {
      System.setOut(out);
    }
    assertThat(printed.size()).isZero();
  }
}
