package dev.tale.stats;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import dev.tale.math.Cholesky;
import java.util.Arrays;
import java.util.List;

/**
 * A preference for classes of options, whatever the question, and the scale of the scores that it
 * is weighed against: option i of class c scores {@code scale * score(i) + bias(c)}, and the
 * largest wins.
 *
 * @param scale at least 0; at 0 the scores say nothing, and the most preferred class always wins
 * @param bias by class; only differences count
 */
public record OptionBias(double scale, ImmutableDoubleArray bias) {
  /*
   * The right option's probability is softmax(a z + b): z are a row's scores, less their mean, over the pooled standard
   * deviation of all rows' scores; a is one number and b has one for each class. The likelihood of the right options is
   * maximized with a ridge, |b|^2 / 2 + (a - 1)^2 / 2, that is a normal prior of variance 1: it makes b sum to 0, so that K
   * classes have K - 1 numbers, and keeps rows that can be separated from infinite biases. The scale changes no answer by
   * itself; it lets scores of any unit, and likelihoods that are too sure, have a bias at all.
   *
   * Convex, so Newton's steps, halved until they help, find the one maximum.
   *
   * [1] T. Z. Zhao et al., Calibrate Before Use, ICML 2021 (arXiv 2102.09690): biases and scales of labels.
   * [2] J. C. Platt, Probabilistic outputs for support vector machines, 1999: a scale and a bias by maximum likelihood.
   */
  private static final int STEPS = 100;

  private static final double CLOSE = 1e-10;
  private static final double SHORTEST = 1e-3;

  /**
   * The options of a question.
   *
   * @param scores by position, finite
   * @param classes by position, in [0, number of classes)
   * @param gold position of the right option
   */
  public record Row(ImmutableDoubleArray scores, ImmutableIntArray classes, int gold) {}

  /** Scores as they are. */
  public static OptionBias none(int classes) {
    return new OptionBias(1, ImmutableDoubleArray.copyOf(new double[classes]));
  }

  /**
   * Fits scale and bias to the right options.
   *
   * @param rows any number; of none, or of scores without differences, the bias is that of {@link
   *     #none}
   * @param classes number of classes, at least 1
   */
  public static OptionBias fit(List<Row> rows, int classes) {
    double unit = unit(rows);
    if (rows.isEmpty() || unit == 0) {
      return none(classes);
    }
    double[] found = new Fit(rows, unit, classes).run();
    return new OptionBias(
        Math.max(0, found[0]) / unit,
        ImmutableDoubleArray.copyOf(Arrays.copyOfRange(found, 1, found.length)));
  }

  /** The score of an option of a class. */
  public double adjusted(double score, int ofClass) {
    return scale * score + bias.get(ofClass);
  }

  /** The pooled standard deviation of scores about the mean of their row. */
  private static double unit(List<Row> rows) {
    double squares = 0;
    int free = 0;
    for (Row row : rows) {
      double mean = row.scores().stream().average().orElse(0);
      squares += row.scores().stream().map(score -> (score - mean) * (score - mean)).sum();
      free += row.scores().length() - 1;
    }
    return free == 0 ? 0 : Math.sqrt(squares / free);
  }

  /** A search for the maximum; parameter 0 is the scale, 1 + c the bias of class c. */
  private static final class Fit {
    private final double[][] z; // [rows][options], scores less their mean, in units
    private final int[][] classes; // [rows][options]
    private final int[] gold; // [rows]
    private final double[] at;
    private double[] slope = {};
    private double[] curvature = {}; // [parameters, parameters]

    Fit(List<Row> rows, double unit, int classCount) {
      z = new double[rows.size()][];
      classes = new int[rows.size()][];
      gold = new int[rows.size()];
      for (int row = 0; row < gold.length; row++) {
        Row given = rows.get(row);
        double mean = given.scores().stream().average().orElse(0);
        z[row] = given.scores().stream().map(score -> (score - mean) / unit).toArray();
        classes[row] = given.classes().toArray();
        gold[row] = given.gold();
      }
      at = new double[classCount + 1];
      at[0] = 1;
    }

    double[] run() {
      for (int step = 0; step < STEPS; step++) {
        measure();
        double[] direction = Cholesky.of(curvature, at.length).solve(slope);
        if (largest(direction) < CLOSE || advance(direction) == 0) {
          break;
        }
      }
      return at;
    }

    private static double largest(double[] direction) {
      return Arrays.stream(direction).map(Math::abs).max().orElse(0);
    }

    /**
     * Goes against the slope as far as it helps; returns the part of the direction that it went.
     */
    private double advance(double[] direction) {
      double before = loss(at);
      for (double length = 1; length > SHORTEST; length /= 2) {
        double[] there = at.clone();
        for (int i = 0; i < there.length; i++) {
          there[i] -= length * direction[i];
        }
        if (loss(there) <= before) {
          System.arraycopy(there, 0, at, 0, at.length);
          return length;
        }
      }
      return 0;
    }

    private double loss(double[] point) {
      double loss = 0;
      for (int i = 0; i < point.length; i++) {
        double from = point[i] - (i == 0 ? 1 : 0);
        loss += from * from / 2;
      }
      for (int row = 0; row < gold.length; row++) {
        double[] logits = logits(row, point);
        loss += logSum(logits) - logits[gold[row]];
      }
      return loss;
    }

    private double[] logits(int row, double[] point) {
      double[] logits = new double[z[row].length];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = point[0] * z[row][i] + point[1 + classes[row][i]];
      }
      return logits;
    }

    private static double logSum(double[] logits) {
      double largest = Double.NEGATIVE_INFINITY;
      for (double logit : logits) {
        largest = Math.max(largest, logit);
      }
      double sum = 0;
      for (double logit : logits) {
        sum += Math.exp(logit - largest);
      }
      return largest + Math.log(sum);
    }

    /** Slope and curvature where the search is. */
    private void measure() {
      slope = at.clone();
      slope[0] -= 1;
      curvature = new double[at.length * at.length];
      for (int i = 0; i < at.length; i++) {
        curvature[i * at.length + i] = 1;
      }
      for (int row = 0; row < gold.length; row++) {
        add(row);
      }
    }

    private void add(int row) {
      double[] logits = logits(row, at);
      double logSum = logSum(logits);
      double[] expected = new double[at.length];
      for (int i = 0; i < logits.length; i++) {
        double p = Math.exp(logits[i] - logSum);
        double score = z[row][i];
        int c = 1 + classes[row][i];
        double excess = p - (i == gold[row] ? 1 : 0);
        slope[0] += excess * score;
        slope[c] += excess;
        curvature[0] += p * score * score;
        curvature[c] += p * score;
        curvature[c * at.length] += p * score;
        curvature[c * at.length + c] += p;
        expected[0] += p * score;
        expected[c] += p;
      }
      for (int i = 0; i < expected.length; i++) {
        for (int j = 0; j < expected.length; j++) {
          curvature[i * at.length + j] -= expected[i] * expected[j];
        }
      }
    }
  }
}
