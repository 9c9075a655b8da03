package dev.tale.onnx.session.decode;

import dev.tale.onnx.session.walk.HeadOutput;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Draws tokens from the softmax of logits / temperature, cut to its nucleus: the fewest tokens,
 * most likely first, the lower index on ties, that have a probability of {@code topP} together (The
 * Curious Case of Neural Text Degeneration, 2020). In double precision; the same seed gives the
 * same draws. For one draft at a time.
 */
public final class Sampling implements TokenChoice {
  private final double temperature;
  private final double topP;
  private final Random random;

  /**
   * A sequence of draws.
   *
   * @param temperature greater than 0
   * @param topP in (0, 1]; 1 for all tokens
   */
  public Sampling(double temperature, double topP, long seed) {
    this.temperature = temperature;
    this.topP = topP;
    this.random = new Random(seed);
  }

  @Override
  public boolean readsLogits() {
    return true;
  }

  @Override
  public long next(HeadOutput output, int row) {
    return draw(probabilities(output.logits(row)));
  }

  private double[] probabilities(float[] logits) {
    double max = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElseThrow();
    double[] weights = new double[logits.length];
    double sum = 0;
    for (int token = 0; token < logits.length; token++) {
      weights[token] = Math.exp((logits[token] - max) / temperature);
      sum += weights[token];
    }
    for (int token = 0; token < weights.length; token++) {
      weights[token] /= sum;
    }
    return weights;
  }

  private long draw(double[] probabilities) {
    int[] likeliest =
        IntStream.range(0, probabilities.length)
            .boxed()
            .sorted(Comparator.comparingDouble(token -> -probabilities[token]))
            .mapToInt(Integer::intValue)
            .toArray();
    int nucleus = 0;
    double mass = 0;
    while (nucleus < likeliest.length && (nucleus == 0 || mass < topP)) {
      mass += probabilities[likeliest[nucleus]];
      nucleus++;
    }
    double left = random.nextDouble() * mass;
    for (int place = 0; place < nucleus - 1; place++) {
      left -= probabilities[likeliest[place]];
      if (left < 0) {
        return likeliest[place];
      }
    }
    return likeliest[nucleus - 1];
  }
}
