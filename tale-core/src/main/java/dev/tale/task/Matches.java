package dev.tale.task;

import dev.tale.math.PythonWhitespace;
import dev.tale.text.Regex;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Python's {@code findall} and the choice among its matches that lm-evaluation-harness makes. */
record Matches(Regex regex) {
  private static final String NONE = Extraction.INVALID;

  /** The answer of the match at a position, counted from the last one if it is negative. */
  String at(int index, String text) {
    List<List<@Nullable String>> all = regex.all(text);
    int position = index < 0 ? all.size() + index : index;
    return position < 0 || position >= all.size() ? NONE : answer(all.get(position));
  }

  private static String answer(List<@Nullable String> match) {
    return match.size() > 2
        ? firstGroup(match.subList(1, match.size()))
        : PythonWhitespace.trim(Objects.requireNonNullElse(match.get(match.size() - 1), ""));
  }

  private static String firstGroup(List<@Nullable String> groups) {
    for (String group : groups) {
      if (group != null && !group.isEmpty()) {
        return PythonWhitespace.trim(group);
      }
    }
    return NONE;
  }
}
