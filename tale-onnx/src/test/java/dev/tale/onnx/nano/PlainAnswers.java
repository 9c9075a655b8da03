package dev.tale.onnx.nano;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers the questions of {@code tasks.py} by reading them; refuses other forms. */
final class PlainAnswers {
  private static final Pattern MODULAR = Pattern.compile("(\\d) ([-+*]) (\\d) mod (\\d|10) is");
  private static final Pattern LOOKUP =
      Pattern.compile("([a-e] = \\d(?: , [a-e] = \\d)*) ; ([a-e]) is");
  private static final Pattern LIST = Pattern.compile("(max|min|first|last) of (\\d(?: \\d)*) is");
  private static final Pattern COUNT = Pattern.compile("count of (\\d) in (\\d(?: \\d)*) is");

  private PlainAnswers() {}

  /** Returns the right answer. */
  static String answer(String input) {
    Matcher matcher = LIST.matcher(input);
    if (matcher.matches()) {
      return String.valueOf(ofList(matcher.group(1), digits(matcher.group(2))));
    }
    matcher = COUNT.matcher(input);
    if (matcher.matches()) {
      int wanted = Integer.parseInt(matcher.group(1));
      long count = digits(matcher.group(2)).stream().filter(digit -> digit == wanted).count();
      return String.valueOf(count);
    }
    matcher = MODULAR.matcher(input);
    if (matcher.matches()) {
      return String.valueOf(modular(matcher));
    }
    matcher = LOOKUP.matcher(input);
    if (matcher.matches()) {
      return lookup(matcher.group(1), matcher.group(2));
    }
    return BooleanExpressionsTest.value(input);
  }

  private static int ofList(String operation, List<Integer> digits) {
    return switch (operation) {
      case "max" -> digits.stream().max(Integer::compare).orElseThrow();
      case "min" -> digits.stream().min(Integer::compare).orElseThrow();
      case "first" -> digits.get(0);
      default -> digits.get(digits.size() - 1);
    };
  }

  private static int modular(Matcher question) {
    int a = Integer.parseInt(question.group(1));
    int b = Integer.parseInt(question.group(3));
    int modulus = Integer.parseInt(question.group(4));
    int value =
        switch (question.group(2)) {
          case "+" -> a + b;
          case "-" -> a - b;
          default -> a * b;
        };
    while (value < 0) {
      value += modulus;
    }
    return value % modulus;
  }

  private static String lookup(String known, String key) {
    List<String> pairs = List.of(known.split(" , ", -1));
    if (pairs.stream().map(pair -> pair.substring(0, 1)).distinct().count() < pairs.size()
        || pairs.stream().map(pair -> pair.substring(4)).distinct().count() < pairs.size()) {
      throw new AssertionError("A key or a value occurs twice in " + known);
    }
    return pairs.stream()
        .filter(pair -> pair.startsWith(key))
        .map(pair -> pair.substring(4))
        .findFirst()
        .orElseThrow();
  }

  /** Returns the depth, modulus, number of pairs or number of digits of a question. */
  static int difficulty(String input) {
    if (LOOKUP.matcher(input).matches()) {
      return input.split("=", -1).length - 1;
    }
    Matcher modular = MODULAR.matcher(input);
    if (modular.matches()) {
      return Integer.parseInt(modular.group(4));
    }
    Matcher list = LIST.matcher(input);
    Matcher count = COUNT.matcher(input);
    if (list.matches() || count.matches()) {
      return digits(list.matches() ? list.group(2) : count.group(2)).size();
    }
    return depth(input.replaceFirst(" is$", ""));
  }

  /** Takes an innermost bracket, or what needs none, for a literal of its depth. */
  private static int depth(String expression) {
    String rest = expression.replaceAll("True|False", "0");
    while (!rest.matches("\\d+")) {
      rest = reduced(rest);
    }
    return Integer.parseInt(rest);
  }

  private static String reduced(String rest) {
    String simpler = rest.replaceAll("\\( (\\d+) \\)", "$1");
    simpler =
        Pattern.compile("not (\\d+)").matcher(simpler).replaceAll(not -> deeper(not.group(1)));
    return simpler.equals(rest)
        ? Pattern.compile("(\\d+) (?:and|or) (\\d+)")
            .matcher(rest)
            .replaceAll(pair -> deeper(pair.group(1), pair.group(2)))
        : simpler;
  }

  private static String deeper(String... depths) {
    return String.valueOf(1 + Arrays.stream(depths).mapToInt(Integer::parseInt).max().orElse(0));
  }

  private static List<Integer> digits(String words) {
    return Arrays.stream(words.split(" ", -1)).map(Integer::valueOf).toList();
  }
}
