package dev.tale.importance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import de.bwaldvogel.liblinear.Model;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
            "All 4 rows have the label [x], about which nothing can be known; give rows of at least"
                + " 2 labels");
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
