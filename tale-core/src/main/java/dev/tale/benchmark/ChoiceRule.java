package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import dev.tale.text.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The choices of a row.
 *
 * @param given a template for each choice; empty if a field has the list
 * @param list the field that has the list; empty if the choices are given
 * @param count how many choices a row must have; 0 for any number
 */
record ChoiceRule(List<TextTemplate> given, String list, int count) {
  private static final List<String> KEYS = List.of("list", "count");
  private static final int MOST = 26;

  static ChoiceRule of(String key, Setting setting) throws DataFormatException {
    if (setting instanceof Setting.Items items) {
      List<TextTemplate> given = new ArrayList<>();
      for (Setting item : items.items()) {
        given.add(TextTemplate.of("an item of " + key, item));
      }
      return new ChoiceRule(List.copyOf(given), "", 0);
    }
    if (setting instanceof Setting.Scalar scalar) {
      return new ChoiceRule(List.of(), scalar.text(), 0);
    }
    Section section = Section.of(key, setting, KEYS);
    return new ChoiceRule(
        List.of(), section.text("list"), (int) section.number("count", 0, 2, MOST));
  }

  List<String> texts(SourceRow row, Map<String, Object> values) throws DataFormatException {
    List<String> texts = list.isEmpty() ? given(row, values) : listed(row, values.get(list));
    checkCount(row, texts);
    return texts;
  }

  private List<String> given(SourceRow row, Map<String, Object> values) throws DataFormatException {
    List<String> texts = new ArrayList<>(given.size());
    for (TextTemplate template : given) {
      texts.add(template.render(row, values));
    }
    return texts;
  }

  private List<String> listed(SourceRow row, @Nullable Object listed) throws DataFormatException {
    if (!(listed instanceof List<?> items)) {
      throw row.refused(
          list + " is " + Excerpt.of(listed) + ", but must be the list of choices; mend the row");
    }
    List<String> texts = new ArrayList<>(items.size());
    for (Object item : items) {
      if (!(item instanceof String || item instanceof Boolean)) {
        throw row.refused(
            "choice " + Excerpt.of(item) + " of " + list + " is not a text; mend the row");
      }
      texts.add(item.toString());
    }
    return texts;
  }

  private void checkCount(SourceRow row, List<String> texts) throws DataFormatException {
    int least = count == 0 ? 2 : count;
    int most = count == 0 ? MOST : count;
    if (texts.size() < least || texts.size() > most) {
      throw row.refused(
          "the row has "
              + texts.size()
              + " choices "
              + Excerpt.of(texts)
              + ", but must have "
              + (least == most ? least : least + " to " + most)
              + "; mend the row, or leave it out");
    }
  }

  /** What templates see of the choices: their letters, numbers and texts. */
  static List<Map<String, Object>> options(List<String> texts) {
    List<Map<String, Object>> options = new ArrayList<>(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      options.add(
          Map.of("letter", letter(i), "number", Integer.toString(i + 1), "text", texts.get(i)));
    }
    return options;
  }

  static String letter(int position) {
    return Character.toString((char) ('A' + position));
  }
}
