package dev.tale.evaluate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.apache.commons.numbers.fraction.BigFraction;

/** Accuracies as rational numbers, so that sums do not depend on their order and equals tie. */
final class ExactAccuracy {
  private ExactAccuracy() {}

  static BigFraction of(Score score) {
    return score instanceof WeightedScore weighted
        ? mean(weighted)
        : BigFraction.of(score.correct(), score.total());
  }

  /** Returns the accuracy of so many correct rows of each task. */
  static BigFraction of(WeightedTasks tasks, int[] correct) {
    List<BigFraction> shares = tasks.weights().shares();
    BigFraction mean = BigFraction.ZERO;
    for (int task = 0; task < correct.length; task++) {
      BigFraction accuracy = BigFraction.of(correct[task], tasks.tasks().get(task).size());
      mean = mean.add(shares.get(task).multiply(accuracy));
    }
    return mean;
  }

  private static BigFraction mean(WeightedScore score) {
    List<BigFraction> shares = score.weights().shares();
    BigFraction mean = BigFraction.ZERO;
    for (int task = 0; task < shares.size(); task++) {
      mean = mean.add(shares.get(task).multiply(of(score.byTask().get(task))));
    }
    return mean;
  }

  /** Returns the decimal number that a double prints as. */
  static BigFraction decimal(double value) {
    BigDecimal decimal = BigDecimal.valueOf(value);
    BigFraction unscaled = BigFraction.of(decimal.unscaledValue());
    BigFraction power = BigFraction.of(BigInteger.TEN).pow(Math.abs(decimal.scale()));
    return decimal.scale() >= 0 ? unscaled.divide(power) : unscaled.multiply(power);
  }
}
