package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import dev.tale.text.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where the right answer of a row is among its choices. */
sealed interface TargetRule {
  /** The ways of saying where it is. */
  List<String> KINDS = List.of("index", "letter", "label", "boolean");

  /** The keys of a target. */
  List<String> KEYS = List.of("index", "letter", "label", "among", "boolean");

  /** The name of the field that has the answer. */
  String field();

  /** The position that an answer stands for, if it stands for one. */
  Optional<Integer> position(String answer, Map<String, Object> values, int choices)
      throws DataFormatException;

  /** Refuses a row whose own labels do not fit its choices. */
  default void check(SourceRow row, Map<String, Object> values, int choices)
      throws DataFormatException {}

  /** What an answer may be, for messages. */
  String allowed(Map<String, Object> values, int choices);

  static TargetRule of(Setting setting) throws DataFormatException {
    Section section = Section.of("target", setting, KEYS);
    List<String> kinds = KINDS.stream().filter(section::has).toList();
    if (kinds.size() != 1) {
      throw setting.refused(
          "target has " + kinds.size() + " of " + String.join(", ", KINDS) + "; give exactly one");
    }
    String kind = kinds.get(0);
    String field = section.text(kind);
    if (kind.equals("label")) {
      return label(field, section.require("among"));
    }
    section.refuse("beside " + kind, "among");
    return switch (kind) {
      case "index" -> new Index(field);
      case "letter" -> new Letter(field);
      default -> new Label(field, Labels.TRUTH);
    };
  }

  private static TargetRule label(String field, Setting among) throws DataFormatException {
    if (among instanceof Setting.Scalar scalar) {
      return new OwnLabel(field, scalar.text());
    }
    List<List<String>> labels = new ArrayList<>();
    for (Setting item : among.items("among")) {
      labels.add(spellings(item));
    }
    return new Label(field, List.copyOf(labels));
  }

  private static List<String> spellings(Setting item) throws DataFormatException {
    if (item instanceof Setting.Scalar scalar) {
      return List.of(scalar.text());
    }
    List<String> spellings = new ArrayList<>();
    for (Setting spelling : item.items("An item of among")) {
      spellings.add(spelling.text("A spelling of among"));
    }
    return List.copyOf(spellings);
  }

  /** The position of the right choice in a row, whose field is called {@code shown} there. */
  default int position(SourceRow row, Map<String, Object> values, int choices, String shown)
      throws DataFormatException {
    Object value = values.get(field());
    if (value == null) {
      throw row.refused(shown + " is missing, which target uses; add it, or map it in fields");
    }
    check(row, values, choices);
    String answer = value.toString();
    Optional<Integer> position = position(answer, values, choices);
    if (position.isEmpty()) {
      throw row.refused(
          shown
              + " is \""
              + Excerpt.of(answer)
              + "\", but must be one of "
              + allowed(values, choices)
              + (answer.isEmpty() || answer.equals("-1")
                  ? "; rows without a label cannot be scored: take a file that has them"
                  : "; mend the row, or leave it out"));
    }
    if (position.get() >= choices) {
      throw row.refused(
          shown
              + " is \""
              + Excerpt.of(answer)
              + "\", but the row has "
              + choices
              + " choices; mend the row");
    }
    return position.get();
  }

  /** A 0-based position. */
  record Index(String field) implements TargetRule {
    @Override
    public Optional<Integer> position(String answer, Map<String, Object> values, int choices) {
      for (int i = 0; i < choices; i++) {
        if (answer.equals(Integer.toString(i))) {
          return Optional.of(i);
        }
      }
      return Optional.empty();
    }

    @Override
    public String allowed(Map<String, Object> values, int choices) {
      return "0 to " + (choices - 1);
    }
  }

  /** A for the first choice, B for the second. */
  record Letter(String field) implements TargetRule {
    @Override
    public Optional<Integer> position(String answer, Map<String, Object> values, int choices) {
      int letter = answer.length() == 1 ? answer.charAt(0) - 'A' : -1;
      return letter >= 0 && letter < choices ? Optional.of(letter) : Optional.empty();
    }

    @Override
    public String allowed(Map<String, Object> values, int choices) {
      return "A to " + (char) ('A' + choices - 1);
    }
  }

  /** One of the labels that the description gives, each in one or more spellings. */
  record Label(String field, List<List<String>> labels) implements TargetRule {
    @Override
    public Optional<Integer> position(String answer, Map<String, Object> values, int choices) {
      for (int i = 0; i < labels.size(); i++) {
        if (labels.get(i).contains(answer)) {
          return Optional.of(i);
        }
      }
      return Optional.empty();
    }

    @Override
    public String allowed(Map<String, Object> values, int choices) {
      return labels.toString();
    }
  }

  /** One of the labels that the row itself gives to its choices. */
  record OwnLabel(String field, String labels) implements TargetRule {
    @Override
    public Optional<Integer> position(String answer, Map<String, Object> values, int choices) {
      int position = texts(values).indexOf(answer);
      return position < 0 ? Optional.empty() : Optional.of(position);
    }

    @Override
    public String allowed(Map<String, Object> values, int choices) {
      return labels + " " + Excerpt.of(texts(values));
    }

    @Override
    public void check(SourceRow row, Map<String, Object> values, int choices)
        throws DataFormatException {
      List<String> texts = texts(values);
      if (texts.size() != choices || Set.copyOf(texts).size() != choices) {
        throw row.refused(
            labels
                + " is "
                + Excerpt.of(texts)
                + ", but must be "
                + choices
                + " different labels, one for each choice; mend the row");
      }
    }

    private List<String> texts(Map<String, Object> values) {
      return values.get(labels) instanceof List<?> list
          ? list.stream().map(String::valueOf).toList()
          : List.of();
    }
  }

  /** Spellings of false and true, in this order. */
  final class Labels {
    static final List<List<String>> TRUTH =
        List.of(List.of("false", "False", "0"), List.of("true", "True", "1"));

    private Labels() {}
  }
}
