package dev.tale.information;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** See {@link InformationEstimator#inSampleProbe}. */
record InSampleProbe() implements InformationEstimator {
  private static final double REGULARISATION = 1;

  @Override
  public double[] byRow(float[][] states, List<String> labelTexts) {
    Labels labels = Labels.of(states, labelTexts);
    labels.requireOneThatRepeats();
    int[] rows = IntStream.range(0, states.length).toArray();
    ProbeTraining training = new ProbeTraining(states, labels, rows);
    double[] information =
        training.log2Likelihoods(training.fit(REGULARISATION), training.features(rows), rows);
    Arrays.setAll(information, row -> labels.surprise(row) + information[row]);
    // The paper's floor; an unregularised intercept leaves nothing but rounding below it.
    return Arrays.stream(information).sum() < 0 ? new double[states.length] : information;
  }

  @Override
  public String toString() {
    return "in-sample logistic probe (C 1)";
  }
}
