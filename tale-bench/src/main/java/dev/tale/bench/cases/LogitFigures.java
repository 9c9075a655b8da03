package dev.tale.bench.cases;

import com.google.common.primitives.ImmutableLongArray;

/** Figures from logits and hidden states, in double precision. */
final class LogitFigures {
  private LogitFigures() {}

  /** Returns the log-likelihood of the tokens from {@code from} on, given those before each. */
  static double logLikelihood(float[][] logits, ImmutableLongArray tokens, int from) {
    double sum = 0;
    for (int at = from; at < tokens.length(); at++) {
      sum += logProbability(logits[at - 1], (int) tokens.get(at));
    }
    return sum;
  }

  private static double logProbability(float[] logits, int token) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double total = 0;
    for (float logit : logits) {
      total += Math.exp(logit - largest);
    }
    return logits[token] - largest - Math.log(total);
  }

  /** Returns the cosine of the angle between the means of two texts' hidden states. */
  static double cosine(float[][] first, float[][] second) {
    double[] one = mean(first);
    double[] other = mean(second);
    return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
  }

  private static double[] mean(float[][] states) {
    double[] mean = new double[states[0].length];
    for (float[] state : states) {
      for (int column = 0; column < mean.length; column++) {
        mean[column] += state[column] / states.length;
      }
    }
    return mean;
  }

  private static double dot(double[] one, double[] other) {
    double sum = 0;
    for (int column = 0; column < one.length; column++) {
      sum += one[column] * other[column];
    }
    return sum;
  }

  /** Returns the largest absolute difference between two matrices; infinite if sizes differ. */
  static double difference(float[][] found, float[][] expected) {
    if (found.length != expected.length) {
      return Double.POSITIVE_INFINITY;
    }
    double largest = 0;
    for (int row = 0; row < found.length; row++) {
      if (found[row].length != expected[row].length) {
        return Double.POSITIVE_INFINITY;
      }
      for (int column = 0; column < found[row].length; column++) {
        largest = Math.max(largest, Math.abs(found[row][column] - expected[row][column]));
      }
    }
    return largest;
  }
}
