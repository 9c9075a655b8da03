package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The fields that rows of one origin have, and what templates call them.
 *
 * @param columns names of the columns of a CSV file without a header; empty if there is a header
 * @param fields rules by the name that templates use; empty if the row's own names are used
 * @param target where the right answer is, if this origin has its own way
 */
record Schema(
    String name,
    List<String> columns,
    Map<String, FieldRule> fields,
    Optional<FieldPath> id,
    Optional<TargetRule> target) {
  private static final List<String> KEYS = List.of("name", "columns", "fields", "id", "target");

  static Schema of(Setting setting, Map<String, UnaryOperator<String>> functions)
      throws DataFormatException {
    Section section = Section.of("A schema", setting, KEYS);
    return of(section.text("name"), section, functions);
  }

  static Schema of(String name, Section section, Map<String, UnaryOperator<String>> functions)
      throws DataFormatException {
    Optional<Setting> target = section.find("target");
    return new Schema(
        name,
        section.texts("columns"),
        fields(section, functions),
        section.has("id") ? Optional.of(FieldPath.of(section.text("id"))) : Optional.empty(),
        target.isPresent() && target.get() instanceof Setting.Keys
            ? Optional.of(TargetRule.of(target.get()))
            : Optional.empty());
  }

  private static Map<String, FieldRule> fields(
      Section section, Map<String, UnaryOperator<String>> functions) throws DataFormatException {
    Map<String, FieldRule> rules = new LinkedHashMap<>();
    if (section.has("fields")) {
      Setting.Keys keys = section.require("fields").keys("fields");
      for (Map.Entry<String, Setting> field : keys.keys().entrySet()) {
        rules.put(field.getKey(), FieldRule.of(field.getKey(), field.getValue(), functions));
      }
    }
    return rules;
  }

  /** The first thing that a row lacks to be of this schema. */
  Optional<String> lacks(SourceRow row) {
    return needs().stream()
        .filter(path -> FieldPath.of(path).find(row.fields()).isEmpty())
        .findFirst();
  }

  /** What a row itself calls a field, for messages: its path, if it comes from one. */
  String source(String field) {
    return fields.get(field) instanceof FieldRule.At at ? at.path().text() : field;
  }

  /** The fields that a row must have to be of this schema. */
  Set<String> needs() {
    Set<String> needs = new LinkedHashSet<>();
    fields.values().forEach(rule -> needs.addAll(rule.needs()));
    id.ifPresent(path -> needs.add(path.text()));
    return needs;
  }

  Map<String, Object> values(SourceRow row) throws DataFormatException {
    if (fields.isEmpty()) {
      return row.values();
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, FieldRule> field : fields.entrySet()) {
      values.put(field.getKey(), field.getValue().value(row));
    }
    return values;
  }
}
