package dev.tale.information;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * See {@link InformationEstimator#nearestNeighbours}.
 *
 * <p>Implementation note: with N rows, N_y of a row's label, d the distance to its k-th nearest row
 * of that label, and m the number of rows of any label within d, itself not counted, a row has
 *
 * <p>psi(N) - psi(N_y) + psi(k) - psi(m)
 *
 * <p>nats, psi being the digamma function [1]. Where d is 0, k is the number of rows of the label
 * at distance 0 [2], so that constant states come to 0 but for 1 / N. A row's terms depend on its
 * neighbours, so intervals that take rows for independent are somewhat too narrow.
 *
 * <p>[1] B. C. Ross, Mutual Information between Discrete and Continuous Data Sets, PLoS ONE 9,
 * 2014, after A. Kraskov, H. Stögbauer, P. Grassberger, Physical Review E 69, 2004. [2] W. Gao et
 * al., Estimating Mutual Information for Discrete-Continuous Mixtures, NIPS 2017.
 */
record NearestNeighbours(int neighbours) implements InformationEstimator {

  NearestNeighbours {
    if (neighbours < 1) {
      throw new IllegalArgumentException(
          "neighbours is " + neighbours + "; give at least 1, usually 3");
    }
  }

  @Override
  public double[] byRow(float[][] states, List<String> labelTexts) {
    Labels labels = Labels.of(states, labelTexts);
    labels.requireRows(neighbours + 1, toString());
    double[][] distances = distances(standardized(states));
    double[] digamma = digamma(states.length);
    return IntStream.range(0, states.length)
        .mapToDouble(row -> nats(row, distances[row], labels, digamma) / Math.log(2))
        .toArray();
  }

  private double nats(int row, double[] distances, Labels labels, double[] digamma) {
    int own = labels.of(row);
    double[] sameLabel =
        IntStream.range(0, distances.length)
            .filter(other -> other != row && labels.of(other) == own)
            .mapToDouble(other -> distances[other])
            .sorted()
            .toArray();
    double radius = sameLabel[neighbours - 1];
    int within = count(distances, radius) - 1;
    int k = radius == 0 ? count(sameLabel, 0) : neighbours;
    return digamma[distances.length] - digamma[labels.count(own)] + digamma[k] - digamma[within];
  }

  private static int count(double[] distances, double radius) {
    return (int) Arrays.stream(distances).filter(distance -> distance <= radius).count();
  }

  private static double[][] standardized(float[][] states) {
    Standardization standardization =
        Standardization.of(states, IntStream.range(0, states.length).toArray());
    return Arrays.stream(states).map(standardization::apply).toArray(double[][]::new);
  }

  /** Squares of distances: their order is what counts. */
  private static double[][] distances(double[][] states) {
    double[][] distances = new double[states.length][states.length];
    for (int i = 0; i < states.length; i++) {
      for (int j = 0; j < i; j++) {
        double sum = 0;
        for (int c = 0; c < states[i].length; c++) {
          double difference = states[i][c] - states[j][c];
          sum += difference * difference;
        }
        distances[i][j] = sum;
        distances[j][i] = sum;
      }
    }
    return distances;
  }

  /** Of 1 to n: -gamma + 1 + 1/2 + ... + 1 / (n - 1). */
  private static double[] digamma(int n) {
    double[] digamma = new double[n + 1];
    digamma[1] = -0.5772156649015329;
    for (int i = 1; i < n; i++) {
      digamma[i + 1] = digamma[i] + 1.0 / i;
    }
    return digamma;
  }

  @Override
  public String toString() {
    return neighbours + "-nearest-neighbour estimate (Ross, standardised, Euclidean)";
  }
}
