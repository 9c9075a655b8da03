package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import dev.tale.text.Excerpt;
import dev.tale.text.ExpressionException;
import dev.tale.text.Regex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a field must look like for a row to make sense. */
record FieldCheck(String field, Regex pattern) {

  static List<FieldCheck> all(Section section) throws DataFormatException {
    List<FieldCheck> checks = new ArrayList<>();
    if (section.has("check")) {
      for (Map.Entry<String, Setting> check :
          section.require("check").keys("check").keys().entrySet()) {
        checks.add(new FieldCheck(check.getKey(), TextFunction.pattern(check.getValue(), "check")));
      }
    }
    return List.copyOf(checks);
  }

  void check(SourceRow row, Map<String, Object> values, Schema schema) throws DataFormatException {
    Object value = values.get(field);
    if (value == null || !matches(row, value.toString())) {
      throw row.refused(
          schema.source(field)
              + (value == null ? " is missing" : " is \"" + Excerpt.of(value) + "\"")
              + ", but must match "
              + Excerpt.of(pattern)
              + "; mend the row, or leave it out");
    }
  }

  private boolean matches(SourceRow row, String value) throws DataFormatException {
    try {
      return pattern.matches(value);
    } catch (ExpressionException e) {
      throw row.refused("check of " + field + ": " + e.getMessage());
    }
  }
}
