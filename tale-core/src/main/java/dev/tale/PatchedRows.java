package dev.tale;

import dev.tale.evaluate.Score;
import java.util.Locale;

/**
 * How a model did on held-out rows.
 *
 * @param score its score
 * @param loss mean negative log-likelihood of the right answers, in nats a token, of several tasks
 *     weighted as they are; infinite where an output was NaN
 */
public record PatchedRows(Score score, double loss) {

  /** Returns the figures in words. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.4f (%d/%d), loss %.4f",
        score.accuracy(),
        score.correct(),
        score.total(),
        loss);
  }
}
