package dev.tale.onnx.nano;

import com.google.common.collect.ImmutableList;
import com.google.common.math.IntMath;
import com.google.common.math.LongMath;
import com.google.common.primitives.Ints;
import dev.tale.onnx.nano.BooleanExpressions.Row;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.task.TaskSplit;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The tasks that nano-llama is trained on, in distribution and beyond it, each a choice among its
 * few possible answers, scored by acc. Prompts are those of {@code tasks.py}, rows within a set are
 * different, and the same arguments give the same rows everywhere.
 *
 * <p>A set takes its rows from the difficulties in turn, so that each has its share:
 *
 * <ul>
 *   <li>boolean: depth of the expression. Trained are 0 to 3; of shallower ones than 3 there are
 *       too few for sets without repetition.
 *   <li>modular: the modulus. Trained are 2 and 10.
 *   <li>lookup: number of pairs. Trained are 2 to 4, evaluated in training 3 and 4; more than 5
 *       would need keys that the model has never seen.
 *   <li>max, min, first, last, count: number of digits. Trained are 3 to 6.
 * </ul>
 */
public enum NanoTask {
  /** Expressions as deep as the deepest in training. */
  BOOLEAN(RowKind.BOOLEAN, 3),
  /** Expressions that nest deeper than in training. */
  BOOLEAN_DEEPER(RowKind.BOOLEAN, "deeper", 4, 5, 6),
  /** Arithmetic with the moduli of training: all 600 rows that there are. */
  MODULAR(RowKind.MODULAR, 2, 10),
  /** Arithmetic with moduli that did not occur in training: 2100 rows. */
  MODULAR_OTHER(RowKind.MODULAR, "other moduli", 3, 4, 5, 6, 7, 8, 9),
  /** Values of keys. */
  LOOKUP(RowKind.LOOKUP, 3, 4),
  /** Values of keys among more pairs than in training. */
  LOOKUP_LONGER(RowKind.LOOKUP, "longer", 5),
  /** Largest digit of a list: 4000 rows. */
  MAX(RowKind.MAX, 3, 4, 5, 6),
  /** Largest digit of a longer list than in training. */
  MAX_LONGER(RowKind.MAX, "longer", 7, 8, 9),
  /** Smallest digit of a list: 4000 rows. */
  MIN(RowKind.MIN, 3, 4, 5, 6),
  /** Smallest digit of a longer list than in training. */
  MIN_LONGER(RowKind.MIN, "longer", 7, 8, 9),
  /** First digit of a list: 4000 rows. */
  FIRST(RowKind.FIRST, 3, 4, 5, 6),
  /** First digit of a longer list than in training. */
  FIRST_LONGER(RowKind.FIRST, "longer", 7, 8, 9),
  /** Last digit of a list: 4000 rows. */
  LAST(RowKind.LAST, 3, 4, 5, 6),
  /** Last digit of a longer list than in training. */
  LAST_LONGER(RowKind.LAST, "longer", 7, 8, 9),
  /**
   * How often, 0 to 3 times, a digit occurs in a list: 40 000 rows. Only ten of them have three
   * digits that are all the one asked for.
   */
  COUNT(RowKind.COUNT, 3, 4, 5, 6),
  /** How often, 0 to 3 times, a digit occurs in a longer list than in training. */
  COUNT_LONGER(RowKind.COUNT, "longer", 7, 8, 9);

  private final RowKind kind;
  private final String beyond;
  private final ImmutableList<Integer> difficulties;

  NanoTask(RowKind kind, int... difficulties) {
    this(kind, "", difficulties);
  }

  NanoTask(RowKind kind, String beyond, int... difficulties) {
    this.kind = kind;
    this.beyond = beyond;
    this.difficulties = ImmutableList.copyOf(Ints.asList(difficulties));
  }

  /** Returns whether rows are like those of training. */
  public boolean inDistribution() {
    return beyond.isEmpty();
  }

  /** Returns what rows of a set have in turn: depth, modulus, pairs or digits. */
  public List<Integer> difficulties() {
    return difficulties;
  }

  /** Returns the name that the task has in {@code tasks.py} and in the training log. */
  public String trainedAs() {
    return kind.word();
  }

  /** Returns every answer that a row can have, in the order of the choices. */
  public List<String> answers() {
    return kind.answers();
  }

  /**
   * Returns how many rows the largest set has: as many of every difficulty as there are different
   * ones of the rarest. Of boolean expressions nobody draws them all: the last are too rarely met.
   */
  public long available() {
    return available(difficulties);
  }

  /**
   * Returns different rows, difficulties in turn.
   *
   * @param n number of rows, 0 to {@link #available}; a smaller number gives the first of them
   * @param seed another seed gives other rows, some of them the same
   * @throws IllegalArgumentException if there are not that many rows
   */
  public List<Row> rows(int n, long seed) {
    return rows(difficulties, n, seed);
  }

  /**
   * Returns different rows of one difficulty.
   *
   * @param difficulty one of {@link #difficulties}
   * @throws IllegalArgumentException if it is none, or there are not that many rows
   */
  public List<Row> rows(int difficulty, int n, long seed) {
    if (!difficulties.contains(difficulty)) {
      throw new IllegalArgumentException(
          "Difficulty is " + difficulty + ", but task " + this + " has " + difficulties);
    }
    return rows(List.of(difficulty), n, seed);
  }

  private List<Row> rows(List<Integer> inTurn, int n, long seed) {
    long most = available(inTurn);
    if (n < 0 || n > most) {
      throw new IllegalArgumentException(
          "n is "
              + n
              + ", but a set of task "
              + this
              + ", difficulties "
              + inTurn
              + " in turn, has 0 to "
              + most
              + " different rows; ask for so many");
    }
    int each = IntMath.divide(n, inTurn.size(), RoundingMode.CEILING);
    List<List<Row>> rows = new ArrayList<>();
    inTurn.forEach(difficulty -> rows.add(kind.rows(difficulty, each, seed)));
    return IntStream.range(0, n)
        .mapToObj(i -> rows.get(i % inTurn.size()).get(i / inTurn.size()))
        .toList();
  }

  private long available(List<Integer> inTurn) {
    long rarest = inTurn.stream().mapToLong(kind::available).min().orElseThrow();
    return LongMath.saturatedMultiply(rarest, inTurn.size());
  }

  /**
   * Returns rows as a task.
   *
   * @param n number of rows, 1 to {@link #available}; a smaller number gives the first of them
   * @param seed another seed gives other rows, some of them the same
   * @throws IllegalArgumentException if there are not that many rows, or none are wanted
   */
  public Task task(int n, long seed) {
    return task(this + ", seed " + seed, rows(n, seed));
  }

  /**
   * Returns rows of one difficulty as a task.
   *
   * @param difficulty one of {@link #difficulties}
   * @throws IllegalArgumentException if it is none, or there are not that many rows, or none are
   *     wanted
   */
  public Task task(int difficulty, int n, long seed) {
    return task(this + ", difficulty " + difficulty + ", seed " + seed, rows(difficulty, n, seed));
  }

  /**
   * Returns two sets without a common row: those of {@link #task} of as many rows as both, cut in
   * two.
   *
   * @param selection number of rows to choose layers by, at least 1
   * @param heldOut number of rows to report on, at least 1
   * @throws IllegalArgumentException if there are not that many rows, or none are wanted
   */
  public TaskSplit split(int selection, int heldOut, long seed) {
    Task both = task(Math.addExact(selection, heldOut), seed);
    return new TaskSplit(both.slice(0, selection), both.slice(selection, both.size()));
  }

  private Task task(String name, List<Row> rows) {
    return Task.multipleChoice(name, rows, this::example);
  }

  private Example example(Row row) {
    List<String> answers = answers();
    return Example.multipleChoice(
        "Q: " + row.input() + "\nA:", answers, answers.indexOf(row.target()));
  }

  /** Returns a name for people, such as {@code max, longer}. */
  @Override
  public String toString() {
    return inDistribution() ? kind.word() : kind.word() + ", " + beyond;
  }
}
