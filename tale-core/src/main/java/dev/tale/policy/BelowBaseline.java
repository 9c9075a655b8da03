package dev.tale.policy;

import dev.tale.evaluate.Score;

/** Fixed to the unpruned model. */
record BelowBaseline(double epsilon) implements Floor {
  @Override
  public double accuracy(Score baseline, Score current) {
    return baseline.accuracy() - epsilon;
  }

  @Override
  public String toString() {
    return "baseline - " + epsilon;
  }
}
