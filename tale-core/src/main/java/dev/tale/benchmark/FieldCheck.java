package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What a field must look like for a row to make sense. */
record FieldCheck(String field, Pattern pattern) {

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
    if (value == null || !pattern.matcher(value.toString()).matches()) {
      throw row.refused(
          schema.source(field)
              + (value == null ? " is missing" : " is \"" + value + "\"")
              + ", but must match "
              + pattern
              + "; mend the row, or leave it out");
    }
  }
}
