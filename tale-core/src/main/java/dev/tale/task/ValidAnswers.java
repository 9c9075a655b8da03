package dev.tale.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;

/** The few answers of a task whose answers are generated. */
final class ValidAnswers {
  /** As many as there are letters. */
  static final int MOST = 26;

  private static final int ROWS_FOR_EACH = 2;

  private ValidAnswers() {}

  /** Distinct first references in alphabetical order, if they are few. */
  static List<String> of(List<Row> rows) {
    if (!rows.stream().allMatch(row -> row.content() instanceof References)) {
      return List.of();
    }
    List<String> answers =
        rows.stream().map(row -> row.content().target()).distinct().sorted().toList();
    boolean few =
        answers.size() > 1
            && answers.size() <= MOST
            && ROWS_FOR_EACH * answers.size() <= rows.size();
    return few ? answers : List.of();
  }

  /** The rows choosing among answers; empty if one chooses already or has none of them. */
  static Optional<List<Row>> choices(
      List<Row> rows, List<String> valid, BiPredicate<String, String> agrees) {
    List<Row> choices = new ArrayList<>();
    for (Row row : rows) {
      OptionalInt gold =
          row.content() instanceof References references
              ? gold(references.references(), valid, agrees)
              : OptionalInt.empty();
      if (gold.isEmpty() || valid.size() < 2) {
        return Optional.empty();
      }
      RowContent asked = new Choices(row.content().prompt(), valid, gold.getAsInt());
      choices.add(new Row(row.name(), asked, row.part()));
    }
    return Optional.of(List.copyOf(choices));
  }

  private static OptionalInt gold(
      List<String> references, List<String> valid, BiPredicate<String, String> agrees) {
    return IntStream.range(0, valid.size())
        .filter(i -> references.stream().anyMatch(each -> agrees.test(valid.get(i), each)))
        .findFirst();
  }
}
