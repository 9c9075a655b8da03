package dev.tale.information;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.FeatureNode;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;
import java.util.Arrays;

/**
 * Fits logistic probes to some rows and asks them about others.
 *
 * <p>Implementation note: LIBLINEAR's L2-regularised logistic regression, primal, by a trust region
 * Newton method without randomness; the intercept is not regularised. For more than two classes one
 * probe per class against the rest, their probabilities divided by their sum; all in logarithms, so
 * that a sure probe that is wrong costs what it should and never infinity. Any probabilities give a
 * lower bound of the information, so the choice of probe cannot make it too large on new rows.
 * Reference: R.-E. Fan et al., LIBLINEAR: A Library for Large Linear Classification, JMLR 9, 2008.
 */
final class ProbeTraining {
  private static final double TOLERANCE = 1e-3;

  static {
    // The library prints its progress on the standard output otherwise; the switch is a global one.
    Linear.disableDebugOutput();
  }

  private final float[][] states;
  private final Labels labels;
  private final Standardization standardization;
  private final Problem problem = new Problem();

  /**
   * Prepares the rows that fit.
   *
   * @param rows every class is among them
   */
  ProbeTraining(float[][] states, Labels labels, int[] rows) {
    this.states = states;
    this.labels = labels;
    this.standardization = Standardization.of(states, rows);
    problem.l = rows.length;
    problem.n = states[0].length + 1;
    problem.bias = 1;
    problem.x = features(rows);
    problem.y = Arrays.stream(rows).mapToDouble(labels::of).toArray();
  }

  /** Rows as a probe sees them. */
  Feature[][] features(int[] rows) {
    return Arrays.stream(rows)
        .mapToObj(row -> features(standardization.apply(states[row])))
        .toArray(Feature[][]::new);
  }

  private static Feature[] features(double[] state) {
    Feature[] features = new Feature[state.length + 1];
    for (int i = 0; i < state.length; i++) {
      features[i] = new FeatureNode(i + 1, state[i]);
    }
    features[state.length] = new FeatureNode(state.length + 1, 1);
    return features;
  }

  /** Fits a probe; {@code c} is the weight of a row's loss beside the squared weights. */
  Model fit(double c) {
    Parameter parameter = new Parameter(SolverType.L2R_LR, c, TOLERANCE);
    parameter.setRegularizeBias(false);
    return Linear.train(problem, parameter);
  }

  /**
   * Returns log2 of the probability that a probe gives to each row's own class.
   *
   * @param features of the rows, from {@link #features}
   */
  double[] log2Likelihoods(Model probe, Feature[][] features, int[] rows) {
    double[] result = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      result[i] = log2Likelihood(probe, features[i], labels.of(rows[i]));
    }
    return result;
  }

  private static double log2Likelihood(Model probe, Feature[] row, int wanted) {
    int[] classes = probe.getLabels();
    double[] decisions = new double[classes.length];
    Linear.predictValues(probe, row, decisions);
    if (classes.length == 2) {
      return logistic(classes[0] == wanted ? decisions[0] : -decisions[0]) / Math.log(2);
    }
    double own = Double.NaN;
    double[] logs = new double[classes.length];
    for (int i = 0; i < classes.length; i++) {
      logs[i] = logistic(decisions[i]);
      own = classes[i] == wanted ? logs[i] : own;
    }
    return (own - logOfSum(logs)) / Math.log(2);
  }

  /** log(1 / (1 + exp(-x))). */
  private static double logistic(double x) {
    return x >= 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x));
  }

  private static double logOfSum(double[] logs) {
    double largest = Arrays.stream(logs).max().orElseThrow();
    return largest + Math.log(Arrays.stream(logs).map(log -> Math.exp(log - largest)).sum());
  }
}
