package dev.tale.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What stands for a choice where it is scored, generated or shown in a shot. */
enum AnswerForm {
  TEXT,
  LETTER,
  NUMBER;

  static List<String> names() {
    return List.of("text", "letter", "number");
  }

  static AnswerForm of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  List<String> of(List<String> texts) {
    return switch (this) {
      case TEXT -> texts;
      case LETTER -> IntStream.range(0, texts.size()).mapToObj(ChoiceRule::letter).toList();
      case NUMBER -> IntStream.rangeClosed(1, texts.size()).mapToObj(Integer::toString).toList();
    };
  }
}
