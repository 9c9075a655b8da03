package dev.tale.bench.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** Normal states with labels that they tell something of, of known mutual information. */
enum SyntheticSignal {
  /** States say nothing of the label. */
  NONE("2 labels, none") {
    @Override
    double information() {
      return 0;
    }

    @Override
    void shift(double[] state, int row) {}
  },

  /** Two classes whose means are 1.5 standard deviations apart. */
  WEAK("2 labels, means 1.5 apart") {
    @Override
    double information() {
      return ofMeans(1.5);
    }

    @Override
    void shift(double[] state, int row) {
      state[0] += 1.5 * (row % 2 - 0.5);
    }
  },

  /** Two classes whose means are 3 standard deviations apart. */
  STRONG("2 labels, means 3 apart") {
    @Override
    double information() {
      return ofMeans(3);
    }

    @Override
    void shift(double[] state, int row) {
      state[0] += 3 * (row % 2 - 0.5);
    }
  },

  /** Four classes: two independent bits, each told by a component of its own. */
  FOUR("4 labels, means 2 apart twice") {
    @Override
    int labels() {
      return 4;
    }

    @Override
    double information() {
      return 2 * ofMeans(2);
    }

    @Override
    void shift(double[] state, int row) {
      state[0] += 2 * (row % 2 - 0.5);
      state[1] += 2 * (row / 2 % 2 - 0.5);
    }
  },

  /** Two classes of equal means: one is three times as wide in one component. Not linear. */
  SPREAD("2 labels, deviations 1 and 3") {
    @Override
    double information() {
      return 1 - (lost(1, 3) + lost(3, 1)) / 2;
    }

    /** Mean of log2(1 + density of the other class / density of the own) over the own class. */
    private double lost(double own, double other) {
      return normalMean(
          z -> {
            double exponent = z * z / 2 * (1 - own * own / (other * other));
            return log2(1 + own / other * Math.exp(exponent));
          });
    }

    @Override
    void shift(double[] state, int row) {
      state[0] *= row % 2 == 0 ? 1 : 3;
    }
  };

  private final String description;

  SyntheticSignal(String description) {
    this.description = description;
  }

  /** The mutual information of state and label, in bits, by quadrature. */
  abstract double information();

  /** Makes normal noise a state of a row, whose label is its number modulo {@link #labels}. */
  abstract void shift(double[] state, int row);

  int labels() {
    return 2;
  }

  List<String> labels(int rows) {
    return IntStream.range(0, rows).mapToObj(row -> "class " + row % labels()).toList();
  }

  /**
   * Draws states; what tells the label lies in two random directions that are at right angles.
   *
   * @param width at least 2
   */
  float[][] states(int rows, int width, long seed) {
    Random random = new Random(seed);
    List<double[]> directions = directions(width, random);
    float[][] states = new float[rows][];
    for (int row = 0; row < rows; row++) {
      states[row] = state(row, width, directions, random);
    }
    return states;
  }

  private float[] state(int row, int width, List<double[]> directions, Random random) {
    double[] noise = normal(width, random);
    double[] before = directions.stream().mapToDouble(d -> dot(d, noise)).toArray();
    double[] after = before.clone();
    shift(after, row);
    float[] state = new float[width];
    for (int i = 0; i < width; i++) {
      double value = noise[i];
      for (int d = 0; d < after.length; d++) {
        value += (after[d] - before[d]) * directions.get(d)[i];
      }
      state[i] = (float) value;
    }
    return state;
  }

  private static List<double[]> directions(int width, Random random) {
    List<double[]> directions = new ArrayList<>();
    while (directions.size() < 2) {
      double[] next = normal(width, random);
      for (double[] other : directions) {
        double along = dot(next, other);
        IntStream.range(0, width).forEach(i -> next[i] -= along * other[i]);
      }
      double norm = Math.sqrt(dot(next, next));
      IntStream.range(0, width).forEach(i -> next[i] /= norm);
      directions.add(next);
    }
    return directions;
  }

  private static double[] normal(int width, Random random) {
    return IntStream.range(0, width).mapToDouble(i -> random.nextGaussian()).toArray();
  }

  private static double dot(double[] one, double[] other) {
    return IntStream.range(0, one.length).mapToDouble(i -> one[i] * other[i]).sum();
  }

  /** Of two normal classes with means so many standard deviations apart. */
  private static double ofMeans(double distance) {
    // The log-odds of the own class are normal, with mean d^2 / 2 and variance d^2.
    return 1 - normalMean(z -> log2(1 + Math.exp(-(distance * distance / 2 + distance * z))));
  }

  private static double normalMean(DoubleUnaryOperator function) {
    double sum = 0;
    double weights = 0;
    for (int i = -12_000; i <= 12_000; i++) {
      double z = i / 1000.0;
      double weight = Math.exp(-z * z / 2);
      sum += weight * function.applyAsDouble(z);
      weights += weight;
    }
    return sum / weights;
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }

  @Override
  public String toString() {
    return description;
  }
}
