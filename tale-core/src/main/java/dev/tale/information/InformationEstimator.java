package dev.tale.information;

import java.util.List;

/**
 * Estimates the mutual information I(X; Y) of continuous states X and discrete labels Y, in bits.
 * {@code toString} names the estimator and every setting.
 *
 * <p>Which one: {@link #crossValidatedProbe} for what a linear probe can read, on rows that did not
 * fit it: on average no more than I(X; Y), whatever the dimension; {@link #nearestNeighbours} as a
 * second opinion that sees what is not linear, in low dimension; {@link #inSampleProbe} to compare
 * with published figures, never to believe.
 */
@FunctionalInterface
public interface InformationEstimator {

  /**
   * Returns the information by row, in bits; the estimate is the mean. Rows are independent draws
   * of X and Y. A component that is the same on all rows tells nothing, and states that are all the
   * same hold 0 bits.
   *
   * <p>The estimators of this interface check all of it before they begin, in one pass.
   *
   * @param states by row, by component; finite, at least 1 component, the same number for all rows
   * @param labels one for each row; at least 2 different ones
   * @throws IllegalArgumentException if the states are not such numbers, there are more or fewer
   *     labels than rows, all labels are the same, or one has too few rows; the message says which
   */
  double[] byRow(float[][] states, List<String> labels);

  /**
   * Returns the estimate H(Y) - CE, where CE is the cross-entropy in bits of a logistic probe on
   * rows that did not fit it. Folds are stratified by label. It can be negative, where the probe
   * does worse on new rows than the shares of the labels; it is not cut off there.
   *
   * <p>Features are standardised, and the L2 regularisation is chosen among 1e-4, 1e-3, ..., 1 (the
   * weight C of a row's loss) by cross-validation, both within the rows that fit. For more than two
   * labels there is a probe for each label against the rest, scaled to add up to 1.
   *
   * @param folds number of folds, at least 3; every label needs as many rows
   * @param seed of the folds
   * @throws IllegalArgumentException if there are fewer than 3 folds
   */
  static InformationEstimator crossValidatedProbe(int folds, long seed) {
    return new CrossValidatedProbe(folds, seed);
  }

  /**
   * Returns the estimate of arXiv 2510.22767: max(0, H(Y) - CE) with the cross-entropy of a
   * logistic probe on the rows that fitted it. It is biased upwards, to H(Y) itself where there are
   * as many components as rows. Features are standardised; C = 1, the usual default. At least one
   * label must be that of several rows.
   */
  static InformationEstimator inSampleProbe() {
    return new InSampleProbe();
  }

  /**
   * Returns the estimate by distances to nearest neighbours, Euclidean, all components standardised
   * and none projected away. Nearly without bias in a few dimensions, and far too low in many,
   * where all distances are alike: take what it adds to the probe's estimate, never its absence.
   * O(rows^2 x components).
   *
   * @param neighbours k, usually 3; every label needs k + 1 rows
   * @throws IllegalArgumentException if {@code neighbours} is less than 1
   */
  static InformationEstimator nearestNeighbours(int neighbours) {
    return new NearestNeighbours(neighbours);
  }
}
