package dev.tale.task;

import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Python's {@code findall} and the choice among its matches that lm-evaluation-harness makes. */
record Matches(Pattern pattern) {
  private static final String NONE = Extraction.INVALID;

  String first(String text) {
    return pattern.matcher(text).results().findFirst().map(Matches::answer).orElse(NONE);
  }

  String last(String text) {
    List<MatchResult> all = pattern.matcher(text).results().toList();
    return all.isEmpty() ? NONE : answer(all.get(all.size() - 1));
  }

  private static String answer(MatchResult match) {
    return switch (match.groupCount()) {
      case 0 -> Extraction.trim(match.group());
      case 1 -> Extraction.trim(Objects.requireNonNullElse(match.group(1), ""));
      default -> firstGroup(match);
    };
  }

  private static String firstGroup(MatchResult match) {
    return IntStream.rangeClosed(1, match.groupCount())
        .mapToObj(group -> Objects.requireNonNullElse(match.group(group), ""))
        .filter(group -> !group.isEmpty())
        .findFirst()
        .map(Extraction::trim)
        .orElse(NONE);
  }
}
