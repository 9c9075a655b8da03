package dev.tale.evaluate;

import static java.util.stream.Collectors.joining;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * Positive weights of which only the ratios count: (2, 1), (0.2, 0.1) and (200, 100) are equal.
 *
 * <p>A weight counts as the decimal number that it prints as, so that (0.1, 0.3) is 1:3 exactly,
 * though neither is a double exactly.
 */
public final class Weights {
  /** Without a common divisor. */
  private final List<BigInteger> ratio;

  private Weights(List<BigInteger> ratio) {
    this.ratio = ratio;
  }

  /**
   * Returns weights.
   *
   * @param weights finite and positive, at least one
   * @throws IllegalArgumentException if there are none, or one is not positive or not finite
   */
  public static Weights of(double... weights) {
    if (weights.length == 0) {
      throw new IllegalArgumentException("There are no weights; give at least 1");
    }
    return of(Arrays.stream(weights).mapToObj(Weights::decimal).toList());
  }

  private static Weights of(List<BigDecimal> decimals) {
    int scale = decimals.stream().mapToInt(BigDecimal::scale).max().orElseThrow();
    List<BigInteger> whole =
        decimals.stream().map(decimal -> decimal.setScale(scale).unscaledValue()).toList();
    BigInteger divisor = whole.stream().reduce(BigInteger.ZERO, BigInteger::gcd);
    return new Weights(whole.stream().map(weight -> weight.divide(divisor)).toList());
  }

  private static BigDecimal decimal(double weight) {
    if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "A weight is " + weight + "; give a positive number, or leave the task out");
    }
    return BigDecimal.valueOf(weight);
  }

  /** Returns the number of weights, at least 1. */
  public int size() {
    return ratio.size();
  }

  /**
   * Returns a weight divided by the sum of all, in (0, 1].
   *
   * @throws IndexOutOfBoundsException if {@code position} is outside [0, size)
   */
  public double share(int position) {
    return shares().get(position).doubleValue();
  }

  List<BigFraction> shares() {
    BigInteger sum = ratio.stream().reduce(BigInteger.ZERO, BigInteger::add);
    return ratio.stream().map(weight -> BigFraction.of(weight, sum)).toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Weights that && ratio.equals(that.ratio);
  }

  @Override
  public int hashCode() {
    return ratio.hashCode();
  }

  /** Returns the ratio in its smallest whole numbers, for example {@code 2:1}. */
  @Override
  public String toString() {
    return ratio.stream().map(BigInteger::toString).collect(joining(":"));
  }
}
