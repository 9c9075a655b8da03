package dev.tale.task;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Choices without their questions. */
final class SurfaceForms {
  private SurfaceForms() {}

  /** The rows with nothing but a premise before their choices; empty if a row has none. */
  static Optional<List<Row>> of(List<Row> rows) {
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
