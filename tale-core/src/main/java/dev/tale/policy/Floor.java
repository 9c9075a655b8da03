package dev.tale.policy;

import dev.tale.evaluate.Score;

/**
 * The lowest accuracy that a search accepts: it goes on with a candidate that is at or above the
 * floor.
 *
 * <p>The released code of TALE holds the floor fixed to the unpruned model; Algorithm 1 of the
 * paper (arXiv 2510.22767) lets it follow the current one. Accuracies and floors are doubles and
 * are compared as the released code compares them, so a candidate that is exactly epsilon below may
 * fall on either side by rounding; choose an epsilon between two possible accuracies where that
 * matters.
 *
 * <p>A lambda should override {@code toString}: a floor's text is part of a run's identity, so a
 * journal written under a floor without a stable text cannot be resumed in another process.
 */
@FunctionalInterface
public interface Floor {

  /** TALE's epsilon: accuracy that may be lost, absolute. */
  double DEFAULT_EPSILON = 0.08;

  /**
   * Returns the lowest accuracy accepted, a fraction.
   *
   * @param baseline score of the unpruned model
   * @param current score of the configuration that the candidates remove one more layer from
   */
  double accuracy(Score baseline, Score current);

  /**
   * Returns the floor of TALE's released code: baseline accuracy - epsilon, fixed for the search.
   *
   * @param epsilon accuracy that may be lost, absolute, in [0, 1]
   * @throws IllegalArgumentException if epsilon is outside [0, 1]
   */
  static Floor belowBaseline(double epsilon) {
    return new BelowBaseline(requireFraction(epsilon));
  }

  /**
   * Returns the floor of the paper's Algorithm 1: accuracy of the current configuration - epsilon.
   * Small losses may add up over the rounds.
   *
   * @param epsilon accuracy that may be lost per round, absolute, in [0, 1]
   * @throws IllegalArgumentException if epsilon is outside [0, 1]
   */
  static Floor belowCurrent(double epsilon) {
    return new BelowCurrent(requireFraction(epsilon));
  }

  private static double requireFraction(double epsilon) {
    if (!(epsilon >= 0 && epsilon <= 1)) {
      throw new IllegalArgumentException(
          "epsilon is " + epsilon + "; it is an absolute loss of accuracy in [0, 1]");
    }
    return epsilon;
  }
}
