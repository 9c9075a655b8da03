package dev.tale.task;

import com.google.common.primitives.Doubles;
import dev.tale.model.Response;
import java.io.Serializable;
import java.util.List;

/**
 * The scores that a model gave to the options of a row, by which the answer was chosen.
 *
 * @param scores by position, as the task's metric has them; the largest wins
 * @param mass probability of all options together, each text once, after the prompt, in [0, 1]; NaN
 *     where the options are no continuations of one prompt
 * @param greedy 0-based position of the first option that greedy decoding would have produced, or
 *     -1 if it is none
 * @param top the token that greedy decoding produces first
 */
public record OptionScores(List<Double> scores, double mass, int greedy, Response.Top top)
    implements Serializable {

  /** No option is what greedy decoding produces. */
  public static final int NONE = -1;

  /** Copies the scores. */
  public OptionScores {
    scores = List.copyOf(scores);
  }

  /** Scores that are not probabilities. */
  static OptionScores of(double... scores) {
    return new OptionScores(Doubles.asList(scores), Double.NaN, NONE, Response.Top.UNKNOWN);
  }

  /** Whether all options together have less probability than the most likely token alone. */
  public boolean isLessThanTop() {
    return top.isKnown() && Math.log(mass) < top.logProbability();
  }

  /** The position of the largest score, the first on a tie. */
  public int best() {
    int best = 0;
    for (int i = 1; i < scores.size(); i++) {
      best = scores.get(i) > scores.get(best) ? i : best;
    }
    return best;
  }
}
