package dev.tale.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.common.base.Splitter;
import java.util.List;
import java.util.Optional;

/**
 * Where a value is in a row: names separated by dots. In a list, the next name is that of a field
 * of every item, {@code question.choices.text} being a list of texts, or a position from 0.
 */
record FieldPath(String text, List<String> names) {

  static FieldPath of(String text) {
    return new FieldPath(text, Splitter.on('.').splitToList(text));
  }

  Optional<JsonNode> find(JsonNode row) {
    // A field may itself have a dot in its name.
    JsonNode whole = row.get(text);
    return whole != null && !whole.isNull() ? Optional.of(whole) : follow(row, names);
  }

  private static Optional<JsonNode> follow(JsonNode node, List<String> rest) {
    if (node.isNull()) {
      return Optional.empty();
    }
    if (rest.isEmpty()) {
      return Optional.of(node);
    }
    boolean position = rest.get(0).matches("[0-9]{1,6}");
    return node.isArray() && !position ? each(node, rest) : step(node, rest);
  }

  private static Optional<JsonNode> step(JsonNode node, List<String> rest) {
    String name = rest.get(0);
    JsonNode next = node.isArray() ? node.get(Integer.parseInt(name)) : node.get(name);
    return next == null ? Optional.empty() : follow(next, rest.subList(1, rest.size()));
  }

  private static Optional<JsonNode> each(JsonNode list, List<String> rest) {
    ArrayNode values = JsonNodeFactory.instance.arrayNode(list.size());
    for (JsonNode item : list) {
      Optional<JsonNode> value = follow(item, rest);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    return Optional.of(values);
  }
}
