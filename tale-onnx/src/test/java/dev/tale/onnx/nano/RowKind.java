package dev.tale.onnx.nano;

import com.google.common.math.LongMath;
import dev.tale.onnx.nano.BooleanExpressions.Row;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * Different rows of one difficulty, and how many there are. A smaller number of rows gives the
 * first of more.
 */
enum RowKind {
  BOOLEAN("boolean", List.of("False", "True"), RowKind::expressions, BooleanExpressions::rows),
  MODULAR("modular", digits(10), modulus -> 300, distinct("modular", DigitRows::modular)),
  LOOKUP("lookup", digits(10), RowKind::lookups, distinct("lookup", DigitRows::lookup)),
  MAX("max", digits(10), RowKind::lists, distinct("max", DigitRows::max)),
  MIN("min", digits(10), RowKind::lists, distinct("min", DigitRows::min)),
  FIRST("first", digits(10), RowKind::lists, distinct("first", DigitRows::first)),
  LAST("last", digits(10), RowKind::lists, distinct("last", DigitRows::last)),
  COUNT("count", digits(4), RowKind::counts, distinct("count", DigitRows::count));

  private final String word;
  private final List<String> answers;
  private final IntToLongFunction available;
  private final Source source;

  RowKind(String word, List<String> answers, IntToLongFunction available, Source source) {
    this.word = word;
    this.answers = answers;
    this.available = available;
    this.source = source;
  }

  /** Returns the name in {@code tasks.py}. */
  String word() {
    return word;
  }

  /** Returns every text that can be an answer. */
  List<String> answers() {
    return answers;
  }

  /** Returns how many different rows of a difficulty there are; of booleans, half True. */
  long available(int difficulty) {
    return available.applyAsLong(difficulty);
  }

  /** Returns different rows. */
  List<Row> rows(int difficulty, int n, long seed) {
    return source.rows(difficulty, n, seed);
  }

  /** Makes rows. */
  @FunctionalInterface
  private interface Source {
    List<Row> rows(int difficulty, int n, long seed);
  }

  /** Draws a row, perhaps one that was drawn before. */
  @FunctionalInterface
  private interface Draw {
    Row row(int difficulty, Random random);
  }

  private static Source distinct(String word, Draw draw) {
    return (difficulty, n, seed) -> {
      Random random = new Random(new Random(seed).nextLong() + word.hashCode() + difficulty);
      Set<Row> seen = new HashSet<>();
      return IntStream.range(0, n).mapToObj(i -> unseen(seen, draw, difficulty, random)).toList();
    };
  }

  /** Ends, for nobody asks for more rows than there are. */
  private static Row unseen(Set<Row> seen, Draw draw, int difficulty, Random random) {
    Row row = draw.row(difficulty, random);
    while (!seen.add(row)) {
      row = draw.row(difficulty, random);
    }
    return row;
  }

  private static List<String> digits(int n) {
    return IntStream.range(0, n).mapToObj(String::valueOf).toList();
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

  private static long lists(int n) {
    return LongMath.pow(10, n);
  }

  private static long counts(int n) {
    return IntStream.rangeClosed(0, Math.min(n, DigitRows.MOST_OCCURRENCES))
        .mapToLong(k -> 10 * LongMath.binomial(n, k) * LongMath.pow(9, n - k))
        .sum();
  }
}
