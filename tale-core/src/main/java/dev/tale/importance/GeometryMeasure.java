package dev.tale.importance;

import java.util.Locale;

/** A property of the cloud of hidden states of a task's rows at one layer boundary. */
public enum GeometryMeasure {
  /** Mean Euclidean norm of a state. */
  NORM,
  /** Mean Euclidean distance of two states. */
  PAIRWISE_DISTANCE,
  /** Mean cosine of the angle between two states, in [-1, 1]. */
  PAIRWISE_COSINE;

  /** One value for each row, whose mean is the property. */
  double[] byRow(float[][] states) {
    return switch (this) {
      case NORM -> norms(states);
      case PAIRWISE_DISTANCE -> Pairs.pseudoValues(states, Vectors::distance);
      case PAIRWISE_COSINE -> Pairs.pseudoValues(states, Vectors::cosine);
    };
  }

  private static double[] norms(float[][] states) {
    double[] norms = new double[states.length];
    for (int row = 0; row < norms.length; row++) {
      norms[row] = Vectors.norm(states[row]);
    }
    return norms;
  }

  /** Returns the name in reports, for example {@code pairwise distance}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
