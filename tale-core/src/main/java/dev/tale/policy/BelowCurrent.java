package dev.tale.policy;

import dev.tale.evaluate.Score;

/** Follows the current configuration. */
record BelowCurrent(double epsilon) implements Floor {
  @Override
  public double accuracy(Score baseline, Score current) {
    return current.accuracy() - epsilon;
  }

  @Override
  public String toString() {
    return "current - " + epsilon;
  }
}
