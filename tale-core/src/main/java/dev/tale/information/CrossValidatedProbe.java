package dev.tale.information;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.Model;
import java.util.Arrays;
import java.util.List;

/**
 * See {@link InformationEstimator#crossValidatedProbe}.
 *
 * <p>Implementation note: nested cross-validation at half its price. For fold k, a regularisation
 * is judged on each other fold j by a probe that saw neither; that probe serves fold j, judged on
 * k, as well. So F folds and R regularisations cost R F (F - 1) / 2 fits to choose and F to
 * estimate.
 */
record CrossValidatedProbe(int folds, long seed) implements InformationEstimator {
  private static final double[] REGULARISATIONS = {1e-4, 1e-3, 1e-2, 1e-1, 1};
  private static final int LEAST_FOLDS = 3;

  CrossValidatedProbe {
    if (folds < LEAST_FOLDS) {
      throw new IllegalArgumentException(
          "folds is "
              + folds
              + "; give at least 3: one to estimate on, one to choose on, one to fit, such as 5");
    }
  }

  @Override
  public double[] byRow(float[][] states, List<String> labelTexts) {
    Labels labels = Labels.of(states, labelTexts);
    labels.requireRows(folds, toString());
    Folds dealt = Folds.stratified(labels, folds, seed);
    double[] chosen = regularisations(states, labels, dealt);
    double[] information = new double[states.length];
    for (int fold = 0; fold < folds; fold++) {
      int[] rows = dealt.rows(fold);
      ProbeTraining training = new ProbeTraining(states, labels, dealt.rowsWithout(fold, fold));
      Model probe = training.fit(chosen[fold]);
      double[] logs = training.log2Likelihoods(probe, training.features(rows), rows);
      for (int i = 0; i < rows.length; i++) {
        information[rows[i]] = labels.surprise(rows[i]) + logs[i];
      }
    }
    return information;
  }

  /** The best regularisation by fold, the stronger one on a tie. */
  private double[] regularisations(float[][] states, Labels labels, Folds dealt) {
    double[][] sums = new double[folds][REGULARISATIONS.length];
    for (int one = 0; one < folds; one++) {
      for (int other = 0; other < one; other++) {
        addTo(sums, states, labels, dealt, one, other);
      }
    }
    return Arrays.stream(sums).mapToDouble(CrossValidatedProbe::best).toArray();
  }

  private static void addTo(
      double[][] sums, float[][] states, Labels labels, Folds dealt, int one, int other) {
    ProbeTraining training = new ProbeTraining(states, labels, dealt.rowsWithout(one, other));
    Feature[][] ofOne = training.features(dealt.rows(one));
    Feature[][] ofOther = training.features(dealt.rows(other));
    for (int r = 0; r < REGULARISATIONS.length; r++) {
      Model probe = training.fit(REGULARISATIONS[r]);
      sums[other][r] += sum(training.log2Likelihoods(probe, ofOne, dealt.rows(one)));
      sums[one][r] += sum(training.log2Likelihoods(probe, ofOther, dealt.rows(other)));
    }
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  private static double best(double[] sums) {
    int best = 0;
    for (int r = 1; r < sums.length; r++) {
      best = sums[r] > sums[best] ? r : best;
    }
    return REGULARISATIONS[best];
  }

  @Override
  public String toString() {
    return folds + "-fold cross-validated logistic probe (seed " + seed + ")";
  }
}
