package dev.tale.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The rows of a task asked in another way: among a few answers, or without their questions. */
final class AskedOtherwise {
  /** As many as there are letters. */
  static final int MOST = 26;

  private static final int ROWS_FOR_EACH = 2;

  private AskedOtherwise() {}

  /** Distinct first references in alphabetical order, if they are few. */
  static List<String> validAnswers(List<Row> rows) {
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

  /** The rows with nothing but a premise before their choices; empty if a row has none. */
  static Optional<List<Row>> withoutQuestions(List<Row> rows) {
    if (!rows.stream().allMatch(row -> row.content() instanceof Choices)) {
      return Optional.empty();
    }
    String premise = premise(rows);
    return Optional.of(rows.stream().map(row -> unasked(row, premise)).toList());
  }

  /** The last line of the prompts, if they all end alike. */
  private static String premise(List<Row> rows) {
    Set<String> ends =
        rows.stream()
            .map(row -> row.content().prompt())
            .map(prompt -> prompt.substring(prompt.lastIndexOf('\n') + 1))
            .collect(Collectors.toSet());
    String end = ends.iterator().next();
    return rows.size() == 1 || ends.size() > 1 || end.isBlank() ? "\n" : end;
  }

  private static Row unasked(Row row, String premise) {
    Choices choices = (Choices) row.content();
    return new Row(row.name(), new Choices(premise, choices.choices(), choices.gold()), row.part());
  }
}
