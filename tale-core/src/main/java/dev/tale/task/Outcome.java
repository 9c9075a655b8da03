package dev.tale.task;

import com.google.common.primitives.Doubles;
import dev.tale.model.Response;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one row of a task came to under one mask.
 *
 * @param correct whether the answer is right by the task's metric
 * @param answer the chosen choice or context, or the answer extracted from the generated text;
 *     {@code NaN} if the model's output was not a number
 * @param options scores of the options that the answer was chosen from; null where it was generated
 *     or is not a number
 */
public record Outcome(boolean correct, String answer, @Nullable Scores options)
    implements Serializable {

  /** An outcome without scores of options. */
  public Outcome(boolean correct, String answer) {
    this(correct, answer, null);
  }

  /**
   * The scores that a model gave to the options of a row, by which the answer was chosen.
   *
   * @param scores by position, as the task's metric has them; the largest wins
   * @param mass probability of all options together, each text once, after the prompt, in [0, 1];
   *     NaN where the options are no continuations of one prompt
   * @param greedy 0-based position of the first option that greedy decoding would have produced, or
   *     -1 if it is none
   * @param top the token that greedy decoding produces first
   */
  public record Scores(List<Double> scores, double mass, int greedy, Response.Top top)
      implements Serializable {

    /** No option is what greedy decoding produces. */
    public static final int NONE = -1;

    /** Copies the scores. */
    public Scores {
      scores = List.copyOf(scores);
    }

    /** Scores that are not probabilities. */
    static Scores of(double... scores) {
      return new Scores(Doubles.asList(scores), Double.NaN, NONE, Response.Top.UNKNOWN);
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
}
