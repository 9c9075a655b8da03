package dev.tale.onnx.nano;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.math.LongMath;
import dev.tale.onnx.nano.BooleanExpressions.Row;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Different rows of one difficulty, and how many there are. A smaller number of rows gives the
 * first of more.
 */
enum RowKind {
  BOOLEAN("boolean", ImmutableList.of("False", "True")),
  MODULAR("modular", digits(10)),
  LOOKUP("lookup", digits(10)),
  MAX("max", digits(10)),
  MIN("min", digits(10)),
  FIRST("first", digits(10)),
  LAST("last", digits(10)),
  COUNT("count", digits(DigitRows.MOST_OCCURRENCES + 1));

  private final String word;
  private final ImmutableList<String> answers;

  RowKind(String word, ImmutableList<String> answers) {
    this.word = word;
    this.answers = answers;
  }

  /** Returns the name in {@code tasks.py}. */
  String word() {
    return word;
  }

  /** Returns every text that can be an answer. */
  List<String> answers() {
    return answers;
  }

  /** Returns how many different rows of a difficulty there are; of booleans, half are True. */
  long available(int difficulty) {
    return switch (this) {
      case BOOLEAN -> expressions(difficulty);
      case MODULAR -> 3 * 10 * 10;
      case LOOKUP -> lookups(difficulty);
      case MAX, MIN, FIRST, LAST -> LongMath.pow(10, difficulty);
      case COUNT -> counts(difficulty);
    };
  }

  /** Returns different rows, not more than there are. */
  List<Row> rows(int difficulty, int n, long seed) {
    return switch (this) {
      case BOOLEAN -> BooleanExpressions.rows(difficulty, n, seed);
      case MODULAR -> distinct(difficulty, n, seed, DigitRows::modular);
      case LOOKUP -> distinct(difficulty, n, seed, DigitRows::lookup);
      case MAX -> distinct(difficulty, n, seed, DigitRows::max);
      case MIN -> distinct(difficulty, n, seed, DigitRows::min);
      case FIRST -> distinct(difficulty, n, seed, DigitRows::first);
      case LAST -> distinct(difficulty, n, seed, DigitRows::last);
      case COUNT -> distinct(difficulty, n, seed, DigitRows::count);
    };
  }

  /** Draws a row, perhaps one that was drawn before. */
  @FunctionalInterface
  private interface Draw {
    Row row(int difficulty, Random random);
  }

  private List<Row> distinct(int difficulty, int n, long seed, Draw draw) {
    Random random = new Random(new Random(seed).nextLong() + word.hashCode() + difficulty);
    Set<Row> seen = new HashSet<>();
    return IntStream.range(0, n).mapToObj(i -> unseen(seen, draw, difficulty, random)).toList();
  }

  /** Ends, for nobody asks for more rows than there are. */
  private static Row unseen(Set<Row> seen, Draw draw, int difficulty, Random random) {
    Row row = draw.row(difficulty, random);
    while (!seen.add(row)) {
      row = draw.row(difficulty, random);
    }
    return row;
  }

  private static ImmutableList<String> digits(int n) {
    return IntStream.range(0, n).mapToObj(String::valueOf).collect(toImmutableList());
  }

  /** A tree is a not over a tree one less deep, or and, or over two of which one is. */
  private static long expressions(int depth) {
    long exactly = 2;
    long atMost = 2;
    long lessDeep = 0;
    for (int d = 1; d <= depth; d++) {
      long pairs = squared(atMost) - squared(lessDeep);
      lessDeep = atMost;
      exactly = LongMath.saturatedAdd(exactly, LongMath.saturatedMultiply(2, pairs));
      atMost = LongMath.saturatedAdd(atMost, exactly);
    }
    return exactly;
  }

  private static long squared(long n) {
    return LongMath.saturatedMultiply(n, n);
  }

  private static long lookups(int pairs) {
    return arrangements(DigitRows.MOST_PAIRS, pairs) * arrangements(10, pairs) * pairs;
  }

  private static long arrangements(int of, int n) {
    return LongMath.factorial(of) / LongMath.factorial(of - n);
  }

  private static long counts(int n) {
    return IntStream.rangeClosed(0, Math.min(n, DigitRows.MOST_OCCURRENCES))
        .mapToLong(k -> 10 * LongMath.binomial(n, k) * LongMath.pow(9, n - k))
        .sum();
  }
}
