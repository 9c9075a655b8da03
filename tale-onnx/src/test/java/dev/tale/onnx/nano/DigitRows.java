package dev.tale.onnx.nano;

import dev.tale.onnx.nano.BooleanExpressions.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Draws rows about digits, in the words of {@code tasks.py}: modular arithmetic, looking up a key,
 * and operations on lists. Draws are not those of Python; {@link Random}, whose algorithm is
 * specified, makes them the same everywhere.
 */
final class DigitRows {
  static final int MOST_PAIRS = 5;
  static final int MOST_OCCURRENCES = 3;

  private static final List<String> KEYS = List.of("a", "b", "c", "d", "e");
  private static final String OPERATORS = "+-*";

  private DigitRows() {}

  /** Draws one operation on two digits, reduced to a remainder that is not negative. */
  static Row modular(int modulus, Random random) {
    int a = random.nextInt(10);
    int b = random.nextInt(10);
    char operator = OPERATORS.charAt(random.nextInt(OPERATORS.length()));
    int value =
        switch (operator) {
          case '+' -> a + b;
          case '-' -> a - b;
          default -> a * b;
        };
    return row(
        a + " " + operator + " " + b + " mod " + modulus + " is", Math.floorMod(value, modulus));
  }

  /** Draws so many keys and their values, all different, and asks for one. */
  static Row lookup(int pairs, Random random) {
    List<String> keys = sample(KEYS, pairs, random);
    List<Integer> values = sample(IntStream.range(0, 10).boxed().toList(), pairs, random);
    int wanted = random.nextInt(pairs);
    String known =
        IntStream.range(0, pairs)
            .mapToObj(i -> keys.get(i) + " = " + values.get(i))
            .collect(Collectors.joining(" , "));
    return row(known + " ; " + keys.get(wanted) + " is", values.get(wanted));
  }

  /** Draws a list of so many digits and asks for the largest. */
  static Row max(int n, Random random) {
    List<Integer> digits = digits(n, random);
    return row("max of " + words(digits) + " is", Collections.max(digits));
  }

  /** Draws a list of so many digits and asks for the smallest. */
  static Row min(int n, Random random) {
    List<Integer> digits = digits(n, random);
    return row("min of " + words(digits) + " is", Collections.min(digits));
  }

  /** Draws a list of so many digits and asks for the first. */
  static Row first(int n, Random random) {
    List<Integer> digits = digits(n, random);
    return row("first of " + words(digits) + " is", digits.get(0));
  }

  /** Draws a list of so many digits and asks for the last. */
  static Row last(int n, Random random) {
    List<Integer> digits = digits(n, random);
    return row("last of " + words(digits) + " is", digits.get(n - 1));
  }

  /**
   * Draws a list of so many digits and asks how often one occurs; the count is drawn first, so that
   * 0 to {@value #MOST_OCCURRENCES} are equally frequent.
   */
  static Row count(int n, Random random) {
    int wanted = random.nextInt(10);
    int occurrences = random.nextInt(MOST_OCCURRENCES + 1);
    List<Integer> digits = new ArrayList<>(Collections.nCopies(occurrences, wanted));
    while (digits.size() < n) {
      digits.add((wanted + 1 + random.nextInt(9)) % 10);
    }
    return row(
        "count of " + wanted + " in " + words(sample(digits, n, random)) + " is", occurrences);
  }

  private static Row row(String input, int target) {
    return new Row(input, String.valueOf(target));
  }

  private static List<Integer> digits(int n, Random random) {
    return IntStream.range(0, n).mapToObj(i -> random.nextInt(10)).toList();
  }

  private static String words(List<Integer> digits) {
    return digits.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  /** Draws without putting back, in random order. */
  private static <T> List<T> sample(List<T> from, int n, Random random) {
    List<T> left = new ArrayList<>(from);
    List<T> drawn = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      drawn.add(left.remove(random.nextInt(left.size())));
    }
    return drawn;
  }
}
