package dev.tale.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.common.base.Splitter;
import java.util.List;
import java.util.Optional;

/**
 * Where a value is in a row: names separated by dots. In a list, the next name is that of a field
 * of every item: {@code question.choices.text} is a list of texts.
 */
record FieldPath(String text, List<String> names) {

  static FieldPath of(String text) {
    return new FieldPath(text, Splitter.on('.').splitToList(text));
  }

  Optional<JsonNode> find(JsonNode row) {
    // A field may itself have a dot in its name.
    JsonNode whole = row.get(text);
    return whole != null ? Optional.of(whole) : follow(row, names);
  }

  private static Optional<JsonNode> follow(JsonNode node, List<String> rest) {
    if (node.isNull()) {
      return Optional.empty();
    }
    if (rest.isEmpty()) {
      return Optional.of(node);
    }
    return node.isArray() ? each(node, rest) : step(node, rest);
  }

  private static Optional<JsonNode> step(JsonNode node, List<String> rest) {
    JsonNode next = node.get(rest.get(0));
    return next == null ? Optional.empty() : follow(next, rest.subList(1, rest.size()));
  }

  private static Optional<JsonNode> each(JsonNode list, List<String> rest) {
    ArrayNode values = JsonNodeFactory.instance.arrayNode(list.size());
    for (JsonNode item : list) {
      Optional<JsonNode> value = step(item, rest);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    return Optional.of(values);
  }
}
