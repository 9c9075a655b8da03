package dev.tale.task;

import dev.tale.math.PythonWhitespace;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Python's {@code findall} and the choice among its matches that lm-evaluation-harness makes. */
record Matches(Pattern pattern) {
  private static final String NONE = Extraction.INVALID;

  /** The answer of the match at a position, counted from the last one if it is negative. */
  String at(int index, String text) {
    List<MatchResult> all = pattern.matcher(text).results().toList();
    int position = index < 0 ? all.size() + index : index;
    return position < 0 || position >= all.size() ? NONE : answer(all.get(position));
  }

  private static String answer(MatchResult match) {
    return switch (match.groupCount()) {
      case 0 -> PythonWhitespace.trim(match.group());
      case 1 -> PythonWhitespace.trim(Objects.requireNonNullElse(match.group(1), ""));
      default -> firstGroup(match);
    };
  }

  private static String firstGroup(MatchResult match) {
    return IntStream.rangeClosed(1, match.groupCount())
        .mapToObj(group -> Objects.requireNonNullElse(match.group(group), ""))
        .filter(group -> !group.isEmpty())
        .findFirst()
        .map(PythonWhitespace::trim)
        .orElse(NONE);
  }
}
