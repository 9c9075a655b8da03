package dev.tale.answers;

import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A share of the unpruned model's answers that a candidate has to keep: of the rows with an answer
 * that counts, and of the mean probability of all options together.
 *
 * @param share in [0, 1]
 */
public record AnswerFloor(double share) {

  /**
   * Checks the share.
   *
   * @throws IllegalArgumentException if it is outside [0, 1]
   */
  public AnswerFloor {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "The share of answers to keep is " + share + "; give a number in [0, 1], such as 0.95");
    }
  }

  /** The reason why outcomes are under the floor, if they are. */
  public Optional<String> broken(Task task, List<Outcome> baseline, List<Outcome> outcomes) {
    AnswersGiven before = AnswersGiven.of(task, baseline);
    AnswersGiven after = AnswersGiven.of(task, outcomes);
    if (after.counted() < share * before.counted()) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "has answers that count on %d of %d rows, the unpruned model on %d; at least %s of"
                  + " them have to stay",
              after.counted(),
              after.rows(),
              before.counted(),
              share));
    }
    double mass = after.mass().orElse(Double.NaN);
    if (before.mass().isPresent() && !(mass >= share * before.mass().getAsDouble())) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "gives all options together a probability of %.4g, the unpruned model %.4g; at least"
                  + " %s of it has to stay",
              mass,
              before.mass().getAsDouble(),
              share));
    }
    return Optional.empty();
  }

  /** The floor in words. */
  @Override
  public String toString() {
    return "keeping " + share + " of answers";
  }
}
