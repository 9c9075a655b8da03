package dev.tale.answers;

import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Options of several rows that are the same answer: those with the same text, where every row has
 * the same texts to choose from, or else those at the same position.
 */
final class OptionClasses {
  private final List<Task.RowOptions> rows;
  private final List<String> names;
  private final boolean byText;

  private OptionClasses(List<Task.RowOptions> rows, List<String> names, boolean byText) {
    this.rows = rows;
    this.names = names;
    this.byText = byText;
  }

  /** The classes of a task's options; empty if its answers are generated. */
  static Optional<OptionClasses> of(Task task) {
    List<Task.RowOptions> rows = new ArrayList<>();
    for (int row = 0; row < task.size(); row++) {
      Optional<Task.RowOptions> options = task.options(row);
      if (options.isEmpty()) {
        return Optional.empty();
      }
      rows.add(options.get());
    }
    return Optional.of(of(rows));
  }

  private static OptionClasses of(List<Task.RowOptions> rows) {
    List<String> first = rows.get(0).texts().stream().distinct().sorted().toList();
    Set<Set<String>> sets =
        rows.stream().map(row -> Set.copyOf(row.texts())).collect(Collectors.toSet());
    if (rows.size() > 1 && sets.size() == 1) {
      return new OptionClasses(rows, first, /* byText= */ true);
    }
    int most = rows.stream().mapToInt(row -> row.texts().size()).max().orElse(0);
    List<String> positions = IntStream.range(0, most).mapToObj(i -> "option " + i).toList();
    return new OptionClasses(rows, positions, /* byText= */ false);
  }

  /** The same classes of other rows; empty if these have others to choose from. */
  Optional<OptionClasses> on(Task other) {
    return of(other)
        .map(own -> new OptionClasses(own.rows, names, byText))
        .filter(OptionClasses::isKnown);
  }

  private boolean isKnown() {
    return byText
        ? rows.stream().allMatch(row -> names.containsAll(row.texts()))
        : rows.stream().allMatch(row -> row.texts().size() <= names.size());
  }

  /** Names of the classes: texts, or positions such as {@code option 2}. */
  List<String> names() {
    return names;
  }

  /** The class of every option of a row, by position. */
  int[] of(int row) {
    List<String> texts = rows.get(row).texts();
    return IntStream.range(0, texts.size())
        .map(position -> byText ? names.indexOf(texts.get(position)) : position)
        .toArray();
  }

  Task.RowOptions options(int row) {
    return rows.get(row);
  }

  /** The class of the right option. */
  int gold(int row) {
    return of(row)[rows.get(row).gold()];
  }
}
