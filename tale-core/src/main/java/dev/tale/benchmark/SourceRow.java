package dev.tale.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Lists;
import dev.tale.data.DataRow;
import dev.tale.model.DataFormatException;
import dev.tale.text.Excerpt;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A row of a data file, its values as templates see them: texts, truth values, lists and maps. */
record SourceRow(Path file, String place, ObjectNode fields) {

  static SourceRow of(DataRow row) {
    return new SourceRow(row.file(), row.place(), row.fields());
  }

  /**
   * What the row is called in reports: {@code arc_easy_dev.jsonl:17}, or {@code arc.json:1#17} for
   * the 17th row of an array, where rows share line 1.
   */
  String name() {
    String where = place.replace(", row ", "#");
    return file.getFileName() + ":" + where.substring(where.lastIndexOf(' ') + 1);
  }

  DataFormatException refused(String problem) {
    return new DataFormatException(file, place, Excerpt.ofMessage(problem));
  }

  List<String> names() {
    return List.copyOf(Lists.newArrayList(fields.fieldNames()));
  }

  /** Every field by its name. */
  Map<String, Object> values() throws DataFormatException {
    return object("", fields);
  }

  Object value(String name, JsonNode node) throws DataFormatException {
    if (node.isObject()) {
      return object(name + ".", node);
    }
    if (node.isArray()) {
      return list(name, node);
    }
    if (node.isNull()) {
      throw refused(name + " is null, but must have a value; give it one, or leave the row out");
    }
    return node.isBoolean() ? (Object) node.booleanValue() : scalar(node);
  }

  private Map<String, Object> object(String path, JsonNode node) throws DataFormatException {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      // A field that is null is a field that is missing: only who asks for it is told.
      if (!field.getValue().isNull()) {
        values.put(field.getKey(), value(path + field.getKey(), field.getValue()));
      }
    }
    return values;
  }

  private List<Object> list(String name, JsonNode node) throws DataFormatException {
    List<Object> values = new ArrayList<>(node.size());
    for (JsonNode item : node) {
      values.add(value(name + "." + values.size(), item));
    }
    return values;
  }

  private static String scalar(JsonNode node) {
    return node.isFloatingPointNumber() ? plain(node.decimalValue()) : node.asText();
  }

  /** A number of the row as it is written without an exponent. */
  private static String plain(BigDecimal number) {
    return number.toPlainString();
  }
}
