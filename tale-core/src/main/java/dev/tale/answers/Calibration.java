package dev.tale.answers;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import dev.tale.stats.OptionBias;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses options again after the model's preference for each was fitted and taken away: by text
 * where every row has the same options, by position otherwise. K classes have K - 1 numbers, fitted
 * by maximum likelihood with a small ridge ({@link OptionBias}).
 *
 * <p>A bias is fitted on the rows that choose layers and used on others; or <em>cross-fitted</em>,
 * where the rows are their own: each fifth of them, drawn with a fixed seed, is scored by the bias
 * of the other four.
 */
public final class Calibration {
  private static final int FOLDS = 5;

  /** A fitted bias. */
  public static final class Fitted {
    private final OptionBias bias;

    private Fitted(OptionBias bias) {
      this.bias = bias;
    }

    double adjusted(double score, int ofClass) {
      return bias.adjusted(score, ofClass);
    }
  }

  private final OptionClasses classes;
  private final int[] folds;

  private Calibration(OptionClasses classes, int[] folds) {
    this.classes = classes;
    this.folds = folds;
  }

  /** The calibration of a task's rows; empty if answers are not chosen by scores. */
  public static Optional<Calibration> of(Task task) {
    return OptionClasses.of(task).map(classes -> new Calibration(classes, folds(task.size())));
  }

  /** The same classes on other rows of the task; empty if these have other options. */
  public Optional<Calibration> on(Task other) {
    return classes.on(other).map(same -> new Calibration(same, folds(other.size())));
  }

  private static int[] folds(int rows) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
    Collections.shuffle(order, new Random(0));
    int[] folds = new int[rows];
    IntStream.range(0, rows).forEach(i -> folds[order.get(i)] = i % FOLDS);
    return folds;
  }

  /** Number of biases, at least 1. */
  public int classes() {
    return classes.names().size();
  }

  /**
   * Fits a bias to outcomes.
   *
   * @param outcomes by row; null where a row was not asked, which counts for nothing, as one whose
   *     scores are not numbers
   */
  public Fitted fit(List<@Nullable Outcome> outcomes) {
    return fit(outcomes, row -> true);
  }

  private Fitted fit(List<@Nullable Outcome> outcomes, IntPredicate wanted) {
    List<OptionBias.Row> rows = new ArrayList<>();
    for (int row = 0; row < outcomes.size(); row++) {
      Outcome outcome = outcomes.get(row);
      Outcome.Scores options = outcome == null ? null : outcome.options();
      if (wanted.test(row) && options != null && isFinite(options)) {
        rows.add(
            new OptionBias.Row(
                ImmutableDoubleArray.copyOf(options.scores()),
                ImmutableIntArray.copyOf(classes.of(row)),
                classes.options(row).gold()));
      }
    }
    return new Fitted(OptionBias.fit(rows, classes()));
  }

  private static boolean isFinite(Outcome.Scores options) {
    return options.scores().stream().allMatch(score -> Double.isFinite(score));
  }

  /** The outcomes of rows under a bias that was fitted on other rows, row by row. */
  public List<Outcome> apply(Fitted bias, List<Outcome> outcomes) {
    return IntStream.range(0, outcomes.size())
        .mapToObj(row -> apply(bias, row, outcomes.get(row)))
        .toList();
  }

  /** The outcome of one row under a bias; the same where its scores are not numbers. */
  public Outcome apply(Fitted bias, int row, Outcome outcome) {
    Outcome.Scores options = outcome.options();
    if (options == null || !isFinite(options)) {
      return outcome;
    }
    int[] ofClass = classes.of(row);
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < ofClass.length; i++) {
      double adjusted = bias.adjusted(options.scores().get(i), ofClass[i]);
      if (adjusted > highest) {
        highest = adjusted;
        best = i;
      }
    }
    return new Outcome(
        best == classes.options(row).gold(), classes.options(row).texts().get(best), options);
  }

  /** The outcomes of rows, each under the bias of other rows among them. */
  public List<Outcome> crossFitted(List<Outcome> outcomes) {
    List<Fitted> biases =
        IntStream.range(0, FOLDS)
            .mapToObj(
                fold -> fit(Collections.unmodifiableList(outcomes), row -> folds[row] != fold))
            .toList();
    return IntStream.range(0, outcomes.size())
        .mapToObj(row -> apply(biases.get(folds[row]), row, outcomes.get(row)))
        .toList();
  }

  /**
   * The outcomes of rows if the answer were always the class that is most often right in others.
   */
  public List<Outcome> majority(int commonest) {
    return IntStream.range(0, folds.length)
        .mapToObj(
            row -> new Outcome(classes.gold(row) == commonest, classes.names().get(commonest)))
        .toList();
  }

  /** The class that is right most often, the first on a tie. */
  public int commonest() {
    int[] counts = new int[classes()];
    IntStream.range(0, folds.length).forEach(row -> counts[classes.gold(row)]++);
    int best = 0;
    for (int i = 1; i < counts.length; i++) {
      best = counts[i] > counts[best] ? i : best;
    }
    return best;
  }

  /** The name of a class: its text, or its position. */
  public String name(int ofClass) {
    return classes.names().get(ofClass);
  }
}
