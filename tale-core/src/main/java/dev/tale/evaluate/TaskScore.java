package dev.tale.evaluate;

import dev.tale.estimate.Interval;
import dev.tale.stats.Wilson;
import dev.tale.task.Outcome;
import java.util.List;
import java.util.Locale;

/**
 * How a model did on every row of a task, in the task's order. Accuracy is {@code correct / total}.
 *
 * @param outcomes one outcome per row, at least one
 */
public record TaskScore(List<Outcome> outcomes) implements Score {

  /**
   * Copies the outcomes.
   *
   * @throws IllegalArgumentException if there are none
   */
  public TaskScore {
    outcomes = List.copyOf(outcomes);
    if (outcomes.isEmpty()) {
      throw new IllegalArgumentException("A score needs at least 1 outcome, but got none");
    }
  }

  /** Returns this score alone. */
  @Override
  public List<TaskScore> byTask() {
    return List.of(this);
  }

  /** Returns the number of rows answered correctly. */
  @Override
  public int correct() {
    return (int) outcomes.stream().filter(Outcome::correct).count();
  }

  /**
   * Returns the number of rows without an answer because the model's output was not a number; they
   * count as wrong. A wrong answer that is the text {@code NaN} counts too.
   */
  public int notANumber() {
    return (int) outcomes.stream().filter(TaskScore::isNotANumber).count();
  }

  static boolean isNotANumber(Outcome outcome) {
    return !outcome.correct() && outcome.answer().equals("NaN");
  }

  /** Returns the number of rows. */
  @Override
  public int total() {
    return outcomes.size();
  }

  /** Returns {@code correct / total}. */
  @Override
  public double accuracy() {
    return (double) correct() / total();
  }

  /** Returns {@code sqrt(accuracy (1 - accuracy) / (total - 1))}; NaN if there is one row. */
  @Override
  public double standardError() {
    return total() == 1 ? Double.NaN : Math.sqrt(accuracy() * (1 - accuracy()) / (total() - 1));
  }

  /** Returns the 95 % Wilson interval of the accuracy. */
  @Override
  public Interval interval() {
    return Wilson.interval(correct(), total(), CONFIDENCE);
  }

  /** Returns the outcomes as text, one character per row: 1 correct, 0 wrong. */
  public String bits() {
    StringBuilder bits = new StringBuilder(total());
    outcomes.forEach(outcome -> bits.append(outcome.correct() ? '1' : '0'));
    return bits.toString();
  }

  /** Returns for example {@code 412/500 = 0.8240}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%d/%d = %.4f", correct(), total(), accuracy());
  }
}
